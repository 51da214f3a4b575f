"""Does the relay run, and what does it report?"""

import json
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import botocore.exceptions

from deployment import Deployment
from rows import Row, compared, skipped

REMEDY = "See the relay's log (RUNBOOK.md, Pending), and deploy the template again."
METRICS = "Wait five minutes after the first deployment. If it is still missing, see the relay's log."


def check(deployment: Deployment) -> Iterator[Row]:
    function = deployment.functions["Relay"]
    yield from _schedule(deployment, function)
    answer = deployment.client("lambda").invoke(FunctionName=function, Qualifier="live", LogType="Tail")
    result = answer.get("FunctionError", "no error")
    yield compared("relay: a run of it", "no error", result, REMEDY)
    line = _line(b64decode(answer.get("LogResult", "")).decode(errors="replace"))
    if line is None:
        yield skipped("relay: its line", "Failed 0, nothing unread", "the answer has no end of the log")
    else:
        found = f"Failed {line.get('Failed')}, " + ("parts unread" if "unread" in line else "nothing unread")
        yield compared("relay: its line", "Failed 0, nothing unread", found, REMEDY)
    yield _metric(deployment)


def _schedule(deployment: Deployment, function: str) -> Iterator[Row]:
    rule = deployment.resource("RelayFunctionEveryMinute")
    rules = deployment.client("events")
    name = (rule or "").rpartition("/")[2].rpartition("|")[2]
    described = rules.describe_rule(Name=name)
    found = (described["State"], described["ScheduleExpression"])
    yield compared("relay: its schedule", ("ENABLED", "rate(1 minute)"), found, REMEDY)
    targets = [target["Arn"].rpartition(":function:")[2] for target in rules.list_targets_by_rule(Rule=name)["Targets"]]
    yield compared("relay: what the schedule calls", [f"{function}:live"], targets, REMEDY)
    try:
        config = deployment.client("lambda").get_function_event_invoke_config(FunctionName=function, Qualifier="live")
        found = (config.get("MaximumRetryAttempts"), config.get("MaximumEventAgeInSeconds"))
    except botocore.exceptions.ClientError as error:
        found = (error.response["Error"]["Code"], None)
    yield compared("relay: retries, seconds a late run may wait", (0, 60), found, REMEDY)


def _line(text: str) -> dict[str, Any] | None:
    for line in reversed(text.splitlines()):
        try:
            parsed = json.loads(line)
        except ValueError:
            continue
        if isinstance(parsed, dict) and parsed.get("function") == "relay":
            return parsed
    return None


def _metric(deployment: Deployment) -> Row:
    namespace, name = f"Usher/{deployment.name}", "OldestPendingAge"
    check, expected = f"metrics: {namespace} {name}", "a value in the last 15 minutes"
    now = datetime.now(timezone.utc)
    answer = deployment.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=name,
        Period=60,
        Statistics=["Maximum"],
        StartTime=now - timedelta(minutes=15),
        EndTime=now,
    )
    if deployment.is_emulated and not answer["Datapoints"]:
        return skipped(check, expected, "the emulator makes no metrics of log lines")
    return compared(check, expected, expected if answer["Datapoints"] else "none", METRICS)
