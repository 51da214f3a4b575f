"""The Lambda function: takes batches off Usher's queue, and has each event handled once.

Powertools reports which messages failed, so that only those come again, and keeps in a table which events were handled.
On a FIFO queue it stops at the first failure, so that nothing overtakes the failed event.
"""

import os
from typing import Any, cast

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    SqsFifoPartialProcessor,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.typing import LambdaContext

from handler import handle
from usher_event import Event

DATA_SCHEMA = "urn:usher:event:1"

SEEN = DynamoDBPersistenceLayer(table_name=os.environ["SEEN_TABLE"])
# All copies of an event have one id. A replay, which an operator asked for, is handled once more.
ONCE = IdempotencyConfig(
    event_key_jmespath="[id, replay]",
    expires_after_seconds=int(os.environ["RETENTION_DAYS"]) * 86_400,
)
STANDARD = BatchProcessor(event_type=EventType.SQS)
FIFO = SqsFifoPartialProcessor()


class UnknownVersion(Exception):
    """An event of another version of the schema."""


def lambda_handler(batch: dict[str, Any], context: LambdaContext) -> Any:
    """Handles a batch of messages. Returns those that failed."""
    # A function that is stopped leaves an event marked as being handled. The mark ends when this invocation has to.
    ONCE.register_lambda_context(context)
    is_fifo = batch["Records"][0]["eventSourceARN"].endswith(".fifo")
    processor = FIFO if is_fifo else STANDARD
    return process_partial_response(event=batch, record_handler=_handle_message, processor=processor, context=context)


def _handle_message(record: SQSRecord) -> None:
    event = cast(Event, record.json_body)
    if event["dataschema"] != DATA_SCHEMA:
        # It ends up in the dead-letter queue, and can be moved back once this code can read it.
        raise UnknownVersion(event["dataschema"])
    _handle_once(event=event)


@idempotent_function(data_keyword_argument="event", persistence_store=SEEN, config=ONCE, key_prefix="usher")
def _handle_once(event: Event) -> None:
    handle(event)
