"""docs/levers.md and its twin: each figure that a mine declares of itself, its bound, and the points it can bring."""

import os
from functools import cache
from pathlib import Path

import pytest

from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.standards.load import load_standard
from tests.helpers import mines

DOCS = Path(__file__).parents[2] / "docs"
STANDARD = load_standard("carbon-neutral-mine-2025")
START, END = "<!-- table -->", "<!-- end of table -->"
INFLATED = {"energy_cap": 1e6, "planned_abatement": 1.0, "reference_intensity": 500.0,
            "reference_energy_intensity": 500.0, "reference_waste_intensity": 500.0}  # in the unit of each row


@cache
def total(mine):
    return float(mines.evaluated(mine).score.total)


def inflated(case, lever):
    """The case whose lever is as good as a pen makes it, with nothing to prove it; None where it has no such figure."""
    rows = {row.metric: row for row in case.dossier.metrics if row.year == case.year}
    if lever == "baselines":
        measures = [row.__class__(**{**vars(row), "since": None, "baseline_t_co2e": row.baseline_t_co2e.__class__(
            **{**vars(row.baseline_t_co2e), "value": 5e6})}) for row in case.dossier.measures]
        return mines.with_dossier(case, measures=measures)
    if lever not in rows:
        return None
    value = {"greenable_area": lambda: float(rows["green_area"].quantity),
             "planned_reclamation_area": lambda: 0.01}.get(lever, lambda: INFLATED[lever])()
    changed = [row.__class__(row.year, row.metric, row.quantity.__class__(**{**vars(row.quantity), "value": value}), "")
               if row is rows[lever] else row for row in case.dossier.metrics]
    return mines.with_dossier(case, metrics=changed)


@cache
def gained(lever):
    """The most points that the inflated figure brings on an example."""
    found = [(inflated(mines.example(mine), lever), mine) for mine in mines.EXAMPLES]
    return max(float(cnm.evaluate(case).score.total) - total(mine) for case, mine in found if case)


HEADINGS = {"en": "| lever | serves | points at stake | how far it counts | gained without proof |",
            "zh": "| 自报值 | 影响指标 | 涉及分值 | 计入到什么程度 | 无凭证时可多得 |"}
AGAINST_OWN = {"en": "{} ({} against an own value)", "zh": "{}（与自身值相比为 {}）"}
PAGES = {"en": DOCS / "levers.md", "zh": DOCS / "levers.zh.md"}


def table(language):
    rows = [HEADINGS[language], "|---|---|---|---|---|"]
    own = STANDARD.rule("own_reference_points")
    for lever in STANDARD.levers.values():
        weights = [STANDARD.indicators[name].weight * STANDARD.groups[STANDARD.indicators[name].group].weight / 100
                   for name in lever.indicators]
        stake = f"{sum(weights):.2f}"
        if lever.id.startswith("reference"):
            stake = AGAINST_OWN[language].format(stake, f"{sum(weights) * own / 100:.2f}")
        rows.append(f"| {lever.name[language]} | {', '.join(lever.indicators)} | {stake} "
                    f"| {lever.meaning[language]} | {max(gained(lever.id), 0.0):.2f} |")
    return "\n".join(rows)


@pytest.mark.parametrize("language", PAGES)
def test_the_page_holds_the_table_that_the_data_give(language):
    page = PAGES[language]
    text = page.read_text(encoding="utf-8")
    head, _, rest = text.partition(START)
    _, _, tail = rest.partition(END)
    wanted = f"{head}{START}\n{table(language)}\n{END}{tail}"
    if os.environ.get("MINECO_WRITE_DOCS"):  # how the page is made anew
        page.write_text(wanted, encoding="utf-8", newline="\n")
    assert page.read_text(encoding="utf-8") == wanted


@pytest.mark.parametrize("lever", ["energy_cap", *(name for name in STANDARD.levers if name.startswith("reference"))])
def test_a_cap_or_reference_without_proof_brings_next_to_nothing_however_large(lever):
    # the examples' references count as the mine's own value or lie 2 % below it, their quotas near last year's energy
    assert gained(lever) < 0.15
