"""A preliminary report: the range of the score, what is missing and where it is usually found (reading R34)."""

from typing import Any

from mineco.core.errors import Problem
from mineco.core.formatting import format_apart, format_number, format_percent
from mineco.core.labels import current_language, label, problem_text
from mineco.core.yaml_reading import kit_data
from mineco.evaluation.carbon_neutral_mine.figures import gaps_by_points, score_ranges
from mineco.evaluation.carbon_neutral_mine.gaps import row_of, subject_of, whereabouts
from mineco.evaluation.carbon_neutral_mine.preliminary import PartialAccount, Preliminary
from mineco.evaluation.case import Case
from mineco.evaluation.score import ScoreRange
from mineco.evaluation.views.beside import whom_and_how
from mineco.evaluation.views.result import indicator_block
from mineco.evaluation.views.weights import panel_sentence
from mineco.evaluation.views.words import amount, headed, item_name, join_names, named, spoken, standard_name, titled
from mineco.report import forms
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, below, note, show, show_text

MARK = "preliminary_mark"
FIRST = 3  # gaps that the first page names
DRAWN = 12  # gaps of a figure; the table has all
DIGITS = 3


def cover(found: Preliminary) -> Block:
    """Title and mark, mine, year, client: no number of a report and no seal, which belong to a full one."""
    case, mine = found.case, found.case.dossier.mine
    fields = {"evaluated_mine": named(mine), "evaluation_year": str(case.year), "client": named(mine.client),
              "standard": standard_name(case.standard), "report_date": mine.report_date.isoformat()}
    title = label("preliminary_title").format(mine=named(mine), year=case.year)
    return forms.cover(fields, title, spoken(mine.notice), mark=MARK)


def conclusion(found: Preliminary) -> Block:
    """One page: whom, why there is no grade, the range, what is known, and what to close first."""
    case, unknown = found.case, len(found.missing)
    return forms.page("preliminary_result", forms.conclusion([
        *whom_and_how(case),
        *([("weights_panel", panel_sentence(case.weights))] if case.weights else []),
        ("preliminary_why", label("preliminary_why_text").format(count=len(found.ranked_gaps), open=unknown)
         if found.gaps else label("nothing_missing")),
        ("score_range", range_text(case, found.score)),
        ("share_of_weight_known", label("share_known_text").format(
            share=format_percent(found.score.share_known), known=len(found.indicators), open=unknown)),
        ("known_emissions", emissions_text(found)),
        ("gates_declared", _gates_text(case)),
        ("close_first", "\n".join(first_gaps(found)) or label("none")),
        ("notices_told", label("notices_count").format(count=len(found.notices)) if found.notices else label("none")),
    ]))


def range_text(case: Case, score: ScoreRange) -> str:
    """The range in words, with the digits that tell its ends from the cuts."""
    low, high = (format_apart(float(one.total), case.standard.score_cuts) for one in (score.low, score.high))
    return label("score_range_text").format(low=low, high=high)


def first_gaps(found: Preliminary) -> list[str]:
    """The gaps that narrow the range most, each with its points; one that narrows nothing only where none does."""
    first = found.ranked_gaps[:FIRST]
    return [label("close_first_one").format(name=gap_name(found.case, one.problem),
                                            points=format_number(one.narrows, digits=DIGITS))
            for one in [one for one in first if one.narrows] or first]


def emissions_text(found: Preliminary) -> str:
    """The emissions that are known, or that they are at least so much."""
    told = amount(found.emissions)
    return told if found.emissions_are_known else label("known_emissions_least").format(amount=told)


def _gates_text(case: Case) -> str:
    """How many of the requirements are declared, and which are not; none is judged."""
    known, declared = case.standard.prerequisites, case.dossier.mine.prerequisites
    lacking = [named(one) for name, one in known.items() if name not in declared]
    told = label("gates_declared_text").format(count=len(known), declared=len(known) - len(lacking))
    return told + (label("gates_undeclared_text").format(names=label("list_comma").join(lacking)) if lacking else "")


def range_figure(found: Preliminary) -> Drawing:
    """The total and the groups on the scale of points, with the cuts of the standard as numbers."""
    low, high = found.score.low, found.score.high
    ranges = {"total_score": (float(low.total), float(high.total)),
              **{titled(found.case, name): (float(low.groups[name]), float(high.groups[name])) for name in low.groups}}
    return score_ranges(ranges, sorted(found.case.standard.score_cuts), caption="score_ranges")


def ranges_table(case: Case, score: ScoreRange) -> Block:
    """Lowest and highest points of each group and of the total."""
    rows = [{"level": titled(case, name), "weight": f"{case.standard.groups[name].weight:g} %",
             "points_low": float(score.low.groups[name]), "points_high": float(score.high.groups[name])}
            for name in score.low.groups]
    total = {"level": label("total_score"), "weight": "100 %", "points_low": float(score.low.total),
             "points_high": float(score.high.total)}
    return show([*rows, total], "ranges_table")


# --- what is missing ----------------------------------------------------------------------------------------------


def gap_name(case: Case, problem: Problem) -> str:
    """A gap by the name of what is missing, with its year."""
    subject, row = subject_of(case, problem).partition(":")[0], row_of(case, problem)
    year = problem.details.get("year") or getattr(row, "year", "")
    if problem.file == "ratings.csv":
        return _rating_name(case, problem, row)
    if problem.column.startswith("prerequisites."):
        return label("gap_gate").format(name=named(case.standard.prerequisites[problem.column.partition(".")[2]]))
    if subject in case.standard.metrics:
        name = named(case.standard.metrics[subject])
    elif subject in case.standard.sources:
        item = getattr(row, "parameter", "") or str(problem.details.get(f"name_{current_language()}", ""))
        name = _source_name(case, subject, getattr(row, "key", ""), item)
    else:
        name = " ".join(str(part) for part in (problem.file, problem.row, problem.column) if part != "")
    return label("gap_of_year").format(name=name, year=year) if year else name


def _source_name(case: Case, source: str, key: str, item: str) -> str:
    known = case.standard.sources[source]
    told = named(known.items[item]) if item in known.items else item
    parts = [named(known), item_name(case, source, key) if key else "", told]
    return " · ".join(dict.fromkeys(filter(None, parts)))


def _rating_name(case: Case, problem: Problem, row: Any) -> str:
    if row is None:
        return label("gap_rating_wanted").format(indicator=titled(case, str(problem.value)))
    what = kit_data("dossier/headings.yaml")[problem.column][current_language()] if problem.column else label("score")
    return label("gap_rating").format(indicator=titled(case, row.indicator), rater=row.rater, what=what)


def gaps_table(found: Preliminary) -> Block:
    """Each gap with the indicators that it leaves open, and by how much its closing narrows the range."""
    return show([{"number": str(place), "gap": gap_name(found.case, one.problem),
                  "leaves_open": label("list_comma").join(one.indicators) or label("gap_for_full_report"),
                  "narrows_alone": one.narrows, "blocks_points": one.blocks}
                 for place, one in enumerate(found.ranked_gaps, 1)], "gaps_ranked")


def gaps_figure(found: Preliminary) -> Drawing | Block:
    """The gaps that leave an indicator open, by the points that they are worth."""
    shown = {gap_name(found.case, one.problem): (one.narrows, one.blocks)
             for one in found.ranked_gaps[:DRAWN] if one.blocks}
    return gaps_by_points(shown, caption="gaps_figure") if shown else show_text(label("nothing_missing"))


def together_table(found: Preliminary) -> Block:
    """Which gaps only together free an indicator."""
    return show([{"gaps_numbers": " + ".join(str(place + 1) for place in one.gaps),
                  "indicator": label("list_comma").join(one.indicators), "narrows_together": one.narrows}
                 for one in found.together], "gaps_together")


def where_table(found: Preliminary) -> Block:
    """Where each of what is missing is usually found, who has it, and where it is entered: sheet, or file, and row."""
    case = found.case
    problems = [one.problem for one in found.ranked_gaps]
    rows: list[dict[str, str]] = []
    first: dict[str, int] = {}
    for place, (problem, told) in enumerate(zip(problems, map(case.dossier.told, problems), strict=True), 1):
        where = whereabouts(case, problem)
        found_in = spoken(where["found"])
        if (same := first.setdefault(found_in, place)) != place:
            found_in = label("as_for_number").format(number=same)
        rows.append({"number": str(place), "gap": gap_name(case, problem), "usually_found": found_in,
                     "who_has_it": spoken(where["who"]), "how_to_enter": problem_text(told)})
    return show(rows, "gaps_where")


# --- what is known ------------------------------------------------------------------------------------------------


def account_text(found: Preliminary) -> Block:
    """What is missing in the account of the year, if anything."""
    now, year = found.accounts[found.case.year], found.case.year
    if not isinstance(now, PartialAccount):
        return show_text(label("account_whole").format(year=year))
    names = dict.fromkeys(gap_name(found.case, one) for one in now.missing)
    return show_text(label("account_in_part").format(year=year, names=join_names(names)))


def scopes_table(found: Preliminary) -> Block:
    """The known emissions by scope, purchased energy on both bases."""
    account = found.account
    parts = {"scope1": account.scope("1"), "scope2_location": account.scope("2"),
             "scope2_market": account.scope("2", "market"), "scope3": account.scope("3"),
             "known_emissions": found.emissions}
    return show([{"item": label(name), "emissions_t_co2e": one.value} for name, one in parts.items()], "known_by_scope")


def group_blocks(found: Preliminary, group: str) -> Block:
    """The indicators of a group: known ones with rule, value and points, the others with what they lack."""
    blocks = []
    for one in found.case.standard.in_group(group):
        if one.id in found.indicators:
            blocks.append(indicator_block(found.case, found.indicators[one.id]))
        else:
            lacks = dict.fromkeys(gap_name(found.case, gap) for gap in found.missing[one.id])
            blocks.append(note(label("unknown_indicator").format(indicator=titled(found.case, one.id)),
                               [headed(label("what_is_missing"), join_names(lacks))]))
    return below(blocks)


def next_steps(found: Preliminary) -> Block:
    """How to go on, with the commands."""
    fill = ["go_on_fill", "go_on_check", "go_on_again"] if found.gaps else []
    return note("how_to_go_on", [label(name) for name in (*fill, "go_on_full")])
