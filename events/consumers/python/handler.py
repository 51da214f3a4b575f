"""The handling of one event: the only file to change.

Whatever this raises sends the event back to the queue. It comes again after the visibility timeout, and goes to the
dead-letter queue after five times. An event may come again after it was handled in part, so repeating that part must do
no harm.
"""

from usher_event import Event, Gathering, Person, Registration


def handle(event: Event) -> None:
    """Handles one event. No copy of it is handled at the same time, or later."""
    match event["type"]:
        case "usher.registration.created":
            print(registration(event))
        case "usher.unrecognized":
            # Genuine, but of a type or form that Usher does not know: its bytes are in `raw` or `raw_base64`.
            print(f"unrecognized, from {event['provider']}: kept for somebody to look at")
        case other:
            # Left alone. Types may be added at any time.
            print(f"{other}: of no interest here")


def registration(event: Event) -> str:
    """Returns a sentence about a registration."""
    data = event["data"]
    # A type checker knows what `[...]` may hold; of `.get(...)` it would take any name.
    person: Person = data["person"] if "person" in data else {}
    gathering: Gathering = data["event"] if "event" in data else {}
    registration: Registration = data["registration"] if "registration" in data else {}
    who = person["name"] if "name" in person else "somebody"
    what = gathering["title"] if "title" in gathering else "something"
    how = ""
    if "status" in registration:
        match registration["status"]:
            case "pending_approval":
                how = " and waits for approval"
            case {"other": word}:
                # A word that Usher does not know, as the provider spelt it.
                how = f" ({word})"
    return f"{who} registered for {what}{how}"
