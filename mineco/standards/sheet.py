"""A YAML file of a standard, taken apart into its parts with every problem noted at its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mineco.core.errors import Problems
from mineco.core.yaml_reading import read_yaml
from mineco.standards.vocabulary import AnyPart, Text

MESSAGES = {"missing": "standard_key_missing", "extra_forbidden": "standard_key_unknown"}
NESTED = ("items", "steps")  # mappings whose keys are the ids of what they hold


class Sheet:
    """One YAML file, taken apart key by key; what nobody takes is an unknown key."""

    def __init__(self, path: Path, problems: Problems) -> None:
        self.file = path.name if path.parent.name != "accounting" else f"accounting/{path.name}"
        self.problems = problems
        self.left: dict[str, Any] = {}
        with problems.collect():
            self.left = read_yaml(path)
        self.names = frozenset(self.left)

    def take(self, key: str, otherwise: Any = None) -> Any:
        if key not in self.left and otherwise is None:
            self.problems.add("standard_key_missing", file=self.file, column=key)
        return self.left.pop(key, otherwise)

    def identity(self) -> dict[str, Any]:
        """The fields of `Standard` that name it."""
        given = {key: self.take(key) for key in ("id", "name", "edition", "draft", "notice", "publisher", "source")}
        for key in ("name", "notice", "publisher"):
            given[key] = self.build(Text, given[key], key)
        return given

    def part(self, key: str, kind: type[AnyPart]) -> AnyPart | None:
        return self.build(kind, self.take(key), key)

    def parts(self, key: str, kind: type[AnyPart], optional: bool = False) -> dict[str, AnyPart]:
        """A mapping of parts under one key; each part's id is its own key."""
        return dict(self.built(key, self.take(key, {} if optional else None), kind))

    def rest(self, kind: type[AnyPart]) -> dict[str, AnyPart]:
        """All that is left in the file as parts by id."""
        taken, self.left = self.left, {}
        return dict(self.built("", taken, kind))

    def built(self, key: str, given: Any, kind: type[AnyPart]) -> Iterator[tuple[str, AnyPart]]:
        if not isinstance(given, dict):
            self.problems.add("not_a_mapping_of_parts", file=self.file, row=key, value=given)
            return
        for name, body in given.items():
            path = f"{key}.{name}" if key else name
            if isinstance(body, dict) and "id" in body:
                self.problems.add("standard_key_unknown", file=self.file, row=path, column="id", value=body["id"])
            part = self.build(kind, with_ids(body, name), path)
            if part is not None:
                yield name, part

    def build(self, kind: type[AnyPart], body: Any, path: str) -> AnyPart | None:
        try:
            return kind.model_validate(body)
        except ValidationError as error:
            for wrong in error.errors(include_url=False):
                place = ".".join([path, *(str(step) for step in wrong["loc"])])
                message = MESSAGES.get(wrong["type"], "standard_bad_value")
                value = "" if message == "standard_key_missing" else wrong["input"]
                self.problems.add(message, file=self.file, row=place, column=str((wrong["loc"] or ("",))[-1]),
                                  value=value if isinstance(value, str | int | float) else "", why=wrong["msg"])
            return None

    def finish(self) -> None:
        for key in self.left:
            self.problems.add("standard_key_unknown", file=self.file, column=key)


def with_ids(body: Any, name: str) -> Any:
    """A mapping with its own key as ``id``, and so for the mappings of parts inside it."""
    if not isinstance(body, dict):
        return body
    inner = {key: {one: with_ids(part, one) for one, part in body[key].items()} for key in NESTED
             if isinstance(body.get(key), dict)}
    return {**body, **inner, "id": name}
