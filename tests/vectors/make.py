"""Makes shared/usher-core/tests/vectors.json with the senders' own libraries: none of Usher's code takes part.

    python3 -m venv venv && venv/bin/pip install -r tests/vectors/requirements.txt
    (cd tests/vectors && npm ci)
    venv/bin/python tests/vectors/make.py

Cal.com publishes no library, so its few lines stand in make.mjs, as its sender has them.
"""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from standardwebhooks.webhooks import Webhook

HERE = Path(__file__).parent
TARGET = HERE.parent.parent / "shared/usher-core/tests/vectors.json"
TIME = 1781272800
SECRET = "whsec_c2VjcmV0IG9mIHNvbWUgc2VuZGVyIQ=="
BODIES = (
    '{"type":"contact.created","timestamp":"2026-06-12T14:00:00Z","data":{"id":"con_1"}}',
    '{ "type" : "ünïcode" , "price": 1.50 }\n',
    "not JSON",
)


def of_python(number: int, body: str) -> dict[str, object]:
    """One delivery, signed by the package from PyPI."""
    identifier = f"msg_python_{number}"
    signature = Webhook(SECRET).sign(identifier, datetime.fromtimestamp(TIME, UTC), body)
    return {
        "provider": "standard",
        "source": "standardwebhooks 1.1.0, PyPI",
        "secret": SECRET,
        "id": identifier,
        "timestamp": TIME,
        "body": body,
        "signature": signature,
    }


def of_node() -> list[dict[str, object]]:
    """The deliveries that make.mjs signs: by the package from npm, and as Cal.com's sender does."""
    given = json.dumps({"secret": SECRET, "time": TIME, "bodies": BODIES})
    done = subprocess.run(["node", HERE / "make.mjs"], input=given, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


if __name__ == "__main__":
    vectors = [of_python(number, body) for number, body in enumerate(BODIES)] + of_node()
    TARGET.write_text(json.dumps(vectors, indent=2, ensure_ascii=False) + "\n")
