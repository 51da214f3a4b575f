"""Do the ledger, the queues, the secrets and the logs keep what they are given, as long as they should?"""

import json
from collections.abc import Iterator

import botocore.exceptions

from deployment import Deployment
from rows import Row, compared

DEPLOY = "Somebody changed it outside the stack: undo that, or deploy the template to a new stack."


def check(deployment: Deployment) -> Iterator[Row]:
    yield from _ledger(deployment)
    yield from _queues(deployment)
    for provider in deployment.providers:
        yield _secret(deployment, provider)
    yield from _logs(deployment)


def _ledger(deployment: Deployment) -> Iterator[Row]:
    table = deployment.outputs["TableName"]
    ledger = deployment.client("dynamodb")
    ttl = ledger.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    # For up to an hour after the first deployment, expiry is about to be on.
    found = (ttl["TimeToLiveStatus"].replace("ENABLING", "ENABLED"), ttl.get("AttributeName"))
    yield compared("ledger: deliveries expire", ("ENABLED", "expires_at"), found, DEPLOY)
    backups = ledger.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    yield compared("ledger: point-in-time recovery", "ENABLED", recovery, DEPLOY)
    described = ledger.describe_table(TableName=table)["Table"]
    key = described.get("SSEDescription", {}).get("SSEType", "DynamoDB's own")
    yield compared("ledger: encryption key, without a charge", "DynamoDB's own", key, DEPLOY)


def _queues(deployment: Deployment) -> Iterator[Row]:
    queue = _attributes(deployment, "QueueUrl")
    dead_letters = _attributes(deployment, "DeadLetterQueueUrl")
    redrive = json.loads(queue.get("RedrivePolicy", "{}"))
    yield compared(
        "queue: dead letters",
        ("5 receipts", dead_letters["QueueArn"].rpartition(":")[2]),
        (f"{redrive.get('maxReceiveCount', 'no')} receipts", redrive.get("deadLetterTargetArn", "").rpartition(":")[2]),
        DEPLOY,
    )
    visibility = deployment.parameters["VisibilityTimeoutSeconds"]
    yield compared("queue: visibility timeout", visibility, queue["VisibilityTimeout"], DEPLOY)
    yield compared("queue: largest message", "1048576", queue["MaximumMessageSize"], DEPLOY)
    for name, attributes, seconds in (("queue", queue, "604800"), ("dead letters", dead_letters, "1209600")):
        yield compared(f"{name}: seconds that a message is kept", seconds, attributes["MessageRetentionPeriod"], DEPLOY)
    if deployment.parameters["QueueType"] == "fifo":
        found = (queue.get("DeduplicationScope"), queue.get("FifoThroughputLimit"))
        yield compared("queue: high throughput", ("messageGroup", "perMessageGroupId"), found, DEPLOY)


def _attributes(deployment: Deployment, output: str) -> dict[str, str]:
    answer = deployment.client("sqs").get_queue_attributes(
        QueueUrl=deployment.outputs[output], AttributeNames=["All"]
    )
    attributes: dict[str, str] = answer["Attributes"]
    return attributes


def _secret(deployment: Deployment, provider: str) -> Row:
    expected, remedy = "a secret", f"Store it: usher rotate {provider.lower()} stage."
    check = f"{provider}'s secret document"
    try:
        text = secret_document(deployment, provider)
    except botocore.exceptions.ClientError as error:
        return compared(check, expected, error.response["Error"]["Code"], remedy)
    try:
        document = json.loads(text)
        found = expected if document.get("signing") or document.get("url") else "no secret in it"
    except (ValueError, AttributeError):
        found = "no JSON document"
    return compared(check, expected, found, remedy)


def secret_document(deployment: Deployment, provider: str) -> str:
    """Reads a provider's secret document. Its text must reach neither the terminal nor a command line."""
    secrets = deployment.client("secretsmanager")
    text: str = secrets.get_secret_value(SecretId=deployment.outputs[f"{provider}SecretId"])["SecretString"]
    return text


def _logs(deployment: Deployment) -> Iterator[Row]:
    logs = deployment.client("logs")
    for name in deployment.functions:
        group = f"/aws/lambda/{deployment.name}-{name.lower()}"
        groups = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
        days = next((found.get("retentionInDays") for found in groups if found["logGroupName"] == group), "no such log")
        yield compared(f"{name}'s log, days kept", deployment.parameters["LogRetentionDays"], str(days), DEPLOY)
