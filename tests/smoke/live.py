"""Does the alias `live`, which the URLs and the schedule call, have what the stack's parameters say?"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_parse

from deployment import Deployment
from rows import Row, compared

TEMPLATE = Path(__file__).resolve().parents[2] / "template.yaml"
# The outputs that are the references to these resources.
REFERENCES = {"Ledger": "TableName", "Queue": "QueueUrl"}
REMEDY = "Deploy the template of this checkout again (sam build && sam deploy)."


def check(deployment: Deployment) -> Iterator[Row]:
    template = yaml_parse(TEMPLATE.read_text())
    lambdas = deployment.client("lambda")
    for name, function in deployment.functions.items():
        live = lambdas.get_function_configuration(FunctionName=function, Qualifier="live")
        latest = lambdas.get_function_configuration(FunctionName=function)
        found = live["Environment"]["Variables"]
        expected = _expected(deployment, template, name)
        wrong = [variable for variable, value in expected.items() if found.get(variable) != value]
        yield compared(
            f"live: {name}'s variables",
            f"{len(expected)} as deployed",
            f"{len(expected)} as deployed" if not wrong else "wrong: " + ", ".join(wrong),
            REMEDY,
        )
        yield compared(f"live: {name}'s code is the newest", latest["CodeSha256"][:12], live["CodeSha256"][:12], REMEDY)
        yield compared(f"live: {name}'s log", "JSON", live.get("LoggingConfig", {}).get("LogFormat"), REMEDY)


def _expected(deployment: Deployment, template: dict[str, Any], name: str) -> dict[str, str]:
    """Reads the template's variables of a function, with the stack's own values for its references."""
    places = (template["Globals"]["Function"], template["Resources"][f"{name}Function"]["Properties"])
    variables = [place.get("Environment", {}).get("Variables", {}) for place in places]
    return {
        variable: _resolved(deployment, name, value) for variables in variables for variable, value in variables.items()
    }


def _resolved(deployment: Deployment, name: str, value: Any) -> str:
    match value:
        case str():
            return value
        case {"Ref": reference} if reference in REFERENCES:
            return deployment.outputs[REFERENCES[reference]]
        case {"Ref": parameter}:
            return deployment.parameters[parameter]
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{AWS::StackName\}", deployment.name, text)
        case {"Fn::If": [condition, _, _]} if condition == f"Makes{name}Secret":
            return deployment.outputs[f"{name}SecretId"]
    raise NotImplementedError(f"{TEMPLATE.name} has a variable of a form that this check does not know: {value}")
