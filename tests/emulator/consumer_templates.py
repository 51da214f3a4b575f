"""The templates of the consumers: are they what CloudFormation and SAM expect, and does SAM make of them what we expect?"""

import json
from typing import Any

import environment
import sam
from places import ROOT
from steps import run_step
from terminal import fail
from transform import resources_of

CONSUMERS = ROOT / "events" / "consumers"
SCHEMA = ROOT / "events" / "event.schema.json"


def check() -> None:
    templates = sorted(CONSUMERS.glob("*/template.yaml"))
    if len(templates) != 4:
        fail(f"Four templates were expected in {CONSUMERS.relative_to(ROOT)}, and there are {len(templates)}")
    for template in templates:
        name = template.parent.name
        run_step(
            f"Checking {template.relative_to(ROOT)}",
            ["sam", "validate", "--lint", "--template-file", template, *sam.CONFIG],
            environment.for_tools(),
            f"sam-validate-{name}",
        )
        resources = resources_of(template=template)
        if name == "fan-out":
            _check_filters(resources)
        else:
            _check_consumer(name, resources)


def _check_consumer(name: str, resources: dict[str, Any]) -> None:
    """A consumer may read one queue and change one table, and its role lets it do nothing else but log."""
    [source] = _of_type(resources, "AWS::Lambda::EventSourceMapping")
    if source["FunctionResponseTypes"] != ["ReportBatchItemFailures"]:
        fail(f"the consumer in {name} does not report single failures")
    [role] = _of_type(resources, "AWS::IAM::Role")
    managed = [arn for arn in role["ManagedPolicyArns"] if not str(arn).endswith("AWSLambdaBasicExecutionRole")]
    if managed:
        fail(f"the consumer in {name} has more rights than it needs: {managed}")
    statements = [s for policy in role["Policies"] for s in policy["PolicyDocument"]["Statement"]]
    wide = [s for s in statements if s["Resource"] == "*" or "*" in str(s["Action"])]
    if wide:
        fail(f"the consumer in {name} has rights without bounds: {wide}")


def _check_filters(resources: dict[str, Any]) -> None:
    """A filter that names no type or provider of Usher's would keep a reader waiting forever."""
    properties = json.loads(SCHEMA.read_text())["properties"]
    for subscription in _of_type(resources, "AWS::SNS::Subscription"):
        for field, wanted in subscription["FilterPolicy"].items():
            known = properties[field]["examples"]
            for rule in wanted:
                prefix = rule["prefix"] if isinstance(rule, dict) else None
                if rule not in known and not (prefix and any(name.startswith(prefix) for name in known)):
                    fail(f"fan-out filters by {field} {rule}, which no event has")


def _of_type(resources: dict[str, Any], wanted: str) -> list[dict[str, Any]]:
    found = [resource["Properties"] for resource in resources.values() if resource["Type"] == wanted]
    return found or fail(f"there is no {wanted}")
