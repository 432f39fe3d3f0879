"""The first volume under every standard: an open nonconformity is told on its first page, and stands with its state."""

from dataclasses import replace
from datetime import date

import pytest

from mineco import advise, views
from mineco.core.kit import parameters
from mineco.dossier.rows import FindingRow
from mineco.evaluation import registry
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.views import pages
from mineco.evaluation.views.appendix import state
from tests.helpers.printed import row

pytestmark = pytest.mark.usefixtures("english")

OPEN = FindingRow(id="NC-1", kind="nonconformity", raised=date(2025, 3, 3), what="the ledger lacks July", where="5.2",
                  correction="", evidence="", closed=None, line=2)
CLOSED = replace(OPEN, correction="entered", evidence="ledger", closed=date(2025, 3, 10))
EXAMPLES = {"carbon-neutral-mine-2025": "tiny-quarry", "restoration-carbon-sink-2024": "changcun-coal",
            "restoration-area-2025": "example-restoration-area"}
WITHHELD = "What the evaluators raised is not all closed (NC-1); until it is, this conclusion does not stand."


def evaluated(standard, *findings):
    evaluation = registry.check(parameters() / "mines" / EXAMPLES[standard], standard)
    case = evaluation.case
    return replace(evaluation, case=replace(case, dossier=replace(case.dossier, findings=list(findings))))


def first_page(evaluation):
    if evaluation.case.standard.id.startswith("carbon-neutral"):
        return views.mine_pages.conclusion(evaluation, advise(evaluation), cnm.propagate_uncertainty(evaluation))
    if evaluation.case.standard.id.startswith("restoration-carbon"):
        return views.sink_pages.conclusion(evaluation, None)
    return views.area_pages.conclusion(evaluation)


@pytest.mark.parametrize("standard", EXAMPLES)
def test_an_open_nonconformity_withholds_the_conclusion_on_its_page(standard):
    shown = first_page(evaluated(standard, OPEN))
    assert WITHHELD in shown.text.splitlines()[2]  # the sentence below the title
    assert "What the evaluators found and its state | nonconformity: 1, open: NC-1" in shown.text


@pytest.mark.parametrize("standard", EXAMPLES)
def test_one_that_is_closed_withholds_nothing_and_without_a_list_nothing_is_said(standard):
    shown, plain = first_page(evaluated(standard, CLOSED)).text, first_page(evaluated(standard)).text
    assert "(1) were closed before this conclusion." in shown.splitlines()[2]
    assert not any("evaluators" in line for line in plain.splitlines() if "found" in line or "raised" in line)


@pytest.mark.parametrize("standard", EXAMPLES)
def test_the_page_of_findings_has_it_with_its_state_above_what_was_noticed(standard):
    shown = pages.findings(evaluated(standard, OPEN, replace(CLOSED, id="NC-2")))
    assert (row(shown, "NC-1")["State"], row(shown, "NC-2")["State"]) == (state(True), state(False, True))
    assert row(shown, "NC-2")["Closed on"] == "2025-03-10"
    assert shown.text.index("NC-1") < shown.text.index("Findings (in full")
