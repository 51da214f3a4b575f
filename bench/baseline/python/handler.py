"""An ordinary idempotent receiver of Luma's webhooks, as one would write it with Powertools: verify, then send to SQS
within `@idempotent_function`, which notes the delivery in DynamoDB before and after.
"""

import hashlib
import hmac
import json
import os
import time
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.typing import LambdaContext

TOLERANCE_SECONDS = 300
RETENTION_SECONDS = 35 * 24 * 60 * 60

logger = Logger(service="webhook")
sqs = boto3.client("sqs")
secrets_manager = boto3.client("secretsmanager")
ledger = DynamoDBPersistenceLayer(table_name=os.environ["TABLE_NAME"], key_attr="pk")
once = IdempotencyConfig(event_key_jmespath="id", expires_after_seconds=RETENTION_SECONDS)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    once.register_lambda_context(context)
    headers, body = event["headers"], event["body"]
    if not is_genuine(headers, body.encode()):
        return answer(401, "signature is wrong")
    delivery = {"id": headers["webhook-id"], "body": body}
    send(delivery=delivery)
    logger.info("accepted", extra={"id": delivery["id"], "bytes": len(body)})
    return answer(200, "accepted")


@idempotent_function(data_keyword_argument="delivery", persistence_store=ledger, config=once)
def send(delivery: dict[str, str]) -> dict[str, str]:
    event = json.loads(delivery["body"])
    message = {"id": delivery["id"], "provider": "luma", "type": event.get("type"), "data": event}
    sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=json.dumps(message))
    return {"id": delivery["id"]}


def is_genuine(headers: dict[str, str], body: bytes) -> bool:
    parts = dict(part.split("=", 1) for part in headers.get("webhook-signature", "").split(",") if "=" in part)
    sent_at = parts.get("t", "0")
    if abs(int(sent_at) - time.time()) > TOLERANCE_SECONDS:
        return False
    expected = hmac.new(secret(), f"{sent_at}.".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts.get("v1", ""))


@cache
def secret() -> bytes:
    answer = secrets_manager.get_secret_value(SecretId=os.environ["WEBHOOK_SECRETS_ID"])
    return json.loads(answer["SecretString"])["signing"][0].encode()


def answer(status: int, message: str) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"message": message}),
    }
