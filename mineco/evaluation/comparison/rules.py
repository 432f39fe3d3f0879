"""What two cases are held to and is not the same: factors, options and accounting rules, and the standard."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from mineco.core.quantity import Factor
from mineco.evaluation.case import Case, ChosenOption
from mineco.evaluation.comparison.changes import Change, Plain, told
from mineco.evaluation.comparison.data import ACTIVITY, entry_change, is_own_factor, row_changes
from mineco.standards.standard import Standard, home_of
from mineco.standards.vocabulary import Account, Part

OF_WEIGHTS = ("levels", "judgements", "panel_weights")  # fields of a standard that belong to its weights


def factor_changes(first: Case, second: Case, used: Collection[str], own_rows: bool = True) -> Iterator[Change]:
    """The factors in use that are not the same, and the mine's own: rows of activity.csv and choices in mine.yaml.

    ``used`` are ids of the factors that either result asks for.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.evaluation.variants.what_if import what_if
    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> other = what_if(quarry, factors={"NDRC2014.diesel.NCV": 40})
    >>> [(one.key, one.before, one.after) for one in factor_changes(quarry, other, ["NDRC2014.diesel.NCV"])]
    [(('NDRC2014.diesel.NCV',), 43.33, 40.0)]
    """
    if own_rows:
        yield from row_changes(first, second, "factors", [ACTIVITY],
                               lambda row, case: is_own_factor(row, case.standard))
    one, other = first.dossier.mine.factors, second.dossier.mine.factors
    for name in dict.fromkeys([*one, *other]):
        if one.get(name) != other.get(name):
            yield entry_change("factors", "factors", one.get(name), other.get(name), name)
    for id, (before, after) in unlike_factors(first, second).items():
        if id in used:
            yield Change(cause="factors", file="factors", key=(id,), **told(_factor(before), _factor(after)),
                         apply=_with_factor(id, after))


def _with_factor(id: str, row: Factor | None) -> Callable[[Case], Case]:
    return lambda case: replace(case, factors=case.factors.with_rows({id: row}))


def unlike_factors(first: Case, second: Case) -> dict[str, tuple[Factor | None, Factor | None]]:
    """The factors that are not the same in what a result can rest on, whether it does or not."""
    if first.factors is second.factors:
        return {}
    ours, theirs = ({one.id: one for one in case.factors} for case in (first, second))
    return {id: (ours.get(id), theirs.get(id)) for id in dict.fromkeys([*ours, *theirs])
            if _factor(ours.get(id)) != _factor(theirs.get(id))}


def _factor(one: Factor | None) -> Plain | None:
    """What a result can rest on of a factor; a suspect one is never found but by its id."""
    return None if one is None else {
        "value": (float(one.value), one.unit), "quantity": (one.quantity, ""), "edition": (one.edition, ""),
        "data_year": (one.data_year, ""), "status": ("suspect" if one.status == "suspect" else "", ""),
        **{name: (facet, "") for name, facet in one.facets.items()}}


def option_changes(first: Case, second: Case) -> Iterator[Change]:
    """The options whose value is not the same, whoever set them; one that only one standard knows belongs to it.

    >>> from mineco.evaluation.case import open_case
    >>> quarry = "parameters/mines/tiny-quarry"
    >>> [(one.key, one.after) for one in option_changes(open_case(quarry), open_case(quarry, gwp="AR5"))]
    [(('gwp',), 'AR5')]
    """
    for name, one in first.options.items():
        other = second.options.get(name)
        stated = [case.dossier.mine.options.get(name) for case in (first, second)]
        if other is not None and (one.value != other.value or stated[0] != stated[1]):
            yield Change(cause="method", file="options", key=(name,), how="changed", before=str(one.value),
                         after=str(other.value), apply=_with_option(name, other, stated[1]))


def _with_option(name: str, chosen: ChosenOption, stated: bool | str | None) -> Callable[[Case], Case]:
    """The case under an option, which mine.yaml states or not: it says too in which set the dossier states CO2e."""
    def apply(case: Case) -> Case:
        options = {key: one for key, one in case.dossier.mine.options.items() if key != name}
        mine = case.dossier.mine.model_copy(update={
            "options": options if stated is None else {**options, name: stated}})
        return replace(case, options={**case.options, name: chosen}, dossier=replace(case.dossier, mine=mine))

    return apply


def standard_changes(first: Standard, second: Standard) -> Iterator[Change]:
    """The parts of the standard that are not the same, without weights, and without what accounts have in common.

    One that is only in either is exchanged with all else.

    >>> from mineco.standards.load import load_standard
    >>> own = load_standard("carbon-neutral-mine-2025")
    >>> [one.key for one in standard_changes(own, own.with_knots({"E2.5": [(50, 0), (100, 100)]}))]
    [('E2.5',)]
    """
    for name, field in Standard.model_fields.items():
        if name in Account.model_fields or name in (*OF_WEIGHTS, "id"):
            continue
        one, other = getattr(first, name), getattr(second, name)
        file = home_of(field.alias or name).file
        if not isinstance(one, Mapping):
            if one != other:
                yield Change(cause="standard", file=file, key=(name,), **told(_part(one), _part(other)),
                             apply=_with_field(name, other))
            continue
        for key in dict.fromkeys([*one, *other]):
            before, after = one.get(key), other.get(key)
            if _weightless(before) != _weightless(after):
                both = before is not None and after is not None
                yield Change(cause="standard", file=file, key=(key,), **told(_part(before), _part(after)),
                             apply=_with_part(name, key, after) if both else None)


def _with_field(name: str, value: Any) -> Callable[[Case], Case]:
    return lambda case: replace(case, standard=case.standard.model_copy(update={name: value}))


def _with_part(name: str, key: str, part: Any) -> Callable[[Case], Case]:
    """The case with one part of its standard exchanged; a weight in it stays."""
    def apply(case: Case) -> Case:
        given = getattr(case.standard, name)
        new = part.model_copy(update={"weight": given[key].weight}) if hasattr(part, "weight") else part
        return replace(case, standard=case.standard.model_copy(update={name: {**given, key: new}}))

    return apply


def _weightless(part: Any) -> Any:
    return part.model_copy(update={"weight": 0.0}) if hasattr(part, "weight") else part


def _part(value: Any) -> Plain | None:
    """The number or the text of a part of a standard; of one with more in it, nothing but that it is there."""
    if value is None:
        return None
    number = getattr(value, "value", None)
    if isinstance(number, float):
        return {"value": (number, str(getattr(value, "unit", "")))}
    return {} if isinstance(value, Part | tuple) else {"value": (str(value), "")}
