"""A malformed dossier is answered at once: what is wrong and where, in at most ten lines, and nothing is written."""

import os
import re
import shutil
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from mineco.cli.main import MAX_LINES, main, shortened
from mineco.core import kit
from mineco.core.errors import BadInput, Problem
from mineco.core.labels import problem_text
from mineco.evaluation.registry import check
from tests.helpers.badinputs.cases import CASES
from tests.helpers.badinputs.edits import Bad

STANDARD = "carbon-neutral-mine-2025"
SECONDS = 2.0  # of the processor, for the slowest answer; benchmarks/bad_input.py measures the usual ones
BY_COMMAND = [bad for bad in CASES if bad.by_command]


def spoilt(bad: Bad, folder: Path) -> Path:
    dossier = Path(shutil.copytree(kit.parameters() / "mines" / bad.base, folder / "dossier"))
    try:
        bad.edit(dossier / bad.file)
    except (AttributeError, NotImplementedError, OSError) as error:  # Windows has no pipes, and links for few
        if os.name != "nt":
            raise
        pytest.skip(f"cannot be made here: {error}")
    return dossier


def listed(folder: Path) -> dict[str, tuple[int, int]]:
    """Every name of a folder with its size and time, links as links."""
    return {path.relative_to(folder).as_posix(): (path.lstat().st_size, path.lstat().st_mtime_ns)
            for path in folder.rglob("*")}


def answer(dossier: Path, told_only: bool) -> list[Problem]:
    if told_only:
        return list(check(dossier, STANDARD).notices)
    with pytest.raises(BadInput) as refused:
        check(dossier, STANDARD)
    return refused.value.problems


def test_there_are_enough_cases_and_each_has_its_own_name():
    assert len(CASES) >= 120
    assert len({bad.name for bad in CASES}) == len(CASES)
    assert len(BY_COMMAND) >= 12


@pytest.mark.parametrize("bad", CASES, ids=lambda bad: bad.name)
def test_what_is_wrong_is_said_with_its_place(bad, tmp_path):
    dossier = spoilt(bad, tmp_path)
    before, begun = listed(tmp_path), time.process_time()
    problems = answer(dossier, bad.notice)
    assert time.process_time() - begun < SECONDS
    assert listed(tmp_path) == before, "nothing is written"
    places = [(one.message, one.file, one.row, one.column) for one in problems]
    if bad.more:
        assert set(bad.expected) <= set(places)
    else:
        assert sorted(map(str, bad.expected)) == sorted(map(str, places))
    for language in ("zh", "en"):
        lines = [problem_text(one, language) for one in shortened(problems, MAX_LINES, "dossier")]
        assert len(lines) <= 10
        assert not [line for line in lines if re.search(r"[\x00-\x1f\x7f-\x9f\u202e]|\{\w+\}", line)]
        assert max(map(len, lines), default=0) < 1500


@pytest.mark.parametrize("bad", BY_COMMAND, ids=lambda bad: bad.name)
def test_the_command_line_says_it_in_ten_lines_and_leaves_with_two(bad, tmp_path):
    dossier = spoilt(bad, tmp_path)
    said = CliRunner().invoke(main, ["check", str(dossier), "--lang", "en"])
    lines = (said.stdout if bad.notice else said.stderr).splitlines()
    assert said.exit_code == (0 if bad.notice else 2)
    assert 1 <= len(lines) <= 10
    assert "Traceback" not in said.output
    message, file, _, _ = bad.expected[0]
    assert any(line.startswith(file) for line in lines), message


def test_check_lists_them_all_when_asked(tmp_path):
    (bad,) = [one for one in CASES if one.name == "twelve months in place of a year"]
    dossier = spoilt(bad, tmp_path)
    short, whole = (CliRunner().invoke(main, ["check", str(dossier), "--lang", "en", *more]).stderr.splitlines()
                    for more in ((), ("--all",)))
    assert (len(short), len(whole)) == (10, 11)
    assert short[:9] == whole[:9]
    assert short[9] == f"There are 2 problems more. `mineco check {dossier} --all` lists them all."
