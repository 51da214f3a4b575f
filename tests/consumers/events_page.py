"""The readable page of all events: one HTML file that loads nothing, made from the AsyncAPI document."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import asyncapi_document
import samples
from places import ROOT

PAGE = ROOT / "events" / "events.html"
NAMES = {
    "luma": "Luma",
    "lunacal": "Lunacal",
    "calcom": "Cal.com",
    "allfly": "AllFly Connect",
    "standard": "Standard Webhooks",
}

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --link: light-dark(#0550ae, #79b8ff); }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem 1.5rem 4rem; }
h1 { margin: .5rem 0; } h2 { margin: 3rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h2 code, h3 { font-weight: 600; } a { color: var(--link); } p { max-width: 46rem; }
code, pre { font: .875em/1.5 ui-monospace, monospace; } pre { background: var(--soft); padding: 1rem; overflow-x: auto; }
nav ul { columns: 20rem; gap: 2.5rem; padding-left: 1.2rem; } summary { cursor: pointer; padding: .3rem 0; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .75rem .4rem 0; text-align: left; vertical-align: top; }
td:first-child { overflow-wrap: anywhere; min-width: 16rem; } td:last-child { min-width: 8rem; }
"""


def text() -> str:
    document = asyncapi_document.document()
    messages = document["components"]["messages"]
    schemas = document["components"]["schemas"]
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        # The page loads nothing, and a browser holds it to that.
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
        f"<title>Usher's events</title><style>{STYLE}</style></head><body>",
        "<h1>Usher's events</h1>",
        f"<p>{_inline(document['info']['description'])} {_inline(document['operations']['sendEvent']['summary'])}</p>",
        f"<p>{_inline(document['channels']['events']['description'])}</p>",
        _contents(messages),
        *_envelope(schemas),
        *(part for message in messages.values() for part in _message(message, schemas)),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _contents(messages: dict[str, Any]) -> str:
    items = [
        f'<li><a href="#{name}"><code>{name}</code></a> {_inline(message["summary"])}</li>'
        for name, message in messages.items()
    ]
    return f"<nav><ul>{''.join(items)}</ul></nav>"


def _envelope(schemas: dict[str, Any]) -> list[str]:
    rows = [
        (f"<code>{name}</code>", _meaning(schema), "always" if name in schemas["Event"]["required"] else "where known")
        for name, schema in schemas["Event"]["properties"].items()
    ]
    return ['<h2 id="envelope">Every event</h2>', _table(("field", "meaning", "present"), rows)]


def _message(message: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    name = message["name"]
    yield f'<h2 id="{name}"><code>{name}</code></h2>'
    yield f"<p><strong>{_inline(message['summary'])}</strong></p>"
    yield f"<p>{_inline(message['description'])}</p>"
    events = samples.of_type(name)
    senders = sorted({(NAMES[event["provider"]], event.get("providertype", "")) for event in events})
    shown = ", ".join(f"{sender} <code>{html.escape(own)}</code>" if own else sender for sender, own in senders)
    yield f"<p>Among the samples: {shown}.</p>"
    yield _table(("field", "meaning, and where a provider has it", "in the samples of"), list(_fields(events, schemas)))
    example = json.dumps(message["examples"][0]["payload"], indent=2, ensure_ascii=False)
    yield f"<details><summary>An example</summary><pre>{html.escape(example)}</pre></details>"


def _fields(events: list[dict[str, Any]], schemas: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The fields of `data` that the samples of a type have, in the schema's order of names."""
    seen: dict[str, tuple[str, set[str]]] = {}
    for event in events:
        for path, meaning in _walk(event["data"], {"$ref": "#/components/schemas/Data"}, schemas, "data"):
            seen.setdefault(path, (meaning, set()))[1].add(NAMES[event["provider"]])
    for path, (meaning, providers) in sorted(seen.items()):
        yield f"<code>{html.escape(path)}</code>", meaning, ", ".join(sorted(providers))


def _walk(value: Any, schema: dict[str, Any], schemas: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    schema = _resolved(schema, schemas)
    if isinstance(value, list):
        for member in value:
            yield from _walk(member, schema.get("items", {}), schemas, f"{path}[]")
    elif isinstance(value, dict):
        for name, member in value.items():
            own = schema.get("properties", {}).get(name)
            if own is not None:
                yield f"{path}.{name}", _meaning(own)
                yield from _walk(member, own, schemas, f"{path}.{name}")


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    for reference in [schema, *schema.get("allOf", [])]:
        if "$ref" in reference:
            resolved: dict[str, Any] = schemas[reference["$ref"].rsplit("/", 1)[1]]
            return resolved
    return schema


def _meaning(schema: dict[str, Any]) -> str:
    return "<br>".join(_inline(paragraph) for paragraph in schema.get("description", "").split("\n\n"))


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    header = "".join(f"<th>{name}</th>" for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{header}</tr></thead><tbody>\n{body}</tbody></table></div>'


def _inline(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
