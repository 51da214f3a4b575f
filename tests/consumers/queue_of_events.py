"""The queue of a deployed stack, with the events of Usher and those that a test sends again."""

import json
import time
from typing import Any

from ministack import Emulator
from stack import client
from terminal import fail

ATTEMPTS = 20
COUNTS = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]


class Queue:
    def __init__(self, emulator: Emulator, usher: str) -> None:
        found = client(emulator, "cloudformation").describe_stacks(StackName=usher)["Stacks"][0]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
        self._client: Any = client(emulator, "sqs")
        self.url: str = outputs["QueueUrl"]
        self._dead_letters: str = outputs["DeadLetterQueueUrl"]
        self._is_fifo = self.url.endswith(".fifo")
        self._sent = 0

    def take(self, expected: int) -> list[str]:
        """Takes that many messages off the queue."""
        bodies: list[str] = []
        for _ in range(ATTEMPTS):
            bodies += self._receive(self.url, wait=1)
            if len(bodies) >= expected:
                return bodies
        return fail(f"{expected} events were expected on the queue, and {len(bodies)} came")

    def put(self, event: dict[str, Any], group: str = "group") -> None:
        """Puts an event on the queue. A FIFO queue takes copies, too, as it does after five minutes."""
        self._sent += 1
        fifo = {"MessageGroupId": group, "MessageDeduplicationId": f"{time.time()}-{self._sent}"}
        self._client.send_message(QueueUrl=self.url, MessageBody=json.dumps(event), **(fifo if self._is_fifo else {}))

    def hide_received_for(self, seconds: int) -> str:
        """Sets the visibility timeout. Returns the one before."""
        names = ["VisibilityTimeout"]
        before = self._client.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        self._client.set_queue_attributes(QueueUrl=self.url, Attributes={"VisibilityTimeout": str(seconds)})
        return str(before["VisibilityTimeout"])

    def dead_letters(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self._receive(self._dead_letters, wait=0)]

    def is_empty(self) -> bool:
        counts = self._client.get_queue_attributes(QueueUrl=self.url, AttributeNames=COUNTS)["Attributes"]
        return not any(int(count) for count in counts.values())

    def purge(self) -> None:
        for url in (self.url, self._dead_letters):
            self._client.purge_queue(QueueUrl=url)

    def _receive(self, url: str, wait: int) -> list[str]:
        answer = self._client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=wait)
        messages = answer.get("Messages", [])
        for message in messages:
            self._client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in messages]
