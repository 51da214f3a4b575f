"""Does a deployment that only changes a parameter reach what the URLs and the schedule call, the alias `live`?"""

import sam
from deliveries import Sender, build_tool
from ministack import Emulator
from stack import Stack
from terminal import fail, say

RECEIVERS = ("Luma", "Lunacal", "Allfly", "Calcom", "Standard")
FUNCTIONS = (*RECEIVERS, "Relay")
# In turn: the parameter, its new value, the variable it becomes, and the functions that read it.
CHANGES = (
    ("RetentionDays", "36", "RETENTION_DAYS", FUNCTIONS),
    ("MaxBodyBytes", "200000", "MAX_BODY_BYTES", RECEIVERS),
    ("AcknowledgedDrift", "payload.newField", "ACKNOWLEDGED_DRIFT", RECEIVERS),
    ("LumaToleranceSeconds", "601", "TOLERANCE_SECONDS", ("Luma",)),
    ("LumaAcceptStandardWebhooks", "true", "ACCEPT_STANDARD_WEBHOOKS", ("Luma",)),
    ("LunacalAllowUnsigned", "true", "ALLOW_UNSIGNED", ("Lunacal",)),
    # Back again: this is how a function that was opened is closed.
    ("LunacalAllowUnsigned", "false", "ALLOW_UNSIGNED", ("Lunacal",)),
)


def check_parameters(emulator: Emulator, stack_name: str) -> None:
    """Changes each parameter of a deployed stack, the type of its queue last, and sends a delivery through after it."""
    for parameter, value, variable, functions in CHANGES:
        sam.deploy(emulator, stack_name, f"{parameter}={value}")
        for function in functions:
            found = _live(emulator, stack_name, function).get(variable)
            if found != value:
                fail(f"{parameter}={value} did not reach {function}'s alias, which has {variable}={found}")
    before = Stack(emulator, stack_name).queue
    sam.deploy(emulator, stack_name, "QueueType=fifo")
    stack = Stack(emulator, stack_name)
    if stack.queue == before or not stack.queue.endswith(".fifo"):
        fail(f"QueueType=fifo made no FIFO queue: {stack.queue}")
    for function in FUNCTIONS:
        if _live(emulator, stack_name, function)["QUEUE_URL"] != stack.queue:
            fail(f"{function}'s alias still has the old queue")
    build_tool()
    stack.empty()
    delivery = Sender(stack).post("luma/event.created")
    if delivery.status != 200 or len(stack.events(1)) != 1:
        fail(f"after the change to a FIFO queue a delivery is answered {delivery.status}, and not on the queue")
    say(f"{len(CHANGES) + 1} parameters reached what is called, and a delivery went through")


def _live(emulator: Emulator, stack_name: str, function: str) -> dict[str, str]:
    """Returns the variables of the version that the alias points to."""
    return Stack(emulator, stack_name).live_variables(f"{function}Function")
