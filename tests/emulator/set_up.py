"""Sets up, in the checkout, all that the other programs here need. They run with the Python this makes."""

import prerequisites
import venvs
from terminal import main


def run() -> None:
    prerequisites.check()
    venvs.set_up()


if __name__ == "__main__":
    main(run)
