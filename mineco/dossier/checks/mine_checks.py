"""Words of mine.yaml held to those of the standard; what only another standard knows is let through and left out."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problems, nearest_first
from mineco.core.yaml_reading import kit_data
from mineco.dossier.cells import document_trouble, word_id, word_lists
from mineco.dossier.mine import BaseYearChange, Mine
from mineco.dossier.models import line_of
from mineco.dossier.names import ids_named
from mineco.dossier.rows import EVIDENCE, ActivityRow, ParcelRow, documents
from mineco.standards.factors import Factors
from mineco.standards.load import load_standard, standard_ids
from mineco.standards.standard import Standard

SECTIONS = {"prerequisites": "prerequisites", "excluded_sources": "sources", "not_applicable": "indicators",
            "disclosures": "disclosures"}  # of mine.yaml, and the lists of the standard that hold their words
MEASURES = "measures/measures.yaml"
ORGANIC = "organic"  # more or less mined, a site opened or closed: no reason to recalculate
SIGNS = {"acquisition": 1, "insourcing": 1, "divestiture": -1, "outsourcing": -1}  # of what each does to a base year
PICTURES = (".png", ".jpg", ".jpeg")


def check_mine_terms(mine: Mine, lines: Mapping[Any, int], standard: Standard, factors: Factors,
                     problems: Problems) -> Mine:
    """The mine as this standard sees it: checked, its province an id, without the words of other standards.

    What this standard asks for must be there, what no standard of the kit knows is refused.
    """
    def wrong(message: str, *path: str | int, value: object = "", **details: object) -> None:
        problems.add(message, file="mine.yaml", row=line_of(dict(lines), path), column=".".join(map(str, path)),
                     value=value, **details)

    if not mine.type and len(found := ids_named(mine.mine_subtype, standard.mine_subtypes)) == 1:
        mine = mine.model_copy(update={"type": standard.mine_type(found[0])})
    kinds: dict[str, Mapping[str, Any]] = {"type": standard.mine_types, "mine_subtype": standard.mine_subtypes}
    named = {key: ids_named(getattr(mine, key), known) for key, known in kinds.items()}
    named["stage"] = [one for one in [word_id("stage", mine.stage)] if one]
    for key, known in (kinds | {"stage": word_lists()["stage"]}).items():
        if len(named[key]) > 1:
            wrong("name_of_several", key, value=getattr(mine, key), allowed=", ".join(named[key]))
        elif not named[key]:
            wrong("not_in_list", key, value=getattr(mine, key), allowed=", ".join(known))
    mine = mine.model_copy(update={key: found[0] for key, found in named.items() if len(found) == 1})
    if mine.mine_subtype in standard.mine_subtypes and standard.mine_type(mine.mine_subtype) != mine.type:
        wrong("subtype_of_other_type", "mine_subtype", value=mine.mine_subtype, type=mine.type,
              expected=standard.mine_type(mine.mine_subtype))
    for section, part in SECTIONS.items():
        for name in getattr(mine, section):
            if not is_known_to_any_standard(standard, part, name):
                wrong("not_in_standard", section, name, value=name, known=", ".join(getattr(standard, part)))
    for name in standard.prerequisites:
        if name not in mine.prerequisites:
            wrong("missing_key", "prerequisites", name)
    for name, given in mine.not_applicable.items():
        allowed = standard.indicators[name].not_applicable if name in standard.indicators else (given.reason,)
        if given.reason not in allowed:
            wrong("reason_not_allowed", "not_applicable", name, "reason", value=given.reason,
                  allowed=", ".join(allowed))
    known_measures = measures_of(mine, standard)
    for name in mine.measure_costs:
        if name not in known_measures:
            wrong("unknown_measure", "measure_costs", name, value=name, known=nearest_first(name, known_measures))
    for name, chosen in mine.factors.items():
        try:
            factors.by_id(chosen)
        except BadInput as error:
            wrong(error.problems[0].message, "factors", name, value=chosen, **error.problems[0].details)
    for number, incident in enumerate(mine.ecological_damage):
        if incident.date > mine.report_date:
            wrong("incident_after_report", "ecological_damage", str(number), "date", value=incident.date.isoformat(),
                  report_date=mine.report_date.isoformat())
    if standard.keeps_account:
        _check_base_year(mine, standard, wrong)
    ours: dict[str, Any] = {section: _restricted(getattr(mine, section), getattr(standard, part))
                            for section, part in SECTIONS.items()}
    ours["options"] = {name: value for name, value in mine.options.items()
                       if name in standard.options or not is_known_to_any_standard(standard, "options", name)}
    try:
        return mine.model_copy(update={**ours, "province": factors.resolve("province", mine.province)})
    except BadInput as error:
        wrong("unknown_province", "province", value=mine.province, **error.problems[0].details)
        return mine.model_copy(update=ours)


def check_evidence(mine: Mine, lines: Mapping[Any, int], folder: Path, problems: Problems) -> None:
    """What proves an entry of mine.yaml is held to the rules of the tables: words, or a file under evidence/."""
    given: dict[tuple[str | int, ...], str] = {}
    if mine.base_year.evidence:
        given["base_year", "evidence"] = mine.base_year.evidence
    given |= {("base_year", "changes", number, "evidence"): one.evidence
              for number, one in enumerate(mine.base_year.changes)}
    given |= {("disclosures", name, "evidence"): one.evidence for name, one in mine.disclosures.items()}
    given |= {("ecological_damage", number, "evidence"): one.evidence
              for number, one in enumerate(mine.ecological_damage)}
    given |= {("prerequisites", name, "evidence", language): text
              for name, one in mine.prerequisites.items() for language, text in one.evidence.given().items()}
    photos = {("report", "photos", number, "evidence"): one.evidence for number, one in enumerate(mine.report.photos)}
    for path, text in (given | photos).items():
        for one in documents(text):
            shown = path not in photos or is_picture(one)
            if trouble := document_trouble(folder, one) or ("" if shown else "not_a_picture"):
                problems.add(trouble, file="mine.yaml", row=line_of(dict(lines), path),
                             column=".".join(map(str, path)), value=one)


def is_picture(file: str) -> bool:
    """Whether a path leads to a picture that a report can show.

    >>> is_picture("evidence/pit.JPG"), is_picture("evidence/plan.pdf"), is_picture("pit.jpg")
    (True, False, False)
    """
    return file.startswith(EVIDENCE) and Path(file).suffix.lower() in PICTURES


def measures_of(mine: Mine, standard: Standard) -> list[str]:
    """Ids of the measures of the kit that are for this kind of mine."""
    kinds = set(standard.kinds(mine.mine_subtype)) if mine.mine_subtype in standard.mine_subtypes else set()
    return [id for id, one in kit_data(MEASURES)["measures"].items() if kinds & set(one["applies_to"])]


def is_known_to_any_standard(standard: Standard, part: str, name: str) -> bool:
    """Whether this standard, or else another one of the kit, has an entry of that name in a list of its own.

    >>> is_known_to_any_standard(load_standard("carbon-neutral-mine-2025"), "prerequisites", "independent_legal_person")
    True
    """
    return name in getattr(standard, part) or any(
        name in getattr(load_standard(other), part) for other in standard_ids() if other != standard.id)


def known_grades(standard: Standard) -> tuple[str, ...]:
    """The grades of this standard, and after them those of the others.

    >>> known_grades(load_standard("restoration-carbon-sink-2024"))[:4]
    ('G1', 'G2', 'G3', 'ungraded')
    """
    others = [load_standard(other) for other in standard_ids() if other != standard.id]
    return tuple(dict.fromkeys(name for one in (standard, *others) for name in one.grade_ids))


def _restricted(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: one for name, one in given.items() if name in names}


def _check_base_year(mine: Mine, standard: Standard, wrong: Any) -> None:
    if mine.base_year.documented_first_year and not mine.base_year.evidence:
        wrong("missing_entry", "base_year", "evidence")
    age, limit = mine.reporting_year - mine.base_year.year, standard.rule("base_year_max_age")
    if age > limit:
        wrong("base_year_too_old", "base_year", "year", value=mine.base_year.year, limit=f"{limit:g}")
    change, limit = mine.base_year.structural_change_pct, standard.rule("structural_change_pct")
    if change > limit and not mine.base_year.recalculated:
        wrong("base_year_not_recalculated", "base_year", "structural_change_pct", value=change, limit=f"{limit:g}")
    if mine.base_year.changes and (mine.base_year.recalculated or change):
        wrong("base_year_told_twice", "base_year", "changes", value=len(mine.base_year.changes))
    for number, one in enumerate(mine.base_year.changes):
        _check_change(mine, number, one, wrong)


def _check_change(mine: Mine, number: int, one: BaseYearChange, wrong: Any) -> None:
    """A change has a reason that is no growth, a sign that goes with it, and years between base and reporting year."""
    base, place = mine.base_year.year, ("base_year", "changes", number)
    if one.kind == ORGANIC:
        wrong("base_year_change_organic", *place, "kind", value=one.kind)
    if not base < one.year <= mine.reporting_year:
        wrong("base_year_change_outside", *place, "year", value=one.year, base=base,
              reporting_year=mine.reporting_year)
    amounts = {("t_co2e",): one.t_co2e} | {("other_years", year): amount for year, amount in one.other_years.items()}
    for path, amount in amounts.items():
        if amount == 0 or amount * SIGNS.get(one.kind, amount) < 0:
            wrong("base_year_change_sign", *place, *path, value=amount, kind=one.kind)
    for year in one.other_years:
        if not base < int(year) < one.year:
            wrong("base_year_change_not_between", *place, "other_years", year, value=year, base=base, since=one.year)
    if any((one.year, one.kind, one.t_co2e) == (other.year, other.kind, other.t_co2e)
           for other in mine.base_year.changes[:number]):
        wrong("base_year_change_twice", *place, value=one.t_co2e)


def check_order_of_years(mine: Mine, problems: Problems) -> None:
    """A first year has no earlier one to be compared with, and any other year has: leaving it out would pay (R21)."""
    base = mine.base_year
    if base.documented_first_year != (base.year == mine.reporting_year):
        problems.add("first_year_or_base_year", file="mine.yaml", row="base_year", value=base.year,
                     reporting_year=mine.reporting_year)


def check_years_with_rows(mine: Mine, activity: Sequence[ActivityRow], standard: Standard, problems: Problems) -> None:
    """A first year has no rows of an earlier one (R21), and a base year is no late one where the dossier holds others.

    Otherwise a year would be chosen for what it hides (R29).
    """
    base = mine.base_year
    if not standard.keeps_account:
        return
    earlier = [row.year for row in activity if row.year < mine.reporting_year]
    if base.documented_first_year and earlier:
        first = next(row for row in activity if row.year == min(earlier))
        problems.add("first_year_with_earlier_rows", file="activity.csv", row=first.quantity.datum.row, column="year",
                     value=first.year, reporting_year=mine.reporting_year)
    old_enough = mine.reporting_year - int(standard.rule("base_year_least_age"))
    held = sorted({year for year in earlier if year <= old_enough})
    if held and base.year > old_enough and not base.documented_first_year:
        problems.add("base_year_too_young", file="mine.yaml", row="base_year.year", value=base.year,
                     latest=old_enough, held=", ".join(map(str, held)))


def check_use_of_factors(mine: Mine, activity: Sequence[ActivityRow], parcels: Sequence[ParcelRow], standard: Standard,
                         problems: Problems) -> None:
    """A factor chosen by name serves some row: a misspelt parameter would silently leave the default in place."""
    rows = [(row.source, row.key) for row in activity]
    rows += [(f"restoration-{row.method}", f"{row.id} {row.pool}") for row in parcels]
    known = dict.fromkeys(f"{key}:{item}" if key else item for source, key in rows
                          for item, about in standard.sources[source].items.items() if about.factor)
    for name, chosen in mine.factors.items():
        if name not in known:
            problems.add("choice_without_use", file="mine.yaml", row=f"factors.{name}", value=chosen,
                         known=", ".join(known))
