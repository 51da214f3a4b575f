"""`make stop`: ends what `make local` started."""

from ministack import local_emulator
from terminal import main, say


def run() -> None:
    say("Stopped" if local_emulator().stop() else "Nothing was running")


if __name__ == "__main__":
    main(run)
