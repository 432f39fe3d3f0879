"""What the page shows of a result: HTML with few elements, made anew at each move; the numbers are all in its text."""

from collections.abc import Mapping, Sequence
from typing import Any

from mineco.core.errors import BadInput
from mineco.core.formatting import format_apart, format_exact, format_number, round_alike, unit_text
from mineco.core.kit import templates
from mineco.core.labels import colour, label, problem_text
from mineco.evaluation.carbon_neutral_mine.figures import band_place
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.carbon_neutral_mine.views.grade import next_grade_text
from mineco.evaluation.case import Case
from mineco.evaluation.path.found import Path
from mineco.evaluation.path.views import routes
from mineco.evaluation.views.pages import subject
from mineco.evaluation.views.words import grade_name, named, short_grade
from mineco.report.templates import template

UNIT = "tCO2e"
ROOM = 100.0  # per cent of a bar's place


def html(macro: str, **data: Any) -> str:
    """HTML from a macro of ``templates/app/app.html``; every text is escaped."""
    return str(getattr(template("app.html").module, macro)(**data))


def style() -> str:
    """The style sheet of the page, which stands in the page itself."""
    return f"<style>{(templates() / 'app' / 'app.css').read_text('utf-8')}</style>"


def script() -> str:
    """What the page does in the browser beside its widgets."""
    return (templates() / "app" / "app.js").read_text("utf-8")


def opening(case: Case) -> str:
    """What the page is, and whose figures it begins with."""
    return html("opening", subject=subject(case).text, notice=label("app_notice"))


def section(name: str, note: str = "") -> str:
    """The heading of a section of controls, and what is to be known of it."""
    return html("section", title=label(f"app_{name}"), note=note)


def reported(value: float, unit: str, whose: str) -> str:
    """What the mine reported, or its standard says, below a control."""
    return html("reported", text=label(whose).format(value=format_exact(value, unit)))


def refused(error: BadInput) -> str:
    """Why an input is refused, in the sentences of the package."""
    return html("refused", problems=list(dict.fromkeys(map(problem_text, error.problems))))


def headline(now: Evaluation, before: Evaluation, former: bool) -> str:
    """Grade, score, offset ratio and emissions in a line that stays in sight."""
    grade = str(now.grade.final)
    told = [(label("grade"), short_grade(now.case.standard, grade), _was(
        grade != str(before.grade.final), short_grade(now.case.standard, str(before.grade.final)))),
            (label("total_score"), _points(now), _was(_points(now) != _points(before), _points(before))),
            (label("offset_ratio"), _share(now), _was(_share(now) != _share(before), _share(before))),
            (f"{label('emissions')} ({unit_text(UNIT)})", format_number(float(now.ledger.emissions)), _was(
                float(now.ledger.emissions) != float(before.ledger.emissions),
                format_number(float(before.ledger.emissions))))]
    return html("headline", told=told, former=label("app_former") if former else "", name=label("result"))


def result(now: Evaluation, before: Evaluation) -> str:
    """Emissions by scope and what is left of them, both keys, scores by group, and what the next grade asks for."""
    told = next_grade_text(now.case, now.grade, now.score, now.ledger) or [label("app_best")]
    return html("result", titles={one: label(f"app_{one}") for one in ("balance", "keys", "groups", "next")},
                balance=balance(now, before), unit=unit_text(UNIT), keys=keys(now, before), groups=groups(now, before),
                final=grade_name(now.case.standard, str(now.grade.final)), final_name=label("grade"), next=told,
                heads=[label(one) for one in ("item", "emissions_axis", "level", "weight", "score")],
                mark=label("app_mark"))


def balance(now: Evaluation, before: Evaluation) -> list[dict[str, Any]]:
    """Rows of the balance with their bars: scopes stacked, then down over removals and offsets to what is left."""
    ledger = now.ledger
    basis = str(now.case.option("scope2_basis"))
    parts = [("scope1", ledger.account.scope("1")), ("scope2", ledger.account.scope("2", basis))]
    levels = [("emissions", 0.0, float(ledger.emissions)),
              ("removals", float(ledger.emissions), -float(ledger.removals.total)),
              ("residual", 0.0, float(ledger.residual)),
              ("offsets", float(ledger.residual), -float(ledger.offsets.total)), ("net", 0.0, float(ledger.net))]
    ends = [0.0, float(before.ledger.emissions), *(one for _, low, height in levels for one in (low, low + height))]
    scale = _Scale(min(ends), max(ends))
    rows, low = [], 0.0
    for name, one in parts:
        rows.append(_row(label(name), float(one), [scale.bar(low, float(one), name)], scale, inner=True))
        low += float(one)
    told = list(map(format_exact, round_alike([height for *_, height in levels])))
    for (name, start, height), text in zip(levels, told, strict=True):
        bars = [bar for row in rows[:2] for bar in row["bars"]] if name == "emissions" else [
            scale.bar(start, height, name)]
        mark = scale.place(float(before.ledger.emissions)) if name == "emissions" else None
        rows.append({**_row(label(name), height, bars, scale), "told": text, "mark": mark})
    return [rows[2], *rows[:2], *rows[3:]]


class _Scale:
    """Where values lie on the axis of the bars [%], the zero line among them."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.width = low, (high - low) or 1.0

    def place(self, value: float) -> float:
        return round((value - self.low) / self.width * ROOM, 2)

    def bar(self, start: float, height: float, tone: str) -> dict[str, Any]:
        left, right = sorted((self.place(start), self.place(start + height)))
        return {"left": left, "width": round(right - left, 2), "colour": colour(tone)}


def _row(name: str, value: float, bars: Sequence[Mapping[str, Any]], scale: _Scale, inner: bool = False
         ) -> dict[str, Any]:
    return {"name": name, "told": format_number(value), "bars": bars, "zero": scale.place(0.0), "inner": inner,
            "mark": None}


def keys(now: Evaluation, before: Evaluation) -> list[dict[str, Any]]:
    """Both keys on their bands, each as wide as the others and the one below all grades twice as wide."""
    standard = now.case.standard
    rising = list(reversed(standard.grades))
    of_score = [("ungraded", 0.0), *((one.id, float(one.score)) for one in rising)]
    of_offset = [("ungraded", 0.0), *((one.id, float(one.offset or 0) * 100) for one in rising)]
    width = len(of_score) + 1
    rows = []
    for name, bands, told, by, value, old in (
            ("total_score", of_score, _points(now), now.grade.by_score, float(now.score.total),
             float(before.score.total)),
            ("offset_ratio", of_offset, _share(now), now.grade.by_offset, float(now.ledger.offset_ratio) * 100,
             float(before.ledger.offset_ratio) * 100)):
        rows.append({"name": label(name), "told": told, "grade": short_grade(standard, str(by)),
                     "decides": str(now.grade.binding) in ("both", {"total_score": "score"}.get(name, "offset")),
                     "at": round(band_place(value, bands) / width * ROOM, 2),
                     "mark": round(band_place(old, bands) / width * ROOM, 2),
                     "bands": [{"name": label(one) if one == "ungraded" else one, "from": f"{low:g}",
                                "colour": colour(one), "dark": one == "AAA",
                                "wide": 2 if one == "ungraded" else 1} for one, low in bands]})
    return rows


def groups(now: Evaluation, before: Evaluation) -> list[dict[str, Any]]:
    """Each group with weight, score and bar."""
    standard = now.case.standard
    return [{"name": f"{name} {named(standard.groups[name])}", "weight": f"{standard.groups[name].weight:g} %",
             "told": format_number(float(points), digits=3), "width": round(float(points), 2),
             "mark": round(float(before.score.groups[name]), 2), "colour": colour("AA")}
            for name, points in now.score.groups.items()]


def way_up(found: Path) -> str:
    """The cheapest way to each target, as the report has it."""
    return html("way_up", title=label("app_path"), table=routes(found).html)


def call(text: str) -> str:
    """The changes as a piece of Python."""
    return html("call", title=label("app_call"), note=label("app_call_note"), text=text)


def _was(differs: bool, text: str) -> str:
    return label("app_was").format(value=text) if differs else ""


def _points(one: Evaluation) -> str:
    return format_apart(float(one.score.total), one.case.standard.score_cuts, digits=3)


def _share(one: Evaluation) -> str:
    return format_apart(float(one.ledger.offset_ratio) * 100, [cut * 100 for cut in one.case.standard.offset_cuts],
                        "%", 3)
