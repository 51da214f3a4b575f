"""Makes the consumers' types, the AsyncAPI document and its page again after the event's schema has changed."""

import documents
import event_types
import tools
from terminal import main


def run() -> None:
    tools.set_up()
    event_types.renew()
    documents.renew()


if __name__ == "__main__":
    main(run)
