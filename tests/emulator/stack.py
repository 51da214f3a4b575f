"""A deployed stack, as whoever deployed it sees it: its outputs, its secrets, its queue."""

import json
import urllib.parse
import urllib.request
from functools import partial
from typing import Any

import boto3

from environment import KEY, REGION
from ministack import Emulator
from secret_documents import secret_documents

PROVIDERS = ("luma", "lunacal", "allfly", "calcom", "standard")
SECONDS_TO_WAIT_FOR_EVENTS = 20


def client(emulator: Emulator, service: str) -> Any:
    """A client of one of the emulator's services."""
    session = boto3.Session(aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name=REGION)
    return session.client(service, endpoint_url=emulator.endpoint)


class Stack:
    def __init__(self, emulator: Emulator, name: str) -> None:
        self._client: Any = partial(client, emulator)
        self._emulator = emulator
        self._name = name
        found = self._client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
        self.table: str = outputs["TableName"]
        self.queue: str = outputs["QueueUrl"]
        self.dlq: str = outputs["DeadLetterQueueUrl"]
        self.relay: str = outputs["RelayFunctionName"]
        self.secret_ids = {provider: outputs[f"{provider.title()}SecretId"] for provider in PROVIDERS}
        self.urls = {provider: self._reachable(outputs[f"{provider.title()}Url"]) for provider in PROVIDERS}

    def put_secrets(self) -> None:
        """Gives every provider its secret document, as whoever deploys does."""
        for provider, document in secret_documents().items():
            self._client("secretsmanager").put_secret_value(SecretId=self.secret_ids[provider], SecretString=document)

    def empty(self) -> None:
        """Forgets every delivery, so that the same sample is new again."""
        self._client("sqs").purge_queue(QueueUrl=self.queue)
        ledger = self._client("dynamodb")
        for key in ledger.scan(TableName=self.table, ProjectionExpression="pk")["Items"]:
            ledger.delete_item(TableName=self.table, Key=key)

    def events(self, expected: int) -> list[dict[str, Any]]:
        """What is on the queue, and stays there. Waits until as many as expected are seen, or long enough."""
        seen: dict[str, str] = {}
        for _ in range(SECONDS_TO_WAIT_FOR_EVENTS):
            if len(seen) >= expected:
                break
            answer = self._client("sqs").receive_message(
                QueueUrl=self.queue, MaxNumberOfMessages=10, WaitTimeSeconds=1, VisibilityTimeout=30
            )
            seen |= {message["MessageId"]: message["Body"] for message in answer.get("Messages", [])}
        return [json.loads(body) for body in seen.values()]

    def peek(self, event_id: str) -> dict[str, Any] | None:
        """Finds the event of this id on the queue. It is not received: a fifth reception makes a dead letter."""
        query = urllib.parse.urlencode({"QueueUrl": self.queue})
        with urllib.request.urlopen(f"{self._emulator.endpoint}/_ministack/sqs/messages?{query}", timeout=30) as answer:
            regions = [region for account in json.load(answer)["messages"].values() for region in account.values()]
        queues = [messages for region in regions for messages in region.values()]
        events = [json.loads(message["Body"]) for messages in queues for message in messages]
        return next((event for event in events if event["id"] == event_id), None)

    def live_variables(self, function: str) -> dict[str, str]:
        """Returns the variables of the version that the function's alias points to."""
        resource = self._client("cloudformation").describe_stack_resource(
            StackName=self._name, LogicalResourceId=function
        )
        configuration = self._client("lambda").get_function_configuration(
            FunctionName=resource["StackResourceDetail"]["PhysicalResourceId"], Qualifier="live"
        )
        variables: dict[str, str] = configuration["Environment"]["Variables"]
        return variables

    def _reachable(self, url: str) -> str:
        """The function URL's name is known to AWS only; the emulator serves it under a path, too."""
        url_id = url.removeprefix("https://").split(".")[0]
        return f"{self._emulator.endpoint}/_aws/lambda-url/{url_id}/"
