"""Strict YAML: values built from events, so that what is not wanted is refused before it is built."""

import functools
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.kit import parameters
from mineco.core.reading.decoding import forbidden
from mineco.core.reading.files import read_text

LARGEST_YAML = 500_000  # bytes
DEEPEST_YAML = 20
QUOTED = ("'", '"', "|", ">")
WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
BEGINS_A_NUMBER = re.compile(r"[-+]?[.0-9]")


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML 1.2 file whose top is a mapping with text keys.

    Refused: anchors, aliases and tags (they hide copies and code), duplicate keys, several documents. Numbers are
    decimal without leading zeros; ``true`` and ``false`` are the only booleans; a date stays text.

    """
    return read_yaml_lines(path)[0]


@functools.cache
def kit_data(name: str) -> dict[str, Any]:
    """What a YAML file of the kit's parameters says; read once.

    >>> kit_data("dossier/plausible.yaml")["between_years"]["most"]
    6
    """
    return read_yaml(parameters() / name)


def read_yaml_lines(path: Path) -> tuple[dict[str, Any], dict[tuple[str | int, ...], int]]:
    """The mapping of `read_yaml`, and the line number at which each of its values stands, by path of keys."""
    path = Path(path)
    text = read_text(path, LARGEST_YAML)
    lines: dict[tuple[str | int, ...], int] = {}
    problems = Problems()
    value = None
    try:
        value = _Builder(path.name, lines, problems).document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except MarkedYAMLError as error:
        problems.add("not_yaml", file=path.name, why=error.problem or "",
                     row=error.problem_mark.line + 1 if error.problem_mark else "")
    except YAMLError as error:
        problems.add("not_yaml", file=path.name, why=str(error).splitlines()[0])
    problems.stop()
    if not isinstance(value, dict):
        raise BadInput(Problem("not_a_mapping", path.name, 1))
    return value, lines


class _Builder:
    """Values from a stream of YAML events, so that what is not wanted is refused before it is built."""

    def __init__(self, file: str, lines: dict[tuple[str | int, ...], int], problems: Problems) -> None:
        self.file = file
        self.lines = lines
        self.problems = problems

    def document(self, stream: Iterable[Event]) -> Any:
        self.events = iter(stream)
        value: Any = None
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if event.version or event.tags:
                    self.refuse("yaml_directive", event)
                if documents > 1:
                    self.refuse("several_documents", event)
            elif isinstance(event, NodeEvent):
                built = self.node(event, ())
                value = built if documents == 1 else value
        return value

    def refuse(self, message: str, event: Event, value: object = "") -> None:
        assert event.start_mark  # libyaml marks every event
        self.problems.add(message, file=self.file, row=event.start_mark.line + 1, value=value)

    def node(self, event: Any, path: tuple[str | int, ...]) -> Any:
        self.lines[path] = event.start_mark.line + 1
        if len(path) > DEEPEST_YAML:
            self.refuse("yaml_too_deep", event)
            self.problems.stop()
        if event.anchor:  # an alias carries the name of its anchor too
            self.refuse("yaml_anchor", event, event.anchor)
        if isinstance(event, AliasEvent):
            return None
        if event.tag:
            self.refuse("yaml_tag", event, event.tag)
        if isinstance(event, ScalarEvent):
            return self.scalar(event)
        if isinstance(event, MappingStartEvent):
            return self.mapping(path)
        built: list[Any] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            built.append(self.node(event, (*path, len(built))))
        return built

    def mapping(self, path: tuple[str | int, ...]) -> dict[str, Any]:
        built: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self.node(event, (*path, ""))
            if not isinstance(key, str):
                self.refuse("key_not_text", event, key)
            elif key in built:
                self.refuse("duplicate_key", event, key)
            built[str(key)] = self.node(next(self.events), (*path, str(key)))
        return built

    def scalar(self, event: ScalarEvent) -> Any:
        """A plain scalar by the core schema of YAML 1.2; a quoted one is text."""
        text = event.value
        hidden = next((mark for mark in text if forbidden(mark)), "") if event.style == '"' else ""
        if hidden:  # written as an escape, as "\u202e" is
            self.refuse("escaped_character", event, f"U+{ord(hidden):04X}")
        if event.style in QUOTED:
            return text
        if text in WORDS:
            return WORDS[text]
        if not BEGINS_A_NUMBER.match(text):
            return text
        if re.fullmatch(r"[-+]?(0|[1-9][0-9]*)", text):
            return int(text) if len(text) < 40 else self.refuse("not_a_number", event, text)
        if re.fullmatch(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?", text) and math.isfinite(float(text)):
            return float(text)
        if re.fullmatch(r"[-+]?[0-9.]+([eE][-+]?[0-9]+)?|[-+]?\.(inf|nan)|0[xo][0-9a-fA-F]+", text, re.IGNORECASE):
            self.refuse("unquoted_number", event, text)
        return text
