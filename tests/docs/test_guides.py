"""The guides for readers: what they say that commands and code give is what these give."""

import re

import pytest

import mineco as mc
from mineco.accounting.combustion import combustion_co2
from tests.helpers.places import ROOT

GUIDES = ROOT / "docs" / "how-to"
QUARRY = ROOT / "parameters" / "mines" / "tiny-quarry"


def said(guide):
    """The guide in both languages."""
    return [(GUIDES / f"{guide}{suffix}").read_text("utf-8") for suffix in (".md", ".zh.md")]


def blocks(guide):
    """The Python of a guide, without that which reads the files of a run."""
    found = re.findall(r"^ *```python\n(.*?)^ *```", said(guide)[0], re.MULTILINE | re.DOTALL)
    return [re.sub(r"^   ", "", one, flags=re.MULTILINE) if one.startswith("   ") else one
            for one in found if "trace" not in one]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder in which the examples go by the names that the guides give them."""
    (tmp_path / "my-mine").symlink_to(QUARRY)
    (tmp_path / "mines").symlink_to(QUARRY.parent)
    (tmp_path / "parameters").symlink_to(QUARRY.parent.parent)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("guide", ["researcher", "auditor", "developer"])
def test_the_code_of_a_guide_runs(desk, guide):
    names = {}
    for block in blocks(guide):
        exec(block, names)
    assert names["mc"] is mc


def test_researchers_find_the_figures_that_their_guide_promises():
    mine = mc.open_case(QUARRY)
    changed = mc.what_if(mine, factors={"NDRC2014.diesel.NCV": 42.652})
    drawn, found = mc.draw(mine, 10_000, seed=1).interval("emissions_t_co2e"), mc.sensitivity(mine)
    judged = mc.ahp.consistency(mc.ahp.judgement_matrix([["1", "3", "5"], ["1/3", "1", "2"], ["1/5", "1/2", "1"]]))
    grades = [100 * share for share in mc.uncertainty(mine).grades.values() if share]
    told = [*(f"{float(mc.evaluate(one).score.total):.2f}" for one in (mine, changed)),
            *(f"{score:.2f}" for score in mc.scenarios(mine, electricity={"purchased": [400, 500, 600]})["score"]),
            *(f"{one:,.0f}" for one in (drawn.mean, drawn.low, drawn.high)), *(f"{share:.2f} %" for share in grades),
            str(len(found.changing)), *(f"{weight:.6f}" for weight in judged.weights), f"{judged.cr:.6f}"]
    assert [[one for one in told if one not in page] for page in said("researcher")] == [[], []]


def test_auditors_find_the_diesel_that_their_guide_works_out_by_hand():
    account = mc.evaluate(QUARRY).account(2024).frame()
    diesel = account.xs("mobile-combustion", level="source").iloc[0]
    told = [f"{diesel[gas]:.6f}" for gas in ("CO2_t", "CH4_fossil_t", "N2O_t")]
    told.append(f"{combustion_co2(207, 43.33, 0.0202, 0.98):.2f}")  # 207 × 43.33 × 0.0202 × 0.98 × 44 / 12
    assert [[one for one in told if one not in page] for page in said("auditor")] == [[], []]
