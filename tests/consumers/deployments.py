"""The consumers as Lambdas: built and deployed beside Usher, by the deployer's own two commands."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import environment
import tools
from ministack import Emulator
from places import HERE, TEMPORARY
from prerequisites import host_architecture
from sam import QUICKLY
from stack import client
from steps import run_step

CONFIG = ["--config-file", HERE / "samconfig.toml"]

# Seconds after which a function is stopped. A quarter of a minute would be waited for at every step.
TIMEOUT = 4


@dataclass(frozen=True)
class Language:
    name: str
    folder: str
    # Appended to the handler, which then dies once of one event: handled, and not yet marked.
    dies: str = ""
    # The handler's own function gets another name, and the appended one takes its place.
    handler: tuple[str, str, str] = ("", "", "")
    parameters: tuple[str, ...] = ()


PYTHON_DIES = """

def handle(event: Event) -> None:
    import os
    _handle(event)
    if event.get("subject") == "deadly" and not os.path.exists(MARK):
        open(MARK, "w").close()
        os.kill(os.getpid(), 9)
"""
TYPESCRIPT_DIES = """
import { existsSync, writeFileSync } from "node:fs";
export async function handle(event: Event): Promise<void> {
  await handled(event);
  if (event.subject === "deadly" && !existsSync(MARK)) {
    writeFileSync(MARK, "");
    process.kill(process.pid, "SIGKILL");
  }
}
"""
LANGUAGES = [
    Language(
        "Python",
        "python",
        PYTHON_DIES,
        ("handler.py", "def handle(", "def _handle("),
        (f"Runtime=python{sys.version_info.major}.{sys.version_info.minor}",),
    ),
    Language(
        "TypeScript",
        "typescript",
        TYPESCRIPT_DIES,
        ("handler.ts", "export async function handle(", "async function handled("),
    ),
    Language("Rust", "rust"),
]


def build(language: Language) -> Path:
    """Builds a consumer. Returns its built template."""
    source = tools.EXAMPLES / language.folder
    if language.dies:
        source = _with_a_handler_that_dies(language, source)
    built = TEMPORARY / f"built-{language.folder}"
    command = ["sam", "build", "--template-file", source / "template.yaml", "--build-dir", built, *CONFIG]
    # cargo-lambda finds zig through the Python that comes first.
    variables = environment.for_tools() | QUICKLY if language.folder == "rust" else tools.variables()
    run_step(f"sam build of the consumer in {language.name}", [*command, *_parameters(language)], variables, "sam-consumer")
    return built / "template.yaml"


@contextmanager
def deployed(emulator: Emulator, language: Language, template: Path, usher: str, batch_size: int) -> Iterator[str]:
    """Deploys a consumer beside a stack of Usher. Gives its log group."""
    stack_name = f"{usher}-{language.folder}"
    command = ["sam", "deploy", "--template-file", template, "--stack-name", stack_name, *CONFIG]
    variables = environment.for_emulator(emulator.endpoint)
    parameters = [*_parameters(language), f"UsherStack={usher}", f"BatchSize={batch_size}"]
    run_step(f"sam deploy {stack_name}", [*command, *parameters], variables, stack_name)
    stacks = client(emulator, "cloudformation")
    try:
        found = stacks.describe_stack_resource(StackName=stack_name, LogicalResourceId="Function")
        function = found["StackResourceDetail"]["PhysicalResourceId"]
        functions = client(emulator, "lambda")
        functions.update_function_configuration(FunctionName=function, Timeout=TIMEOUT)
        # CloudFormation makes numbers of these parameters. The emulator leaves them texts, and then compares with numbers.
        [source] = functions.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
        limit = {"MaximumConcurrency": int(source["ScalingConfig"]["MaximumConcurrency"])}
        functions.update_event_source_mapping(
            UUID=source["UUID"], ScalingConfig=limit, BatchSize=int(source["BatchSize"])
        )
        yield f"/aws/lambda/{stack_name}"
    finally:
        stacks.delete_stack(StackName=stack_name)
        stacks.get_waiter("stack_delete_complete").wait(StackName=stack_name)


def mark(language: Language) -> Path:
    """Returns the file by which the handler knows that it has died before."""
    return TEMPORARY / f"died-{language.folder}"


def _with_a_handler_that_dies(language: Language, source: Path) -> Path:
    copy = TEMPORARY / f"source-{language.folder}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    file, own, other = language.handler
    handler = copy / file
    text = handler.read_text()
    assert own in text, f"{file} has no {own}"
    handler.write_text(text.replace(own, other) + language.dies.replace("MARK", repr(str(mark(language)))))
    return copy


def _parameters(language: Language) -> list[str]:
    return ["--parameter-overrides", f"Architecture={host_architecture()}", *language.parameters]
