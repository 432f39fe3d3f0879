"""What mineco stands on: each package, why it is there, which version is locked, under which licence it comes."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from docutils import nodes

from mineco.core.formatting import DASH
from mineco.core.yaml_reading import read_yaml
from mineco_site.make import code, table
from mineco_site.texts import headings, text

ROOT = Path(__file__).parents[3]
CHINESE = Path(__file__).with_name("dependencies.yaml")
NAME = re.compile(r"[\w.-]+")
ROW = re.compile(r"^\| `([\w.-]+)` \| ([^|]+) \|", re.MULTILINE)
LOCKED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
LONGEST_NAME = 40  # characters: what is longer is the text of a licence
LICENCE = "License :: OSI Approved :: "


def dependencies(language: str) -> list[nodes.Node]:
    """A row for each package that pyproject.toml names."""
    versions = dict(LOCKED.findall((ROOT / "requirements.lock").read_text("utf-8")))
    told = reasons(language)
    rows = [[code(name), versions.get(name.lower(), DASH), ", ".join(parts) or text(language, "core"), told[name],
             licence(name)] for name, parts in asked().items()]
    shown = headings(language, "package", "version", "part_of", "why", "licence")
    return [table(shown, rows, list(asked()), "filtered")]


def asked() -> dict[str, list[str]]:
    """The packages, each with the extras that it belongs to; none for what mineco itself needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found = {name_of(line): list[str]() for line in project["dependencies"]}
    for extra, lines in project["optional-dependencies"].items():
        for line in lines:
            found.setdefault(name_of(line), []).append(extra)
    return found


def name_of(line: str) -> str:
    """The package that a requirement is of.

    >>> name_of("click>=8.1")
    'click'
    """
    found = NAME.match(line)
    assert found
    return found[0]


def reasons(language: str) -> dict[str, str]:
    """Why each is there: in English as CONTRIBUTING.md says it, in Chinese from the file beside this one."""
    if language == "zh":
        return read_yaml(CHINESE)
    return dict(ROW.findall((ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Dependencies")[2]))


def licence(name: str) -> str:
    """The licence that the installed package states, in few words."""
    try:
        known = dict(metadata(name).json)
    except PackageNotFoundError:
        return DASH
    named = [one.removeprefix(LICENCE) for one in known.get("classifier", ()) if one.startswith(LICENCE)]
    short = str(known.get("license", ""))
    return str(known.get("license_expression", "")) or "; ".join(named) or (
        short if 0 < len(short) < LONGEST_NAME else DASH)
