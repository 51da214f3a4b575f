"""The environments that programs are started with. Nothing of the user's AWS account ever gets into one."""

import os

from places import CACHE, SAM, TEMPORARY

REGION = "us-east-1"
# The emulator takes it for the account's owner.
KEY = "test"
NOWHERE_ELSE = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_DEFAULT_REGION": REGION,
    "NO_PROXY": "127.0.0.1,localhost",
    "no_proxy": "127.0.0.1,localhost",
}
# What the names of settings begin with that would lead SAM or an AWS SDK to the user's own account.
FOREIGN = ("AWS_", "SAM_", "BOTO_")


def forget_aws_account() -> None:
    """For this program itself, which uses an AWS SDK."""
    for name in [name for name in os.environ if name.startswith(FOREIGN)]:
        del os.environ[name]
    os.environ.update(NOWHERE_ELSE)


def for_tools() -> dict[str, str]:
    """For SAM, cargo and the like: the user's own, with the tools of the checkout."""
    TEMPORARY.mkdir(parents=True, exist_ok=True)
    return dict(os.environ) | {
        # cargo-lambda and zig are found here, and zig through this Python.
        "PATH": f"{SAM / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "SAM_CLI_TELEMETRY": "0",
        # SAM leaves things behind, and the tools' caches would go to the home directory.
        "TMPDIR": str(TEMPORARY),
        "__SAM_CLI_APP_DIR": str(CACHE / "sam"),
        "CARGO_ZIGBUILD_CACHE_DIR": str(CACHE / "zigbuild"),
        "ZIG_GLOBAL_CACHE_DIR": str(CACHE / "zig"),
    }


def for_emulator(endpoint: str) -> dict[str, str]:
    """For what talks to the emulator."""
    return for_tools() | {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_ENDPOINT_URL": endpoint,
    }
