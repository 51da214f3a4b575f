"""`make local`: the whole of Usher on this machine, and a delivery of every kind through it."""

from typing import Any

import deliveries
import sam
from deliveries import Delivery, Sender
from environment import KEY, REGION
from ministack import Emulator, local_emulator
from places import ROOT, SECRETS
from stack import Stack
from terminal import fail, main, say, show_table

STACK_NAME = "usher"
REPEATED = "luma/guest.registered"


def run() -> None:
    emulator = local_emulator()
    started = emulator.ensure_started()
    say(f"The AWS emulator {'listens' if started else 'runs already'} on {emulator.endpoint}")
    deliveries.build_tool()
    sam.build("dev")
    sam.deploy(emulator, STACK_NAME)
    stack = Stack(emulator, STACK_NAME)
    stack.put_secrets()
    stack.empty()
    sent = _send(Sender(stack))
    events = stack.events(sum(delivery.becomes_an_event for delivery in sent))
    _show(sent, events)
    _show_what_runs(emulator, stack)
    _check(sent, events)


def _send(sender: Sender) -> list[Delivery]:
    delivery_id = ["--id", "evt-sent-twice"]
    sent = [sender.post(sample, delivery_id if sample == REPEATED else []) for sample in deliveries.samples()]
    again = sender.post(REPEATED, delivery_id, note="the same again")
    forged = sender.post(REPEATED, ["--forge"], note="forged", expected=401)
    return [*sent, again, forged]


def _show(sent: list[Delivery], events: list[dict[str, Any]]) -> None:
    say("\nSent, signed as each provider does, and what Usher answered:\n")
    answers = [(delivery.sample, delivery.note, str(delivery.status), delivery.body) for delivery in sent]
    show_table(("SAMPLE", "", "STATUS", "BODY"), answers)
    say(f"\nOn the queue are {len(events)} events:\n")
    names = ("type", "subject", "time", "id")
    rows = [tuple(str(event.get(name) or "") for name in names) for event in events]
    show_table([name.upper() for name in names], sorted(rows))


def _show_what_runs(emulator: Emulator, stack: Stack) -> None:
    say("\nUsher is running. Stop it with: make stop\n")
    places = {
        "AWS": f'{emulator.endpoint} (for any AWS client: AWS_ENDPOINT_URL; access key and secret are "test")',
        "queue": stack.queue,
        "ledger": stack.table,
        **stack.urls,
        "secrets": f"{SECRETS.relative_to(ROOT)}/",
        "log": emulator.log.relative_to(ROOT),
    }
    for name, place in places.items():
        say(f"  {name:<8} {place}")
    say("\nSend more:\n")
    say(f'  export USHER_SECRET="$(cat {SECRETS.relative_to(ROOT)}/luma.json)"')
    say(f"  cargo run -q -p events -- send {REPEATED} --to {stack.urls['luma']}")
    say("\nLook at it with the operator's tool (which takes minutes to compile):\n")
    say(f"  export AWS_ENDPOINT_URL={emulator.endpoint} AWS_REGION={REGION} \\")
    say(f"    AWS_ACCESS_KEY_ID={KEY} AWS_SECRET_ACCESS_KEY={KEY}")
    say("  cargo run -q -p usher -- tail --once --since 1h")
    say("  cargo run -q -p usher -- doctor --provider luma")
    say("\nSee it in a browser, replay events, and send samples with a click:\n")
    say("  cargo run -q -p usher -- console --allow-changes")
    say("\nThat prints the link: http://127.0.0.1:4680/#token=…")


def _check(sent: list[Delivery], events: list[dict[str, Any]]) -> None:
    wrong = [delivery.sample for delivery in sent if delivery.status != delivery.expected]
    if wrong:
        fail(f"not answered as it should be: {', '.join(wrong)}")
    if len(events) != sum(delivery.becomes_an_event for delivery in sent):
        fail("not every delivery became exactly one event")


if __name__ == "__main__":
    main(run)
