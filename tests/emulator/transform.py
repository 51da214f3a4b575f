"""SAM's transform of the template, as AWS runs it."""

import logging
from pathlib import Path
from typing import Any

import boto3
from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from environment import REGION
from sam import TEMPLATE

# It misses settings of the service that it is part of at AWS.
logging.getLogger("samtranslator").setLevel(logging.CRITICAL)


def resources_of(preference: str = "off", template: Path = TEMPLATE) -> dict[str, Any]:
    """Returns the resources that CloudFormation gets, with this DeploymentPreference."""
    parsed: dict[str, Any] = yaml_parse(template.read_text())
    # The transform needs some place of the code; it does not look there.
    for resource in parsed["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=REGION))
    resources: dict[str, Any] = translator.translate(parsed, {"DeploymentPreference": preference})["Resources"]
    return resources
