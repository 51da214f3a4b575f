"""The deployed stack: its outputs, parameters and resources, and clients of the account that it is in."""

import os
from functools import cached_property
from typing import Any, NoReturn
from urllib.parse import urlsplit

import boto3
import botocore.exceptions

PROVIDERS = ("Luma", "Lunacal", "Allfly")
# After a deployment that failed, the stack is as it was before.
COMPLETE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE")


class Unusable(Exception):
    """A stack, or an account, that cannot be checked at all. Said to the user in one line."""


class Deployment:
    def __init__(self, name: str) -> None:
        # Unlike AWS's other tools, boto3 does not read AWS_REGION.
        try:
            self._session = boto3.Session(region_name=os.environ.get("AWS_REGION") or None)
        except botocore.exceptions.ProfileNotFound as error:
            raise Unusable(f"{error}: set AWS_PROFILE to a profile of your AWS configuration") from error
        if not self._session.region_name:
            raise Unusable("no AWS region: set AWS_REGION, or a profile's region")
        self.name = name
        self.region: str = self._session.region_name
        stack = self._describe()
        self.parameters = {given["ParameterKey"]: given["ParameterValue"] for given in stack.get("Parameters", [])}
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
        missing = {"TableName", "QueueUrl", "RelayFunctionName"} - self.outputs.keys()
        if missing:
            raise Unusable(f"the stack {name} has no output {min(missing)}: was it deployed from Usher's template.yaml?")

    def client(self, service: str) -> Any:
        return self._session.client(service)

    def resource(self, logical_id: str) -> str | None:
        """Returns the name of a resource that the template calls so, if the stack has it."""
        return self._resources.get(logical_id)

    @property
    def providers(self) -> list[str]:
        """Returns the providers that are on."""
        return [provider for provider in PROVIDERS if f"{provider}Url" in self.outputs]

    @property
    def functions(self) -> dict[str, str]:
        """Returns the functions' names by what the template calls them."""
        return {name: self._resources[f"{name}Function"] for name in (*self.providers, "Relay")}

    @property
    def is_emulated(self) -> bool:
        """Returns whether the endpoint is an emulator on this machine."""
        return (urlsplit(self._endpoint).hostname or "") in ("127.0.0.1", "localhost", "::1")

    def url(self, provider: str) -> str:
        """Returns a function's URL. Only AWS resolves its host; an emulator serves it under a path."""
        url = self.outputs[f"{provider}Url"]
        if not self.is_emulated:
            return url
        return f"{self._endpoint.rstrip('/')}/_aws/lambda-url/{url.removeprefix('https://').partition('.')[0]}/"

    @property
    def _endpoint(self) -> str:
        return os.environ.get("AWS_ENDPOINT_URL", "")

    @cached_property
    def _resources(self) -> dict[str, str]:
        pages = self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.name)
        found = pages.search("StackResourceSummaries[]")
        return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found}

    def _describe(self) -> dict[str, Any]:
        try:
            stack: dict[str, Any] = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"][0]
        except (botocore.exceptions.NoCredentialsError, botocore.exceptions.CredentialRetrievalError) as error:
            raise Unusable(f"no AWS credentials ({error}): log in with aws login, or set AWS_PROFILE") from error
        except botocore.exceptions.ClientError as error:
            self._refused(error)
        except botocore.exceptions.EndpointConnectionError as error:
            raise Unusable(f"{error}: check the network, AWS_REGION and AWS_ENDPOINT_URL") from error
        if stack["StackStatus"] not in COMPLETE:
            raise Unusable(
                f"the stack {self.name} is {stack['StackStatus']}: wait until its deployment has ended, or deploy again"
            )
        return stack

    def _refused(self, error: botocore.exceptions.ClientError) -> NoReturn:
        details = error.response["Error"]
        if details["Code"] == "ValidationError":
            raise Unusable(
                f"there is no stack {self.name} in {self.region}: set STACK, AWS_PROFILE or AWS_REGION"
            ) from error
        raise Unusable(
            f"cannot read the stack {self.name} ({details['Code']}): check AWS_PROFILE and your permissions"
        ) from error
