"""What SAM makes of the template's DeploymentPreference: the emulator has no CodeDeploy to try it on."""

from typing import Any

from samcli.yamlhelper import yaml_parse

from sam import TEMPLATE
from terminal import fail
from transform import resources_of

RECEIVERS = ("Luma", "Lunacal", "Allfly", "Calcom", "Standard")


def check() -> None:
    template = yaml_parse(TEMPLATE.read_text())
    for preference in template["Parameters"]["DeploymentPreference"]["AllowedValues"]:
        resources = resources_of(preference)
        _check_resources(preference, resources, {} if preference == "off" else _groups(resources, preference))


def _groups(resources: dict[str, Any], preference: str) -> dict[str, Any]:
    """The deployment groups that have to be there."""
    groups = {f"{receiver}FunctionDeploymentGroup": receiver for receiver in RECEIVERS}
    for name, receiver in groups.items():
        if name not in resources:
            fail(f"with DeploymentPreference={preference} there is no {name}")
        properties = resources[name]["Properties"]
        if properties["DeploymentConfigName"] != {
            "Fn::Sub": ["CodeDeployDefault.Lambda${ConfigName}", {"ConfigName": preference}]
        }:
            fail(f"{name} is not deployed by {preference}")
        alarms = [{"Name": {"Ref": f"{receiver}{kind}Alarm"}} for kind in ("Errors", "Failures")]
        if properties["AlarmConfiguration"]["Fn::If"][:2] != ["HasAlarms", {"Enabled": True, "Alarms": alarms}]:
            fail(f"{name} does not go back on its function's alarms")
        if "DEPLOYMENT_STOP_ON_ALARM" not in properties["AutoRollbackConfiguration"]["Events"]:
            fail(f"{name} does not go back")
    return groups


def _check_resources(preference: str, resources: dict[str, Any], groups: dict[str, Any]) -> None:
    of_code_deploy = {name for name, resource in resources.items() if "CodeDeploy" in str(resource)}
    expected = set(groups)
    if groups:
        aliases = {f"{receiver}FunctionAliaslive" for receiver in RECEIVERS}
        expected |= aliases | {"ServerlessDeploymentApplication", "CodeDeployServiceRole"}
    if of_code_deploy != expected:
        fail(f"with DeploymentPreference={preference} CodeDeploy is in {sorted(of_code_deploy ^ expected)}")
