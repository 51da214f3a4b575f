"""The template for `sam local invoke`: the built one, in which one function knows what CloudFormation would tell it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samcli.yamlhelper import parse_yaml_file, yaml_dump

from places import BUILD
from terminal import fail

BUILT = BUILD / "template.yaml"
# Beside the built one, whose paths to the functions' code are relative to it.
LOCAL = BUILD / "local-invoke.yaml"


def derive(function: str, variables: Mapping[str, str], built: Path = BUILT, derived: Path = LOCAL) -> Path:
    """Writes a copy of the built template in which the function has these variables, too."""
    template = _parsed(built)
    properties: dict[str, Any] = template["Resources"][function]["Properties"]
    own = properties.setdefault("Environment", {}).setdefault("Variables", {})
    own.update(variables)
    derived.write_text(yaml_dump(template))
    return derived


def runtime(built: Path = BUILT) -> str:
    """Returns the runtime of the functions."""
    found: str = _parsed(built)["Globals"]["Function"]["Runtime"]
    return found


def _parsed(built: Path) -> dict[str, Any]:
    if not built.exists():
        fail("The functions are not built: run make local")
    template: dict[str, Any] = parse_yaml_file(str(built))
    return template
