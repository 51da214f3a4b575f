"""The AsyncAPI document: the queue, and a message for each type, made from the schema, the template and the snapshots."""

import json
from typing import Any

from samcli.yamlhelper import yaml_parse

import event_types
import samples
from places import ROOT
from sam import TEMPLATE

DOCUMENT = ROOT / "events" / "asyncapi.json"
TYPES = ROOT / "events" / "event.types.json"


def text() -> str:
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def meanings() -> dict[str, tuple[str, str, str]]:
    """Returns for each type what it means, when it comes, and the sample that shows it."""
    return {name: (meaning, when, sample) for name, (meaning, when, sample) in json.loads(TYPES.read_text()).items()}


def document() -> dict[str, Any]:
    schema = _moved(json.loads(event_types.SCHEMA.read_text()))
    definitions = schema.pop("$defs")
    for keyword in ("$id", "$schema"):
        del schema[keyword]
    messages = {name: _message(name, *what) for name, what in meanings().items()}
    return {
        "asyncapi": "3.0.0",
        "id": "urn:usher:events",
        "info": {
            "title": "Usher's events",
            "version": "1",
            "description": "The events that Usher puts on its queue: CloudEvents 1.0, in structured JSON.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "channels": {"events": _channel(messages)},
        "operations": {
            "sendEvent": {
                "action": "send",
                "channel": {"$ref": "#/channels/events"},
                "summary": "Usher sends each event at least once. Copies have one `id` and one `replay`.",
            }
        },
        "components": {
            "messages": messages,
            "schemas": {"Event": schema} | definitions,
            "messageTraits": {"usher": _trait()},
        },
    }


def _channel(messages: dict[str, Any]) -> dict[str, Any]:
    template = yaml_parse(TEMPLATE.read_text())
    resources, parameters = template["Resources"], template["Parameters"]
    queue, dead_letters = resources["Queue"]["Properties"], resources["DeadLetterQueue"]["Properties"]
    visibility = int(parameters["VisibilityTimeoutSeconds"]["Default"])
    is_fifo = parameters["QueueType"]["Default"] == "fifo"
    return {
        # CloudFormation names the queue.
        "address": None,
        "title": "The queue",
        "description": (
            "The queue of the stack, which its outputs and exports name: `QueueUrl`, `QueueArn`. "
            "With `QueueType=fifo` it keeps the order within a booking, guest or event."
        ),
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {
            "sqs": {
                "queue": {
                    "name": "Queue",
                    "fifoQueue": is_fifo,
                    "visibilityTimeout": visibility,
                    "messageRetentionPeriod": queue["MessageRetentionPeriod"],
                    "redrivePolicy": {
                        "deadLetterQueue": {"name": "DeadLetterQueue"},
                        "maxReceiveCount": queue["RedrivePolicy"]["maxReceiveCount"],
                    },
                },
                "deadLetterQueue": {
                    "name": "DeadLetterQueue",
                    "fifoQueue": is_fifo,
                    "messageRetentionPeriod": dead_letters["MessageRetentionPeriod"],
                },
                "bindingVersion": "0.2.0",
            }
        },
    }


def _trait() -> dict[str, Any]:
    return {
        "contentType": "application/json",
        "correlationId": {
            "description": "The same for all copies and replays of one delivery that names itself.",
            "location": "$message.payload#/id",
        },
    }


def _message(name: str, meaning: str, when: str, sample: str) -> dict[str, Any]:
    shown = samples.named(sample) if sample else samples.first(name)
    headers = {field: shown[field] for field in ("provider", "type", "providertype") if field in shown}
    return {
        "name": name,
        "title": meaning.rstrip("."),
        "summary": meaning,
        "description": when,
        "traits": [{"$ref": "#/components/messageTraits/usher"}],
        "headers": {
            "type": "object",
            "description": "The message attributes, by which consumers filter. What CloudEvents has in headers is in the payload.",
            "required": ["provider", "type"],
            "properties": {
                "provider": {"type": "string", "description": "The name of the sender."},
                "type": {"type": "string", "const": name, "description": "The type of what happened."},
                "providertype": {
                    "type": "string",
                    "description": "The provider's own name of the type: its visible ASCII, up to 128 characters.",
                },
            },
        },
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Event"},
                {"type": "object", "properties": {"type": {"const": name}}},
            ]
        },
        "examples": [{"name": "sample", "headers": headers, "payload": shown}],
    }


def _moved(value: Any) -> Any:
    """Lets references point to where AsyncAPI keeps its schemas."""
    if isinstance(value, dict):
        return {key: _moved(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_moved(member) for member in value]
    if isinstance(value, str) and value.startswith("#/$defs/"):
        return value.replace("#/$defs/", "#/components/schemas/")
    return value
