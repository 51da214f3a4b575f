"""The providers' secrets, for the emulator only: generated once, then kept in .usher/secrets/."""

import json
import secrets
from base64 import b64encode

from places import SECRETS


def secret_documents() -> dict[str, str]:
    """One per provider. They stay the same, as a function goes on for five minutes with those it has read."""
    SECRETS.mkdir(mode=0o700, parents=True, exist_ok=True)
    for provider, document in _generate().items():
        path = SECRETS / f"{provider}.json"
        if not path.exists():
            path.write_text(json.dumps(document))
    return {path.stem: path.read_text() for path in SECRETS.glob("*.json")}


def _generate() -> dict[str, dict[str, object]]:
    return {
        "luma": {"signing": [_signing_secret()]},
        "lunacal": {"signing": [], "url": secrets.token_hex(20)},
        "allfly": {"signing": [_signing_secret()]},
        "calcom": {"signing": [secrets.token_hex(20)]},
        "standard": {"signing": [_signing_secret()]},
    }


def _signing_secret() -> str:
    return "whsec_" + b64encode(secrets.token_bytes(24)).decode()
