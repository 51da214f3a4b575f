"""The types of the example consumers in Python and TypeScript, made from the event's schema."""

from pathlib import Path

import tools
from places import ROOT, TEMPORARY
from steps import run_quietly
from terminal import fail

SCHEMA = ROOT / "events" / "event.schema.json"
PYTHON = tools.EXAMPLES / "python" / "usher_event.py"
TYPESCRIPT = tools.EXAMPLES / "typescript" / "usher-event.ts"
HOW_TO_RENEW = "PYTHONPATH=tests/emulator .usher/sam/bin/python tests/consumers/renew_types.py"


def renew() -> None:
    for file, text in _made().items():
        file.write_text(text)


def check_committed() -> None:
    for file, text in _made().items():
        if file.read_text() != text:
            name, schema = file.relative_to(ROOT), SCHEMA.relative_to(ROOT)
            fail(f"{name} is not made from the present {schema}. Renew it: {HOW_TO_RENEW}")


def check_use() -> None:
    """Checks that the consumers use the events by their types."""
    # boto3 and Powertools' decorators have no types.
    untyped = ["--disable-error-code=import-untyped", "--disable-error-code=untyped-decorator"]
    mypy = [tools.VENV / "bin" / "mypy", "--strict", *untyped, "--no-incremental"]
    run_quietly([*mypy, PYTHON.with_name("app.py")], tools.variables(), "consumer-mypy")
    tsc = [tools.node_program("tsc"), "--project", tools.TYPESCRIPT]
    run_quietly(tsc, tools.variables(), "consumer-tsc")


def _made() -> dict[Path, str]:
    TEMPORARY.mkdir(parents=True, exist_ok=True)
    return {file: _output(command, TEMPORARY / file.name) for file, command in _commands().items()}


def _output(command: list[object], file: Path) -> str:
    run_quietly([*command, "--output", file], tools.variables(), f"types-{file.stem}")
    text = file.read_text()
    file.unlink()
    return text


def _commands() -> dict[Path, list[object]]:
    return {
        PYTHON: [
            tools.VENV / "bin" / "datamodel-codegen",
            "--input-file-type=jsonschema",
            "--output-model-type=typing.TypedDict",
            "--target-python-version=3.11",
            "--enum-field-as-literal=all",
            "--use-standard-collections",
            "--use-union-operator",
            "--use-schema-description",
            "--use-field-description",
            "--disable-timestamp",
            "--formatters=builtin",
            "--input",
            SCHEMA,
        ],
        TYPESCRIPT: [tools.node_program("json2ts"), "--additionalProperties=false", "--input", SCHEMA],
    }
