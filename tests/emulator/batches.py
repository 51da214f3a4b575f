"""The one permission that the emulator checks and AWS doesn't."""

import json

from ministack import Emulator
from stack import client

ROLE = "RelayFunctionRole"


def allow_batches(emulator: Emulator, stack_name: str) -> None:
    """Lets the relay send in batches.

    AWS checks sqs:SendMessage for SendMessageBatch (Amazon SQS API permissions), which the template allows. The emulator
    checks an action of the batch's own name. So the deployed template stays as AWS needs it.
    """
    stack = client(emulator, "cloudformation")
    found = stack.describe_stack_resource(StackName=stack_name, LogicalResourceId=ROLE)
    statement = {"Effect": "Allow", "Action": "sqs:SendMessageBatch", "Resource": "*"}
    client(emulator, "iam").put_role_policy(
        RoleName=found["StackResourceDetail"]["PhysicalResourceId"],
        PolicyName="EmulatorBatches",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
