"""A comparison as pieces of a report: both results, the terms of the change, the single things, and what is to know.

Rule: no number is made here.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from mineco.core.formatting import DASH, decimals_of_sum, format_change, format_exact, format_number
from mineco.core.labels import begun, label, problem_text
from mineco.evaluation.case import Case
from mineco.evaluation.comparison.changes import CHANGED, Change
from mineco.evaluation.comparison.found import Comparison, Item, Step
from mineco.evaluation.comparison.sides import VERSION
from mineco.evaluation.registry import evaluation_module
from mineco.evaluation.views.words import (
    headed,
    join_names,
    key_name,
    level_name,
    named,
    short_grade,
    source_name,
    titled,
)
from mineco.report.tables import Block, below, show, show_text

NAMES = {"emissions_t_co2e": "emissions", "score": "score", "restoration_removals_t_co2e": "restoration_removals",
         "zones_ha": "zones_area", "additional_t_co2": "benefit_additional"}  # labels of figures
NO_FILES = ("options", "factors", "weights")  # where a change stands that stands in no one file
OF_INDICATORS = ("ratings.csv", "indicators.yaml")
LISTED = 8  # single things of all causes, and parts of a figure
DIGITS = 8  # of a digest, as it is told


def whole(found: Comparison, every: bool = False) -> Block:
    """The comparison: both results, what explains the change, the single things, and how to read it."""
    head = show_text(label("compare_head").format(mine=named(found.first.case.dossier.mine), first=found.first.name,
                                                  second=found.second.name))
    if found.same:
        return below([head, results(found), show_text(label("compare_same"))])
    lines = [show_text("\n".join(told)) if told else None for told in (how_to_read(found), remarks(found))]
    blocks = [head, results(found), terms(found), lines[0], *(parts(found, every) if found.by_year else []),
              *items(found, every), lines[1]]
    return below(one for one in blocks if one is not None)


def results(found: Comparison) -> Block:
    """Figures and grade of both results, as they were recorded."""
    one, other = found.recorded
    rows = [{"item": label(NAMES[name]), "compare_first": format_number(one.figures[name], unit),
             "compare_second": format_number(other.figures[name], unit),
             "compare_change": signed(found.change(name), unit)} for name, unit in found.figures.items()]
    if one.grade is not None or other.grade is not None:
        rows.append({"item": label("grade"), "compare_first": grade(found, one.grade),
                     "compare_second": grade(found, other.grade), "compare_change": ""})
    return show(rows, "compare_results")


def grade(found: Comparison, name: str | None) -> str:
    """A grade by its letter; a dash for none."""
    return DASH if name is None else short_grade(found.standard, name)


def signed(value: float, unit: str = "", digits: int = 4) -> str:
    """A change with its sign.

    >>> signed(1.5, "t"), signed(-1234.5, "t"), signed(0.0)
    ('+1.5 t', '−1,234 t', '0')
    """
    return f"{'+' if value > 0 else ''}{format_number(value, unit, digits)}"


def terms(found: Comparison) -> Block:
    """The terms of the change of each figure, their ranges over all orders, and the steps that change the grade."""
    grades: dict[tuple[str, ...], list[str]] = {}
    for causes, before, after, key in found.grade_steps():
        grades.setdefault(causes, []).append(label("compare_grade").format(
            before=grade(found, before), after=grade(found, after), key=label(f"binding_{key}")))
    steps: list[tuple[tuple[str, ...], Step | None]] = [(one.causes, one) for one in found.steps]
    version = "cause_recorded" if found.first.version == found.second.version else "cause_version"
    steps += [((VERSION,), None)] if found.remade or version == "cause_version" else []
    columns = {"compare_cause": [*(label(version) if one is None else causes_name(one.causes) for _, one in steps),
                                 label("compare_all")]}
    units: dict[str, str] = {}
    for figure, unit in found.figures.items():
        changes = [found.version(figure) if one is None else one.change(figure) for _, one in steps]
        clean = [0.0 if found.rounds(figure, one) else one for one in (*changes, found.change(figure))]
        decimals = decimals_of_sum(clean[:-1], clean[-1])
        columns[_name(figure)] = [format_change(one, decimals) for one in clean]
        ranges = ["" if one is None else _range(found, one, figure, decimals) for _, one in steps]
        units |= {_name(figure): unit}
        if any(_is_ordered(found, one, figure) for one in found.steps):
            columns[_headed("compare_range", figure)] = [*ranges, ""]
            units |= {_headed("compare_range", figure): unit}
    if grades:
        columns[label("grade")] = [*(join_names(grades.get(causes, ())) for causes, _ in steps), ""]
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    return show(rows, "compare_terms", units=units)


def _is_ordered(found: Comparison, step: Step, figure: str) -> bool:
    """Whether a term is another one in another order."""
    low, high = step.ranges[figure]
    return not found.rounds(figure, high - low)


def _range(found: Comparison, step: Step, figure: str, decimals: int) -> str:
    if not _is_ordered(found, step, figure):
        return label("compare_any_order")
    low, high = (format_change(0.0 if found.rounds(figure, one) else one, decimals) for one in step.ranges[figure])
    return label("spread_range").format(low=low, high=high)


def _name(figure: str) -> str:
    return begun(label(NAMES[figure]))


def _headed(name: str, figure: str) -> str:
    return begun(label(name).format(figure=label(NAMES[figure])))


def causes_name(causes: tuple[str, ...]) -> str:
    """One cause, or several that cannot be told apart."""
    return " + ".join(label(f"cause_{one}") for one in causes)


def how_to_read(found: Comparison) -> list[str]:
    """The order, and what an order is worth."""
    if found.orders == 1:
        return [label("compare_how_one")] if found.steps else []
    names = " → ".join(causes_name(one.causes) for one in found.steps)
    return [label("compare_how").format(order=names, orders=found.orders)]


def items(found: Comparison, every: bool = False) -> list[Block]:
    """The rows, factors, options and parts that are not the same, those with the largest effect first."""
    given = [(step, one) for step in found.steps for one in step.items]
    if not given:
        return []
    quick = evaluation_module(found.standard.id).Evaluation.takes_arrays
    told = [pair for pair in given if _matters(found, pair[1]) or not quick]
    if not every:
        told = sorted(told, key=lambda pair: -_size(found, pair[1]))[:LISTED]
        told.sort(key=given.index)
    idle = sum(len(one.changes) for _, one in given if quick and not _matters(found, one))
    left = sum(_matters(found, one) or not quick for _, one in given) - len(told)
    ordered = quick and any(one.alone != one.added for _, one in told)
    said = [*([label("compare_how_items")] if ordered else []), *([] if quick else [label("compare_maps")]),
            *([label("compare_more").format(count=left)] if left else []),
            *([label("compare_idle").format(count=idle)] if idle else [])]
    return [*([_items_table(found, told)] if told else []), *([show_text("\n".join(said))] if said else [])]


def _effects(one: Item) -> Iterator[tuple[str, float]]:
    for told in (one.alone, one.added):
        yield from (told or {}).items()


def _matters(found: Comparison, one: Item) -> bool:
    return any(not found.rounds(figure, change) for figure, change in _effects(one))


def _size(found: Comparison, one: Item) -> float:
    """How large an effect is against the largest of its figure."""
    most = dict.fromkeys(found.figures, 0.0)
    for figure, change in (effect for step in found.steps for part in step.items for effect in _effects(part)):
        most[figure] = max(most[figure], abs(change))
    return max((abs(change) / most[figure] for figure, change in _effects(one) if most[figure]), default=0.0)


def _items_table(found: Comparison, told: Sequence[tuple[Step, Item]]) -> Block:
    """A row for each thing; of a figure one column where nothing depends on the order, else two."""
    rows, units = [dict[str, Any]() for _ in told], dict[str, str]()
    for row, (step, one) in zip(rows, told, strict=True):
        causes = tuple(dict.fromkeys(part.cause for part in one.changes)) or step.causes
        single = one.changes[0] if len(one.changes) == 1 else None
        row |= {"compare_cause": causes_name(causes), "what_is_changed": item_text(found, one),
                "changed_from": _value(single, "before"), "changed_to": _value(single, "after")}
    for figure, unit in found.figures.items():
        alone, added = ([given[figure] if given else None for given in effects] for effects in (
            [one.alone for _, one in told], [one.added for _, one in told]))
        ordered = any(one is None or other is None or not found.rounds(figure, one - other)
                      for one, other in zip(alone, added, strict=True))
        columns = {_headed("compare_alone", figure): alone, _headed("compare_added", figure): added}
        for head, values in columns.items() if ordered else [(_name(figure), added)]:
            units[head] = unit
            for row, value in zip(rows, values, strict=True):
                row[head] = DASH if value is None else signed(0.0 if found.rounds(figure, value) else value)
    return show(rows, "compare_items", units=units)


def _value(one: Change | None, name: str) -> str:
    value = getattr(one, name) if one else None
    if one is not None and value in (None, ""):
        gone = (one.how == "added") == (name == "before") or one.how == CHANGED
        return DASH if gone else label(f"how_{one.how}")
    return format_exact(value, one.unit if one else "") if isinstance(value, float) else value or DASH


def item_text(found: Comparison, one: Item) -> str:
    """What is exchanged, by the names of the dossier and the standard; files together."""
    if not one.changes:
        return label("compare_rest")
    files = [part.file for part in one.changes if not part.key]
    names = [change_name(found, part) for part in one.changes if part.key]
    return join_names([*names, *([label("compare_in_files").format(files=", ".join(files))] if files else [])])


def change_name(found: Comparison, one: Change) -> str:
    """A thing that is not the same, by its name where either result has one, and where it stands."""
    names = (_name_in(case, one) for case in (found.second.case, found.first.case))
    text = next(filter(None, names), " ".join(filter(None, one.key)))
    return text if one.file in NO_FILES else text + label("in_brackets").format(text=one.file)


def _name_in(case: Case, one: Change) -> str:
    """What a thing is called in a case; blank where it has no name there."""
    standard, key = case.standard, one.key
    if one.file == "activity.csv" and (source := standard.sources.get(key[1])) and key[3] in source.items:
        item = headed(source_name(case, source.id, key[2]), named(source.items[key[3]]))
        return " ".join(filter(None, (key[0], key[4], item)))
    if one.file == "metrics.csv" and key[1] in standard.metrics:
        return f"{key[0]} {named(standard.metrics[key[1]])}"
    if one.file == "options" and key[0] in standard.options:
        return named(standard.options[key[0]])
    if one.file == "factors":
        return next((f"{row.id} {named(row)}" for row in case.factors if row.id == key[0]), "")
    if one.file == "weights":
        return level_name(case, key[0])
    if one.file in OF_INDICATORS and key[0] in {**standard.indicators, **standard.groups}:
        return " ".join((titled(case, key[0]), *key[1:]))
    return ""


def parts(found: Comparison, every: bool = False) -> list[Block]:
    """Where the change by data shows: emissions by source, the score by indicator."""
    blocks = []
    for step in found.steps:
        if "data" not in step.causes:
            continue
        for figure, unit in found.figures.items():
            table = found.parts(figure)
            column = "+".join(step.causes)
            if not len(table):
                continue
            moved = table[column][[not found.rounds(figure, one) for one in table[column]]]
            moved = moved.reindex(moved.abs().sort_values(ascending=False).index)
            rows = [{"compare_part": key_name(found.second.case, str(name)), "compare_change": signed(float(value))}
                    for name, value in (moved if every else moved.head(LISTED)).items()]
            caption = label("compare_parts").format(cause=causes_name(step.causes), figure=_name(figure))
            blocks.append(show(rows, caption, units={"compare_change": unit}))
    return blocks


def remarks(found: Comparison) -> list[str]:
    """What is to know of the comparison beside its numbers."""
    one, other = found.first, found.second
    explained = evaluation_module(found.standard.id).Evaluation.explained
    told = [label("compare_years").format(first=one.case.year, second=other.case.year)] if found.by_year else []
    told += [label("compare_joined").format(causes=causes_name(step.causes), reason=problem_text(step.why[0]))
             for step in found.steps if step.why]
    told += [label("compare_no_figure").format(figure=_name(name)) for name in explained if name not in found.figures]
    told += [label("compare_unused").format(count=found.unused)] if found.unused else []
    if one.version != other.version:
        told.append(label("compare_versions").format(first=one.version or DASH, second=other.version or DASH))
    elif one.code != other.code:
        told.append(label("compare_codes").format(first=one.code[:DIGITS], second=other.code[:DIGITS]))
    told += [label("compare_stand_in").format(run=side.name) for side in (one, other) if side.stand_in]
    if one.version == other.version:
        told += [label("compare_remade").format(run=side.name) for side in found.remade]
    return told
