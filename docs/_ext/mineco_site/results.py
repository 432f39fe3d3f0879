"""What stands in results.json: every form of it with its keys, from ``docs/results.schema.json``."""

import functools
import json
from pathlib import Path
from typing import Any

from docutils import nodes

from mineco.core.formatting import DASH
from mineco_site.make import code, joined, link, paragraph, section, table
from mineco_site.texts import headings, text

SCHEMA = Path(__file__).parents[2] / "results.schema.json"
BOUNDS = {"minimum": "≥ {}", "maximum": "≤ {}", "exclusiveMinimum": "> {}", "pattern": "/{}/", "format": "{}"}


@functools.cache
def forms() -> dict[str, Any]:
    """The forms of the schema by their names."""
    return json.loads(SCHEMA.read_text("utf-8"))["$defs"]


def results(language: str) -> list[nodes.Node]:
    """A section for each form: whole results first, then what they are made of."""
    whole = [name for name in forms() if name.endswith("Results")]
    parts = [name for name in forms() if name not in whole]
    return [form_section(language, name, forms()[name]) for name in (*whole, *parts) if "properties" in forms()[name]]


def form_section(language: str, name: str, form: dict[str, Any]) -> nodes.section:
    """One form: what it is, and its keys."""
    rows = [[code(key), joined(typed(one), " "), DASH if key in form.get("required", ()) else
             text(language, "may_be_absent")] for key, one in form["properties"].items()]
    told = [paragraph(form["description"].replace("\n", " "))] if "description" in form else []
    return section(name, name, *told, table(headings(language, "key", "type", "note"), rows))


def typed(one: dict[str, Any]) -> list[str | nodes.Node]:
    """The type of a value, as it is said in a line."""
    if "$ref" in one:
        name = one["$ref"].rpartition("/")[2]
        if name and "properties" not in forms()[name]:  # only another name for a type
            return typed(forms()[name])
        return [link(name, name) if name else "results.json"]
    if "anyOf" in one:
        return joined((joined_type(part) for part in one["anyOf"]), "|")
    if "enum" in one or "const" in one:
        values = one.get("enum", [one.get("const")])
        return joined((code(json.dumps(value, ensure_ascii=False)) for value in values), "|")
    if one.get("type") == "array":
        inner = one.get("items") or {}
        return ["[", *(typed(inner) if inner else ["…"]), "]"]
    if one.get("type") == "object" and isinstance(one.get("additionalProperties"), dict):
        return ["{…:", *typed(one["additionalProperties"]), "}"]
    bounds = ", ".join(form.format(one[key]) for key, form in BOUNDS.items() if key in one)
    return [" ".join(filter(None, (str(one.get("type", "…")), bounds)))]


def joined_type(one: dict[str, Any]) -> nodes.Node:
    """A type of several as one piece."""
    parts = joined(typed(one), " ")
    return nodes.inline("", "", *(nodes.Text(part) if isinstance(part, str) else part for part in parts))
