"""The YAML files that users write, as models: known keys and exact types only, and each problem with its line."""

import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from mineco.core.errors import BadInput, Problems
from mineco.core.lazy import Brief
from mineco.core.reading.cells import read_date
from mineco.core.reading.files import resolve_inside
from mineco.core.yaml_reading import read_yaml_lines

Year = Annotated[int, Field(ge=1900, le=2100)]
Share = Annotated[float, Field(ge=0, le=1)]
NotNegative = Annotated[float, Field(ge=0, le=1e15)]
MaybeWord = Annotated[str, BeforeValidator(lambda given: "" if given is None else given)]


def _date(given: Any) -> datetime.date:
    if isinstance(given, str):
        try:
            return read_date(given)
        except BadInput as error:
            raise ValueError(error.problems[0].message) from error
    raise ValueError("not_a_date")


Date = Annotated[datetime.date, BeforeValidator(_date)]
ID = r"[^\W_][\w.-]{0,60}"  # letters of any script, digits, and - _ . between: it names folders on every system
Id = Annotated[str, Field(pattern=f"^{ID}$")]

AnyModel = TypeVar("AnyModel", bound=BaseModel)
Lines = dict[tuple[str | int, ...], int]  # of the keys of a YAML file, by path


class FrozenModel(Brief, BaseModel):
    """A frozen mapping with known keys and exact types only."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


MESSAGES = {  # of pydantic's kinds of error; the others are "bad_value" with pydantic's own words
    "missing": "missing_key", "extra_forbidden": "unknown_key", "string_type": "not_text",
    "bool_type": "not_true_or_false", "model_type": "not_several_entries", "dict_type": "not_several_entries",
    "list_type": "not_a_list", "tuple_type": "not_a_list",
    "string_too_short": "missing_text", "string_pattern_mismatch": "bad_id", "float_type": "not_a_number",
    "int_type": "not_a_whole_number", "int_from_float": "not_a_whole_number", "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range", "literal_error": "not_in_list",
}
OURS = ("not_a_date", "base_year_after_reporting_year", "report_before_its_year", "longitude_or_latitude_alone",
        "items_or_standard", "measure_cost_in_part", "target_in_one_way", "target_not_after_base_year",
        "cost_low_above_high", "scale_not_rising", "low_above_high", "status_not_of_panel", "missing_text", "not_text")


def read_model(kind: type[AnyModel], path: Path | str, problems: Problems, folder: Path | None = None
               ) -> tuple[AnyModel | None, Lines]:
    """The model of a YAML file that a user wrote, and the line of each of its keys.

    None when something is wrong, which is noted with its line. A file of a folder must lie inside it.
    """
    with problems.collect():
        path = resolve_inside(folder, str(path)) if folder else Path(path)
        given, lines = read_yaml_lines(path)
        try:
            return kind.model_validate(given), lines
        except ValidationError as error:
            _note_errors(error, lines, path.name, problems)
            return None, lines
    return None, {}


def readable_part(kind: type[AnyModel], given: Any) -> AnyModel | None:
    """The model of what can be read of a mapping, without the entries that are wrong; None where too much is.

    So that names in the rest are looked at too, and all that is wrong is told at once.

    >>> class Example(FrozenModel):
    ...     costs: dict[str, float] = {}
    ...     draws: int = 100
    >>> readable_part(Example, {"costs": {"grass": "six", "gras": 6.0}, "draws": "many"}).costs
    {'gras': 6.0}
    """
    while True:
        try:
            return kind.model_validate(given)
        except ValidationError as error:
            given = _without(given, error.errors(include_url=False)[0]["loc"])
        if given is None:
            return None


def _without(given: Any, path: tuple[str | int, ...]) -> Any:
    """A mapping without the entry at a path; without the nearest one above it where that is not there. None: nothing
    is left."""
    if not (path and isinstance(given, dict) and path[0] in given):
        return None
    rest = _without(given[path[0]], path[1:])
    others = {name: one for name, one in given.items() if name != path[0]}
    return others if rest is None else {**others, path[0]: rest}


def _note_errors(error: ValidationError, lines: Lines, file: str, problems: Problems) -> None:
    """What pydantic found, in our words: of each key one problem."""
    seen: set[tuple[str | int, ...]] = set()
    for wrong in error.errors(include_url=False):
        path = wrong["loc"][:2] if wrong["loc"][:1] == ("options",) else wrong["loc"]  # without pydantic's branch
        if path in seen:
            continue
        seen.add(path)
        reason = str(wrong["ctx"]["error"]) if wrong["type"] == "value_error" else ""
        message = reason if reason in OURS else MESSAGES.get(wrong["type"], "bad_value")
        if wrong["input"] is None and wrong["type"] != "missing" or (message == "bad_id" and not wrong["input"]):
            message = "missing_entry"
        if path[:1] == ("options",):  # true or false is read already: what is left should be a word
            message = "not_text"
        value = wrong["input"] if isinstance(wrong["input"], str | int | float) else ""
        limit = wrong.get("ctx", {})
        details = {"minimum": limit.get("ge", "—"), "maximum": limit.get("le", "—"),
                   "allowed": limit.get("expected", ""), "why": wrong["msg"]}
        problems.add(message, file=file, row=line_of(lines, path), column=".".join(map(str, path)),
                     value=value, **details)


def line_of(lines: Lines, path: tuple[str | int, ...]) -> int | str:
    """The line of a key, or of the nearest key above it that stands in the file.

    >>> line_of({(): 1, ("name",): 3}, ("name", "zh"))
    3
    """
    return next((lines[path[:length]] for length in range(len(path), -1, -1) if path[:length] in lines), "")
