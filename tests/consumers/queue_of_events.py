"""The queue of a deployed stack, with the events of Usher and those that a test sends again."""

import json
from typing import Any

import boto3

from environment import KEY, REGION
from stack import Stack
from terminal import fail

ATTEMPTS = 20


class Queue:
    def __init__(self, stack: Stack, endpoint: str) -> None:
        session = boto3.Session(aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name=REGION)
        self._client: Any = session.client("sqs", endpoint_url=endpoint)
        self.url = stack.queue

    def take(self, expected: int) -> list[str]:
        """Takes that many messages off the queue."""
        bodies: list[str] = []
        for _ in range(ATTEMPTS):
            answer = self._client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                bodies.append(message["Body"])
                self._client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
            if len(bodies) >= expected:
                return bodies
        return fail(f"{expected} events were expected on the queue, and {len(bodies)} came")

    def put(self, body: str) -> None:
        self._client.send_message(QueueUrl=self.url, MessageBody=body)

    def check_empty(self, why: str) -> None:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        counts = self._client.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        if any(int(count) for count in counts.values()):
            fail(f"{why}: a message is left on the queue ({json.dumps(counts)})")
