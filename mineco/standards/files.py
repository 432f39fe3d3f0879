"""Files of a standard as models: every problem at its place, and every id that is cited held to those that exist."""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from mineco.core.errors import Problems
from mineco.core.yaml_reading import read_yaml
from mineco.standards.vocabulary import AnyPart, Cites, Part

MESSAGES = {"missing": "standard_key_missing", "extra_forbidden": "standard_key_unknown"}
OF_A_PART = ("value_error", "model_type")  # kinds of errors that are those of a part as a whole, and of no key in it
MAX_KNOWN = 40  # ids told beside one that does not exist


class Home(NamedTuple):
    """Where a field of a model stands: the file, and its key there; blank where the file is nothing but the field."""

    file: str
    key: str

    def row(self, path: str) -> str:
        """The path of a value within the file, from that within the field."""
        return ".".join(filter(None, (self.key, path)))


def mapping_of(path: Path, problems: Problems) -> dict[str, Any]:
    """What stands in a YAML file; nothing where it cannot be read, which is noted."""
    with problems.collect():
        return read_yaml(path)
    return {}


def build(kind: type[AnyPart], given: Mapping[str, Any], problems: Problems,
          home: Callable[[str], Home]) -> AnyPart | None:
    """A model from the values of its keys; None where that cannot be, with every problem noted at its home."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        for wrong in error.errors(include_url=False):
            field, *inner = (str(step) for step in wrong["loc"] or ("",))
            at, message = home(field), MESSAGES.get(wrong["type"], "standard_bad_value")
            value = wrong["input"] if isinstance(wrong["input"], str | int | float) else ""
            if not inner and wrong["type"] == "missing":
                problems.add(message, file=at.file, column=field)
            elif not inner and wrong["type"] == "dict_type":
                problems.add("not_a_mapping_of_parts", file=at.file, row=at.key, value=wrong["input"])
            else:
                whole = len(inner) < 2 and wrong["type"] in OF_A_PART
                problems.add(message, file=at.file, row=at.row(".".join(inner)),
                             column="" if whole else (inner or [field])[-1],
                             value=value, why=wrong["msg"])
        return None


def given_in(folder: Path, kind: type[Part], home: Callable[[str], Home], problems: Problems,
             room: str = "") -> dict[str, Any]:
    """What the files of a folder say, by key of the model; a key that its file should not have is noted."""
    homes = {key: home(key) for key in (field.alias or name for name, field in kind.model_fields.items())}
    found: dict[str, Any] = {}
    for file in dict.fromkeys(at.file for at in homes.values() if at.file.endswith(".yaml")):
        path = Path(file)
        if path.parent.name != room:
            continue
        body = mapping_of(folder / path.name, problems)
        fields = {at.key: name for name, at in homes.items() if at.file == file}
        found |= {name: body.pop(key) for key, name in fields.items() if key in body}
        if "" in fields:
            found[fields[""]] = body
        else:
            for key in body:
                problems.add("standard_key_unknown", file=file, column=key)
    return found


def read_part(kind: type[AnyPart], path: Path, problems: Problems, **beside: Any) -> AnyPart:
    """A model that one file holds, but for what is given ``beside``; stops with every problem of the file."""
    def home(field: str) -> Home:
        return Home("" if field in beside else path.name, field)

    found = build(kind, {**given_in(path.parent, kind, home, problems), **beside}, problems, home)
    problems.stop()
    assert found is not None
    return found


def citations(part: Part, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Every id that a part and those inside it cite: the path of keys, what the id names, the id.

    >>> from mineco.standards.vocabulary import Metric
    >>> said = {"zh": "煤", "en": "coal"}
    >>> list(citations(Metric(id="a", name=said, units=("t",), within="b", meaning=said)))
    [('within', 'metrics', 'b')]
    """
    for name, field in type(part).model_fields.items():
        value, at = getattr(part, name), f"{place}{field.alias or name}"
        for mark in field.metadata:
            if isinstance(mark, Cites):
                ids = (value,) if isinstance(value, str) else value or ()
                yield from ((at, mark.what, one) for one in ids if one)
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
        for key, one in inner:
            if isinstance(one, Part):
                yield from citations(one, f"{at}.{getattr(one, 'id', key)}.")
        if isinstance(value, Part):
            yield from citations(value, f"{at}.")


def check_citations(part: Part, known: Mapping[str, Collection[str]], problems: Problems,
                    home: Callable[[str], Home]) -> None:
    """Note every cited id that is none of those known; what ``known`` does not name is not looked at."""
    for place, what, given in citations(part):
        if what in known and given not in known[what]:
            field, _, path = place.partition(".")
            note_unknown(home(field), path, given, known[what], problems)


def note_unknown(home: Home, path: str, given: str, known: Collection[str], problems: Problems,
                 column: str = "") -> None:
    """Note an id that does not exist, with those that do."""
    problems.add("standard_unknown_id", file=home.file, row=home.row(path), column=column, value=given,
                 known=", ".join(list(known)[:MAX_KNOWN]))
