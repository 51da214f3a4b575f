"""Makes the example consumers' types again after the event's schema has changed."""

import event_types
import tools
from terminal import main


def run() -> None:
    tools.set_up()
    event_types.renew()


if __name__ == "__main__":
    main(run)
