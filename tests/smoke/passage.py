"""Does a delivery of each provider go through to the queue, once?

Consumers get it as `usher.unrecognized`, which they ignore. A ping would not do: it reaches neither ledger nor queue.
"""

import hashlib
import json
import os
import secrets
import subprocess
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from deployment import Deployment, Unusable
from rows import Row, compared, skipped
from stores import secret_document

ROOT = Path(__file__).resolve().parents[2]
KIND = "usher.smoke"
ANSWERED = "See the function's log for the outcome and its cause (RUNBOOK.md, Where to look)."
WAITED = 20


@dataclass(frozen=True)
class Sent:
    """A delivery that was made up, and the key under which the ledger has it."""

    provider: str
    id: str
    body: bytes

    @property
    def ledger_key(self) -> str:
        digest = urlsafe_b64encode(hashlib.sha256(self.body).digest()[:16]).decode().rstrip("=")
        key = {"Luma": f"{self.id}.{digest}", "Lunacal": digest, "Allfly": self.id}[self.provider]
        return f"{self.provider.lower()}#{key}"


def check(deployment: Deployment) -> Iterator[Row]:
    _build()
    queue = deployment.client("sqs")
    # Messages of others are never received: each receipt would bring them nearer to the dead-letter queue.
    was_empty = _messages(deployment) == 0
    sent = [_made_up(provider) for provider in deployment.providers]
    try:
        for delivery in sent:
            yield from _checked(deployment, delivery)
        if was_empty:
            yield _received(deployment, queue, sent)
        else:
            expected = f"{len(sent)} of usher.unrecognized"
            yield skipped("queue: the events on it", expected, "there are others on it; your code gets these, too")
    finally:
        for delivery in sent:
            _forget(deployment, delivery)


def _made_up(provider: str) -> Sent:
    mark = secrets.token_hex(8)
    if provider == "Lunacal":
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        body: dict[str, Any] = {"triggerEvent": KIND, "createdAt": now, "payload": {"mark": mark}}
    else:
        body = {"type": KIND, "data": {"mark": mark}}
    return Sent(provider, f"evt_smoke_{mark}", json.dumps(body).encode())


def _checked(deployment: Deployment, sent: Sent) -> Iterator[Row]:
    provider = sent.provider
    yield compared(f"{provider}: a signed delivery", "200", _post(deployment, sent), ANSWERED)
    stored = _item(deployment, sent)
    # The item lacks "sent" as long as SQS has not accepted the event.
    state = "nothing" if not stored else "sent" if "sent" in stored else "pending"
    yield compared(f"{provider}: its item in the ledger", "sent", state, "usher pending shows why it was not sent.")
    yield compared(f"{provider}: the same again", "200", _post(deployment, sent), ANSWERED)
    again = _item(deployment, sent)
    found = "one item, unchanged" if stored and again == stored else "another event"
    yield compared(f"{provider}: the same again, in the ledger", "one item, unchanged", found, ANSWERED)


def _post(deployment: Deployment, sent: Sent) -> str:
    """Signs and posts a delivery as the provider does, and returns the status."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "body.json"
        path.write_bytes(sent.body)
        command = [_tool(), "send", path, "--provider", sent.provider.lower(), "--id", sent.id]
        command += ["--to", deployment.url(sent.provider)]
        variables = dict(os.environ) | {"USHER_SECRET": secret_document(deployment, sent.provider)}
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    return done.stdout.partition(" ")[0].strip() or done.stderr.strip()


def _item(deployment: Deployment, sent: Sent) -> dict[str, Any] | None:
    answer = deployment.client("dynamodb").get_item(
        TableName=deployment.outputs["TableName"], Key={"pk": {"S": sent.ledger_key}}, ConsistentRead=True
    )
    item: dict[str, Any] | None = answer.get("Item")
    return item


def _forget(deployment: Deployment, sent: Sent) -> None:
    deployment.client("dynamodb").delete_item(
        TableName=deployment.outputs["TableName"], Key={"pk": {"S": sent.ledger_key}}
    )


def _messages(deployment: Deployment) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]
    answer = deployment.client("sqs").get_queue_attributes(QueueUrl=deployment.outputs["QueueUrl"], AttributeNames=names)
    return sum(int(answer["Attributes"].get(name, "0")) for name in names)


def _received(deployment: Deployment, queue: Any, sent: list[Sent]) -> Row:
    """Takes this program's own events off the queue again, and gives back any other."""
    url, found = deployment.outputs["QueueUrl"], set()
    expected = {delivery.ledger_key.replace("#", ":") for delivery in sent}
    for _ in range(WAITED):
        answer = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get("Messages", []):
            event = json.loads(message["Body"])
            if event["id"] in expected:
                found.add((event["id"], event["type"]))
                queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            else:
                queue.change_message_visibility(
                    QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
                )
        nothing_is_left = not answer.get("Messages") and _messages(deployment) == 0
        if len(found) == len(expected) or nothing_is_left:
            break
    check, text = "queue: the events on it", f"{len(expected)} of usher.unrecognized"
    if not found:
        # The items in the ledger prove that SQS has accepted them.
        return skipped(check, text, "your code has taken them already")
    wanted = {(name, "usher.unrecognized") for name in expected}
    return compared(check, text, text if found == wanted else f"{sorted(found)}", ANSWERED)


def _tool() -> Path:
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "events"


def _build() -> None:
    try:
        done = subprocess.run(["cargo", "build", "--quiet", "--package", "events"], cwd=ROOT, check=False)
    except FileNotFoundError as error:
        raise Unusable("there is no cargo, which compiles the signing tool: install Rust (https://rustup.rs)") from error
    if done.returncode != 0:
        raise Unusable("the signing tool does not compile: see above")
