"""The settings of the ledger that CloudFormation makes of the template, and the emulator's doesn't."""

from typing import Any

from samcli.yamlhelper import yaml_parse

from ministack import Emulator
from places import ROOT
from stack import client


def apply_table_settings(emulator: Emulator, stack_name: str) -> None:
    """Turns on expiry and point-in-time recovery, as the template says, so that what is deployed is what AWS deploys."""
    template = yaml_parse((ROOT / "template.yaml").read_text())
    properties: dict[str, Any] = template["Resources"]["Ledger"]["Properties"]
    stack = client(emulator, "cloudformation")
    found = stack.describe_stack_resource(StackName=stack_name, LogicalResourceId="Ledger")
    table = found["StackResourceDetail"]["PhysicalResourceId"]
    ledger = client(emulator, "dynamodb")
    recovery = properties["PointInTimeRecoverySpecification"]
    ledger.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=recovery)
    expiry = properties["TimeToLiveSpecification"]
    if ledger.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"] != "ENABLED":
        ledger.update_time_to_live(TableName=table, TimeToLiveSpecification=expiry)
