"""Does an alarm arrive, and its recovery? One is raised by hand and cleared again."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
import time

from deployment import Deployment
from rows import Row, compared, skipped

# The least alarming one: a genuine delivery was too large.
ALARM = "LargeBodyAlarm"
REASON = "make smoke raises and clears this alarm to see that it arrives"
SECONDS = 30
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
        yield compared(f"alarm: set to {state}", state, found["StateValue"], "Somebody else may have changed it: run again.")
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
        yield compared("alarm: the e-mail subscription", "confirmed", found, "Click the link in the message that AWS sent to AlarmEmail.")
    if deployment.is_emulated:
        yield skipped("alarm: sent", "an action that succeeded", "the emulator keeps no history of actions")
        return
    succeeded = False
    for _ in range(SECONDS):
        history = alarms.describe_alarm_history(AlarmName=name, HistoryItemType="Action", StartDate=began)
        succeeded = any("Successfully executed" in item["HistorySummary"] for item in history["AlarmHistoryItems"])
        if succeeded:
            break
        time.sleep(1)
    text = "an action that succeeded"
    yield compared("alarm: sent", text, text if succeeded else "none", "May CloudWatch publish to the topic? One encrypted with aws/sns cannot take alarms.")
