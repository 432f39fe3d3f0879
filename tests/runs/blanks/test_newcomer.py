"""Newcomers fill in a blank workbook with what their mines have at hand: how many cells, how many rounds, how long.

Each goes by the command line from `mineco new` to a preliminary report, and with what its list of gaps asks for to the
full one.
"""

import json
import time

import pytest
from click.testing import CliRunner

import mineco as mc
from mineco.cli.main import main
from mineco.core.labels import nothing_wrong
from tests.helpers.first_hour import COAL, IRON, WATER, type_what_is_asked_for, type_what_is_at_hand, typed

MOST_TO_PRELIMINARY, MOST_TO_FULL, MOST_ROUNDS = 70, 100, 2
MINES = (IRON, COAL, WATER)


def mineco(*command):
    """Exit status and output of a command."""
    done = CliRunner().invoke(main, [str(one) for one in command])
    return done.exit_code, done.output


def begun(folder, mine):
    """The workbook to fill in, and another that stays blank."""
    paths = [folder / name / "mine.xlsx" for name in ("filled", "blank")]
    for path in paths:
        status, said = mineco("new", path, "--type", mine.kind, "--year", mine.year, "--lang", mine.language)
        assert status == 0, said
    return paths


def problems(path):
    """One round of check."""
    with pytest.raises(mc.BadInput) as told:
        mc.check(path)
    return told.value.problems


@pytest.mark.parametrize("mine", [pytest.param(one, id=one.kind, marks=[] if one is WATER else [pytest.mark.slow])
                                  for one in MINES])
def test_what_is_at_hand_is_understood_and_the_rest_is_asked_for_in_one_round(tmp_path, mine):
    path, blank = begun(tmp_path, mine)
    type_what_is_at_hand(path, mine)
    told = problems(path)
    assert nothing_wrong(told), [str(one) for one in told]
    assert typed(path, blank) <= MOST_TO_PRELIMINARY
    places = [(one.row, one.column) for one in told if "!" in str(one.row)]
    assert len(places) == len(set(places))  # no cell is asked for twice


@pytest.mark.slow
@pytest.mark.parametrize("mine", MINES, ids=lambda mine: mine.kind)
def test_a_newcomer_comes_to_both_reports(tmp_path, mine, capsys):
    start, rounds = time.monotonic(), 0
    path, blank = begun(tmp_path, mine)
    made = {}

    type_what_is_at_hand(path, mine)
    few, rounds = typed(path, blank), rounds + 1
    assert mineco("check", path, "--lang", mine.language)[0] == 2
    for kind, more in (("preliminary", ["--preliminary"]), ("full", [])):
        if kind == "full":
            type_what_is_asked_for(path, mine)
            rounds += 1
            status, said = mineco("check", path, "--lang", mine.language)
            assert status == 0, said
        status, said = mineco("run", path, "--out", tmp_path / kind, "--formats", "html", "--lang", mine.language,
                              *more)
        assert status == 0, said
        results = next((tmp_path / kind).rglob("results.json"))
        made[kind] = json.loads(results.read_text("utf-8"))["outcome"]["score"]
    seconds = time.monotonic() - start

    low, high, total = made["preliminary"]["low"], made["preliminary"]["high"], made["full"]["total"]
    with capsys.disabled():
        print(f"\n{mine.kind}: {few} cells to the preliminary report, {typed(path, blank)} to the full one, "
              f"{rounds} rounds of check, {seconds:.0f} s; {low:.1f} to {high:.1f} points, then {total:.1f}")
    assert 0 < low <= total <= high < 100
    assert few <= MOST_TO_PRELIMINARY
    assert typed(path, blank) <= MOST_TO_FULL
    assert rounds <= MOST_ROUNDS
