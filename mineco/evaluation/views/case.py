"""Chapters 1 to 3 and the start of 4: who is evaluated, why, within which boundary, on which data."""

from collections import Counter

from mineco.core.formatting import DASH, format_given, format_number, format_percent
from mineco.core.labels import current_language, label
from mineco.core.quantity import Quantity
from mineco.evaluation.case import Case
from mineco.evaluation.record.lineage import year_data
from mineco.evaluation.views.words import (
    client_name,
    datum_name,
    item_name,
    join_names,
    named,
    scope_name,
    spoken,
    stated,
    value_name,
)
from mineco.report.tables import Block, choices, pairs, show, show_text


def parties(case: Case) -> Block:
    """Client, evaluating body and team by role."""
    mine = case.dossier.mine
    team = [(f"team_{one.role}_discipline", spoken(one.discipline)) for one in mine.evaluator_team.members]
    return pairs([("client", client_name(mine)),
                  ("evaluation_body", spoken(mine.evaluator_team.organisation)), *team,
                  ("report_date", mine.report_date.isoformat())], "parties")


def mine_facts(case: Case) -> Block:
    """What mine.yaml says of the mine."""
    mine, standard = case.dossier.mine, case.standard
    rows = {"mine_name": named(mine), "legal_entity": stated(mine.legal_entity), "address": spoken(mine.address),
            "mine_type": named(standard.mine_types[mine.type]),
            "mine_subtype": named(standard.mine_subtypes[mine.mine_subtype]),
            "province": case.factors.name("province", mine.province, current_language())}
    if mine.longitude is not None and mine.latitude is not None:
        rows["coordinates"] = f"{mine.longitude:.4f}°, {mine.latitude:.4f}°"
    if mine.depth_m is not None:
        rows["mining_depth"] = format_number(mine.depth_m, "m")
    licences = [("licence", f"{named(one)} {one.number} · {spoken(one.issuer)} · {one.valid_until.isoformat()}")
                for one in mine.licences]
    return pairs([*rows.items(), *licences], "mine_facts")


def objectives(case: Case) -> Block:
    """Why the evaluation is made and what it is to reach."""
    given = case.dossier.mine.objectives
    told = [spoken(one) for one in (given.reason, given.goal) if one is not None]
    return show_text("\n".join(told) or label("not_stated"))


def boundary(case: Case) -> Block:
    """The boundary in the mine's words."""
    return show_text(stated(case.dossier.mine.boundary.text))


def sources(case: Case) -> Block:
    """Each source that was reported, and each left out with its reason."""
    reported: dict[str, dict[str, None]] = {}
    for row in case.dossier.activity:
        if row.year == case.year:
            reported.setdefault(row.source, {})[item_name(case, row.source, row.key)] = None
    told = [(name, label("list_comma").join(filter(None, items)), True) for name, items in reported.items()]
    told += [(name, spoken(why), False) for name, why in case.dossier.mine.excluded_sources.items()]
    return show([{"scope": scope_name(case.standard.sources[name].scope), "source": named(case.standard.sources[name]),
                  "description": text or DASH, "included": included} for name, text, included in told],
                "sources_reported")


def years(case: Case) -> Block:
    """Reporting year, base year and previous year, with what the base year rests on."""
    base = case.dossier.mine.base_year
    previous = label("documented_first_year") if base.documented_first_year else str(case.year - 1)
    changes = [label("base_year_change_told").format(
        kind=label(f"change_{one.kind}"), year=one.year, amount=format_number(one.t_co2e, "tCO2e"),
        text=spoken(one.text)) for one in base.changes]
    return pairs([("reporting_year", str(case.year)), ("base_year", f"{base.year} · {stated(base.evidence)}"),
                  ("previous_year", previous),
                  ("structural_change", join_names(changes) or f"{base.structural_change_pct:g} %")], "years")


def options(case: Case) -> Block:
    """Each choice that the standard leaves open, its value, and who set it."""
    known = case.standard.options
    return show([{"option": named(known[name]), "value": value_name(one.value), "origin": label(f"origin_{one.origin}"),
                  "reading": label("list_comma").join(known[name].readings)}
                 for name, one in case.options.items()], "options")


def gates(case: Case) -> Block:
    """The requirements of clause 4.2 that stand before any score."""
    known = case.standard.prerequisites
    return show([{"clause": known[name].clause, "requirement": named(known[name]), "met": one.met,
                  "evidence": spoken(one.evidence)} for name, one in case.dossier.mine.prerequisites.items()],
                "gates")


def phases(case: Case) -> Block:
    """The five phases of clause 8 as a checklist: what the log of the evaluation proves, and what it does not."""
    done: dict[str, list[str]] = {}
    for event in case.dossier.events:
        done.setdefault(event.step, []).append(f"{event.date} {spoken(event.actor)} · {spoken(event.evidence)}")
    return show([{"phase": f"{phase.clause} {named(phase)}", "step": named(step),
                  "done": choices({"": step.id in done}), "evidence": "\n".join(done.get(step.id, [])) or DASH}
                 for phase in case.standard.phases.values() for step in phase.steps.values()], "phases")


def data_quality(case: Case) -> Block:
    """How the year's data came about: share of the data by kind and by quality."""
    data = year_data(case)
    counted = Counter(label(one.kind) for one in data)
    counted.update(f"{label('quality')} · {label(f'quality_{one.datum.quality}')}" for one in data)
    return show([{"kind": name, "count": count, "share": format_percent(count / len(data))}
                 for name, count in counted.items()], "data_quality")


def data_list(case: Case) -> Block:
    """Every datum of the year with its place and what clause 5.1 c asks of it."""
    def word(column: str, datum: Quantity) -> str:
        given = getattr(datum.datum, column)
        return label(f"{column}_{given}") if given else DASH

    return show([{"item": datum_name(case, one) + label("in_brackets").format(text=case.dossier.place_of(one.datum)),
                  "quantity": format_given(one.datum.given, one.datum.given_unit),
                  "kind": label(one.kind), "data_source": spoken(one.datum.data_source) or DASH,
                  "frequency": word("frequency", one), "meter": spoken(one.datum.meter) or DASH,
                  "quality": word("quality", one), "verified_by": spoken(one.datum.verified_by) or DASH}
                 for one in year_data(case)], "data_list")
