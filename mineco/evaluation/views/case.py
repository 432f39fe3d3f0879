"""Chapters 1 to 3 and the start of 4: who is evaluated, why, within which boundary, on which data."""

from collections import Counter

from mineco.core.formatting import format_percent
from mineco.core.labels import current_language, has_label, label
from mineco.core.quantity import Quantity
from mineco.evaluation.case import Case
from mineco.evaluation.record.lineage import year_data
from mineco.evaluation.views.step import item_name
from mineco.report.tables import Block, CaptionNumber, choices, show, show_text


def parties(case: Case, number: CaptionNumber = None) -> Block:
    """Client, evaluating body and team by role."""
    mine, say = case.dossier.mine, current_language()
    rows = [(label("client"), mine.client.name[say]), (label("evaluation_body"), mine.evaluator_team.organisation[say])]
    rows += [(label(f"team_{one.role}_discipline"), one.discipline[say]) for one in mine.evaluator_team.members]
    rows.append((label("report_date"), mine.report_date.isoformat()))
    return pairs(rows, label("parties"), number)


def mine_facts(case: Case, number: CaptionNumber = None) -> Block:
    """What mine.yaml says of the mine."""
    mine, standard, say = case.dossier.mine, case.standard, current_language()
    rows = [(label("mine_name"), mine.name[say]), (label("legal_entity"), mine.legal_entity[say]),
            (label("address"), mine.address[say]), (label("mine_type"), standard.mine_types[mine.type].name[say]),
            (label("mine_subtype"), standard.mine_subtypes[mine.mine_subtype].name[say]),
            (label("province"), case.factors.name("province", mine.province, say))]
    rows += [(label("licence"), f"{one.name[say]} {one.number} · {one.issuer[say]} · {one.valid_until.isoformat()}")
             for one in mine.licences]
    return pairs(rows, label("mine_facts"), number)


def pairs(rows: list[tuple[str, str]], caption: str, number: CaptionNumber = None) -> Block:
    """A table of names and texts."""
    return show([{"item": name, "content": text} for name, text in rows], caption, number)


def objectives(case: Case) -> Block:
    """Why the evaluation is made and what it is to reach."""
    given = case.dossier.mine.objectives
    return show_text(f"{given.reason[current_language()]}\n{given.goal[current_language()]}")


def boundary(case: Case) -> Block:
    """The boundary in the mine's words."""
    return show_text(case.dossier.mine.boundary.text[current_language()])


def sources(case: Case, number: CaptionNumber = None) -> Block:
    """Each source that was reported, and each left out with its reason."""
    mine, say = case.dossier.mine, current_language()
    reported: dict[str, list[str]] = {}
    for row in case.dossier.activity:
        if row.year == case.year:
            keys = reported.setdefault(row.source, [])
            name = item_name(case, row.source, row.key)
            if name and name not in keys:
                keys.append(name)
    rows = [{"scope": scope_name(case.standard.sources[name].scope), "source": case.standard.sources[name].name[say],
             "description": "、".join(keys) if say == "zh" else ", ".join(keys), "included": True}
            for name, keys in reported.items()]
    rows += [{"scope": scope_name(case.standard.sources[name].scope), "source": case.standard.sources[name].name[say],
              "description": why[say], "included": False} for name, why in mine.excluded_sources.items()]
    return show(rows, label("sources_reported"), number)


def scope_name(scope: str) -> str:
    """A scope in words."""
    return label({"removal": "removal", "none": "energy_only"}.get(scope, f"scope{scope}"))


def years(case: Case, number: CaptionNumber = None) -> Block:
    """Reporting year, base year and previous year, with what the base year rests on."""
    base = case.dossier.mine.base_year
    previous = label("documented_first_year") if base.documented_first_year else str(case.year - 1)
    rows = [(label("reporting_year"), str(case.year)), (label("base_year"), f"{base.year} · {base.evidence}"),
            (label("previous_year"), previous),
            (label("structural_change"), f"{base.structural_change_pct:g} %")]
    return pairs(rows, label("years"), number)


def options(case: Case, number: CaptionNumber = None) -> Block:
    """Each choice that the standard leaves open, its value, and who set it."""
    rows = [{"option": case.standard.options[name].name[current_language()], "value": value_name(one.value),
             "origin": label(f"origin_{one.origin}"),
             "reading": ", ".join(case.standard.options[name].readings)} for name, one in case.options.items()]
    return show(rows, label("options"), number)


def value_name(value: object) -> str:
    """A value of an option in words, where it is not a name of its own such as AR6."""
    name = f"value_{value}".lower()
    return label(name) if has_label(name) else str(value)


def gates(case: Case, number: CaptionNumber = None) -> Block:
    """The requirements of clause 4.2 that stand before any score."""
    rows = [{"clause": case.standard.prerequisites[name].clause,
             "requirement": case.standard.prerequisites[name].name[current_language()],
             "met": one.met,
             "evidence": one.evidence[current_language()]} for name, one in case.dossier.mine.prerequisites.items()]
    return show(rows, label("gates"), number)


def phases(case: Case, number: CaptionNumber = None) -> Block:
    """The five phases of clause 8 as a checklist: what the log of the evaluation proves, and what it does not."""
    say = current_language()
    done: dict[str, list[str]] = {}
    for event in case.dossier.events:
        done.setdefault(event.step, []).append(f"{event.date} {event.actor} · {event.evidence}")
    rows = [{"phase": f"{phase.clause} {phase.name[say]}", "step": step.name[say],
             "done": choices([("", step.id in done)]).strip(), "evidence": "\n".join(done.get(step.id, []))}
            for phase in case.standard.phases.values() for step in phase.steps.values()]
    return show(rows, label("phases"), number)


def data_quality(case: Case, number: CaptionNumber = None) -> Block:
    """How the year's data came about: share of the data by kind and by quality."""
    data = year_data(case)
    rows = [{"kind": label(kind), "count": count, "share": format_percent(count / len(data))}
            for kind, count in Counter(one.kind for one in data).items()]
    rows += [{"kind": f"{label('quality')} · {label(f'quality_{quality}')}", "count": count,
              "share": format_percent(count / len(data))}
             for quality, count in Counter(one.datum.quality for one in data).items()]
    return show(rows, label("data_quality"), number)


def data_list(case: Case, number: CaptionNumber = None) -> Block:
    """Every datum of the year with what clause 5.1 c asks of it."""
    rows = [{"item": datum_name(case, one), "quantity": f"{one.datum.given} {one.datum.given_unit}".strip(),
             "kind": label(one.kind), "data_source": one.datum.data_source, "frequency": _word("frequency", one),
             "meter": one.datum.meter, "quality": _word("quality", one), "verified_by": one.datum.verified_by,
             "row": f"{one.datum.file}:{one.datum.row}"} for one in year_data(case)]
    return show(rows, label("data_list"), number)


def datum_name(case: Case, datum: Quantity) -> str:
    """A datum by the names of its source and item, or of its figure; of the other tables, by its row."""
    if datum.name in case.standard.metrics:
        return case.standard.metrics[datum.name].name[current_language()]
    source, *rest = datum.name.split(".")
    if source not in case.standard.sources:
        return f"{datum.datum.file}:{datum.datum.row}"
    known = case.standard.sources[source]
    parts = [known.name[current_language()], item_name(case, source, ".".join(rest[:-1])),
             known.items[rest[-1]].name[current_language()]]
    return " · ".join(part for part in parts if part)


def _word(column: str, datum: Quantity) -> str:
    given = getattr(datum.datum, column)
    return label(f"{column}_{given}") if given else ""
