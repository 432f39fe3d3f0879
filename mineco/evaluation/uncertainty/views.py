"""How sure the result is, for the report: intervals, grades, what the spread comes from, and one sentence for a page.

Rule: no number is made here.
"""

from collections.abc import Mapping, Sequence

from mineco.core.errors import BadInput
from mineco.core.formatting import DASH, format_number
from mineco.core.labels import label, problem_text
from mineco.core.number import Interval
from mineco.core.yaml_reading import kit_data
from mineco.evaluation.case import Case
from mineco.evaluation.uncertainty.figures import shares_of_grades, shares_of_variance, whole_percent
from mineco.evaluation.uncertainty.found import FigureSpread, Uncertainty
from mineco.evaluation.uncertainty.inputs import FACTORS, RATINGS, Input
from mineco.evaluation.views.words import (
    grade_name,
    join_names,
    name_of_datum,
    named,
    short_grade,
    source_text,
    spoken,
    titled,
)
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, show, show_text, status_text

LISTED = 12  # inputs in the table; the frame has all
GROUPS = 8  # bars of the figure
SHOWN = {"emissions_t_co2e": ("emissions_graded", "tCO2e"), "removals_t_co2e": ("removals", "tCO2e"),
         "residual_t_co2e": ("residual", "tCO2e"), "net_t_co2e": ("net", "tCO2e"),
         "offset_ratio": ("offset_ratio", "1"), "score": ("total_score", "1")}  # label and unit
ROWS = ("parcels", "measures")  # tables whose rows have an id that tells them
Found = Uncertainty | BadInput


def intervals(found: Found) -> Block:
    """Each figure as given and its 95 % interval by both approaches, and why the two differ."""
    if isinstance(found, BadInput):
        return show_text("\n".join([label("draws_failed"), *map(problem_text, found.problems)]))
    rows = [{"item": label(SHOWN[name][0]), "as_given": format_number(one.value, SHOWN[name][1]),
             "approach_1": _range(one.propagated, SHOWN[name][1]), "approach_2": _range(one.drawn, SHOWN[name][1]),
             "mean_of_draws": format_number(float(one.drawn.mean), SHOWN[name][1]), "why_they_differ": _why(one)}
            for name, one in found.figures.items()]
    held = held_text(found.case, found.held) + held_text(found.case, found.unmoved, "slopes_held")
    return show(rows, "uncertainty_intervals") + show_text(label("draws_of_all").format(
        draws=f"{found.draws.count:,}", seed=found.draws.seed, inputs=len(found.draws.names),
        redrawn=f"{found.draws.redrawn:,}", held=held))


def held_text(case: Case, held: Sequence[Input], words: str = "draws_held") -> str:
    """Which data stayed at their values, by name and place; nothing where none did."""
    names = join_names(f"{input_name(case, one)} ({input_place(case, one)})" for one in held)
    return label(words).format(names=names) if held else ""


def _range(one: Interval, unit: str) -> str:
    low, high = (format_number(float(end), unit) for end in (one.low, one.high))
    return label("spread_range").format(low=low, high=high)


def _why(one: FigureSpread) -> str:
    apart = one.by_shapes + one.by_bends
    width = float(one.propagated.high - one.propagated.low)
    percent = f"{100 * apart / width:+.0f} %".replace("-", "−") if width else DASH
    return label(f"differ_{one.why}").format(percent=percent)


def grades(found: Found) -> Block:
    """The probability of each grade and of the key that decides, in words."""
    if isinstance(found, BadInput):
        return show_text(label("draws_failed"))
    standard = found.case.standard
    others = join_names(f"{grade_name(standard, name)} {whole_percent(share)}"
                        for name, share in found.grades.items() if share and name != found.grade)
    binding = join_names(f"{label(f'binding_{name}')} {whole_percent(share)}"
                         for name, share in found.binding.items() if share)
    told = label("grade_of_draws" if others else "grade_of_all_draws").format(
        grade=grade_name(standard, found.grade), share=whole_percent(found.probability), others=others,
        binding=binding)
    return show_text("\n".join([told, *unsure(found)]))


def unsure(found: Found) -> list[str]:
    """A sentence for the page of the conclusion, where the grade is less than sure; none where it is sure."""
    if isinstance(found, BadInput) or found.sure:
        return []
    standard = found.case.standard
    other = max((name for name in found.grades if name != found.grade), key=lambda name: found.grades[name])
    return [label("grade_unsure").format(
        grade=short_grade(standard, found.grade), share=whole_percent(found.probability),
        other=short_grade(standard, other), other_share=whole_percent(found.grades[other]))]


def grades_figure(found: Found) -> Drawing | Block:
    """The share of draws in each grade."""
    if isinstance(found, BadInput):
        return show_text(label("draws_failed"))
    names = {name: grade_name(found.case.standard, name) for name in found.grades}
    return shares_of_grades({names[name]: share for name, share in found.grades.items()}, names[found.grade],
                            caption="grades_figure")


def inputs(found: Found) -> Block:
    """The data and factors that most of the spread comes from, each with its own spread and where that is from."""
    if isinstance(found, BadInput):
        return show_text(label("draws_failed"))
    told = {name: f"share_of_{short}" for name, short in (("emissions_t_co2e", "emissions"), ("score", "score"))}
    rows = sorted(found.listed(), key=lambda row: -max(row[1][name] for name in told))[:LISTED]
    return show([{"uncertain_datum": input_name(found.case, one), "place": input_place(found.case, one),
                  "spread_pct": _spread(one), "spread_from": _from(found.case, one),
                  **{column: whole_percent(shares[name] if shares[name] >= found.chance else 0.0)
                     for name, column in told.items()}} for one, shares in rows], "uncertainty_inputs")


def groups_figure(found: Found) -> Drawing | Block:
    """What the variance of emissions and of the score comes from, by source and table."""
    if isinstance(found, BadInput):
        return show_text(label("draws_failed"))
    both: tuple[Mapping[str, float], ...] = tuple(found.by_group(name) for name in ("emissions_t_co2e", "score"))
    pairs = {name: (both[0].get(name, 0.0), both[1].get(name, 0.0)) for name in {**both[0], **both[1]}}
    largest = sorted(pairs, key=lambda name: -max(pairs[name]))[:GROUPS]
    if not largest:
        return show_text(label("nothing_to_list").format(caption=label("variance_figure")))
    return shares_of_variance({_group(found.case, name): pairs[name] for name in largest}, caption="variance_figure")


def _group(case: Case, name: str) -> str:
    return named(case.standard.sources[name]) if name in case.standard.sources else label(f"group_{name}")


def input_name(case: Case, one: Input) -> str:
    """A datum, a rating or a factor by its name."""
    if one.group == FACTORS:
        return named(case.factors.by_id(one.name))
    if one.group == RATINGS:
        return titled(case, one.name)
    whose, _, column = one.name.partition(".")[2].rpartition(".")
    if one.group == "parcels":
        parcel, _, pool = whose.rpartition(".")
        whose = f"{parcel} {label(f'pool_{pool}')}"
    heading = kit_data("dossier/headings.yaml").get(one.key[2])
    if one.group in ROWS and heading:
        return f"{whose} {spoken(heading)}"
    return name_of_datum(case, one.name, input_place(case, one))


def input_place(case: Case, one: Input) -> str:
    """Where the mine finds it: file and row, or sheet and cell of its workbook; a factor is not the mine's."""
    return label("group_factors") if isinstance(one.key, str) else case.dossier.place(*one.key)


def _spread(one: Input) -> str:
    shape = label(f"shape_{one.spread.shape}")
    if one.ratings:
        return shape
    low, high = one.spread.lower_pct, one.spread.upper_pct
    return f"±{high:g} {shape}" if low == -high else f"−{-low:g} … +{high:g} {shape}"


def _from(case: Case, one: Input) -> str:
    """Who stated the spread, or what it is of, and from which document, with how well that was seen."""
    spread = one.spread
    if not spread.source:
        return label(f"spread_{spread.id}")
    basis = spoken({"zh": spread.basis_zh, "en": spread.basis_en})
    return f"{basis} ({source_text(case, spread.source)}, {status_text(spread.status)})"
