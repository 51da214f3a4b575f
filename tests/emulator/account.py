"""Is what SAM makes of the template what a real account needs? Where the emulator does not look, this does."""

from typing import Any

from rollout import RECEIVERS as PROVIDERS
from terminal import fail, say
from transform import resources_of


def check() -> None:
    resources = resources_of()
    for provider in PROVIDERS:
        _check_switch(resources, provider)
        _check_public(resources, provider)
    for binary in (*PROVIDERS, "Relay"):
        _check_version(resources, binary)
    _check_clean_up(resources)
    say("SAM's transform: providers can be switched off, URLs are public, parameters reach the alias")


def _check_switch(resources: dict[str, Any], provider: str) -> None:
    """Everything of a provider's, what SAM adds included, is left out with it."""
    for name, resource in resources.items():
        if name.startswith(provider) and provider not in resource.get("Condition", ""):
            fail(f"{name} stays when {provider} is off")
    if not any(name.startswith(f"{provider}FunctionUrl") for name in resources):
        fail(f"{provider} has no function URL")


def _check_public(resources: dict[str, Any], provider: str) -> None:
    """Since October 2025 a public URL takes two permissions: without the second each request is answered 403."""
    granted = {
        resource["Properties"]["Action"]
        for name, resource in resources.items()
        if name.startswith(provider) and resource["Type"] == "AWS::Lambda::Permission"
        if resource["Properties"]["Principal"] == "*"
    }
    if granted != {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}:
        fail(f"{provider}'s URL is not public on AWS: {sorted(granted)}")


def _check_version(resources: dict[str, Any], binary: str) -> None:
    versions = [
        resource
        for name, resource in resources.items()
        if name.startswith(f"{binary}FunctionVersion") and resource["Type"] == "AWS::Lambda::Version"
    ]
    if len(versions) != 1 or "Fn::Sub" not in versions[0]["Properties"].get("Description", {}):
        fail(f"{binary}'s version does not change with its parameters: they would not reach the alias")


def _check_clean_up(resources: dict[str, Any]) -> None:
    """What survives the stack does not survive a first deployment that failed."""
    for name, resource in resources.items():
        policy = resource.get("DeletionPolicy")
        # SAM retains the versions of functions; Lambda deletes them with their function.
        if policy not in (None, "RetainExceptOnCreate") and resource["Type"] != "AWS::Lambda::Version":
            fail(f"a failed first deployment would leave {name} behind ({policy})")
