"""Does an alarm arrive, and its recovery? One is raised by hand and cleared again."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from deployment import Deployment
from rows import Row, compared, skipped

# The least alarming one: a genuine delivery was too large.
ALARM = "LargeBodyAlarm"
REASON = "make smoke raises and clears this alarm to see that it arrives"
SECONDS = 30
AGAIN = "Somebody else may have changed it at the same time: run this again."
UNCONFIRMED = "Click the link in the message that AWS sent to AlarmEmail."
UNSENT = "Let CloudWatch publish to the topic; one that is encrypted with the key aws/sns cannot take alarms."
NOWHERE = "no AlarmEmail, SlackChannelId or AlarmTopicArn is set: alarms only show in the console"


def check(deployment: Deployment) -> Iterator[Row]:
    name = deployment.resource(ALARM)
    if name is None:
        yield skipped("alarm: raised and cleared", "ALARM, OK", "the stack has no alarms (Alarms=off)")
        return
    alarms = deployment.client("cloudwatch")
    began = datetime.now(timezone.utc) - timedelta(seconds=5)
    for state in ("ALARM", "OK"):
        alarms.set_alarm_state(AlarmName=name, StateValue=state, StateReason=REASON)
        found = alarms.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
        yield compared(f"alarm: set to {state}", state, found["StateValue"], AGAIN)
    yield from _arrival(deployment, alarms, name, found.get("AlarmActions", []), began)


def _arrival(
    deployment: Deployment, alarms: Any, name: str, topics: list[str], began: datetime
) -> Iterator[Row]:
    if not topics:
        yield skipped("alarm: sent", "an action that succeeded", NOWHERE)
        return
    if deployment.parameters.get("AlarmEmail") and not deployment.parameters.get("AlarmTopicArn"):
        subscriptions = deployment.client("sns").list_subscriptions_by_topic(TopicArn=topics[0])["Subscriptions"]
        arns = [found["SubscriptionArn"] for found in subscriptions if found["Protocol"] == "email"]
        found = "confirmed" if arns and arns[0].startswith("arn:") else "not confirmed"
        yield compared("alarm: the e-mail subscription", "confirmed", found, UNCONFIRMED)
    succeeded = False
    for _ in range(1 if deployment.is_emulated else SECONDS):
        history = alarms.describe_alarm_history(AlarmName=name, HistoryItemType="Action", StartDate=began)
        succeeded = any("Successfully executed" in item["HistorySummary"] for item in history["AlarmHistoryItems"])
        if succeeded:
            break
        time.sleep(1)
    text = "an action that succeeded"
    if deployment.is_emulated and not succeeded:
        yield skipped("alarm: sent", text, "the emulator keeps no history of actions")
        return
    yield compared("alarm: sent", text, text if succeeded else "none", UNSENT)
