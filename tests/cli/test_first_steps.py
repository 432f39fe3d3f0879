"""The first hour at a command line: what to do first, the example's report, folders with blanks, consoles in cp936."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mineco.cli.main import FIRST_STEPS, main
from mineco.cli.options import typed
from mineco.core.kit import parameters

ROOT = Path(__file__).parents[2]


def mineco(*arguments, folder, **variables):
    """A process of its own in a folder, and what it wrote as bytes."""
    return subprocess.run([sys.executable, "-m", "mineco", *arguments], cwd=folder, capture_output=True, check=False,
                          env=os.environ | {"PYTHONPATH": str(ROOT), **variables})


def test_mineco_alone_says_what_to_do_first_and_leaves_with_0():
    said = CliRunner().invoke(main, [])
    assert (said.exit_code, said.stdout) == (0, FIRST_STEPS + "\n")
    steps = re.findall(r"^mineco (\w+)", FIRST_STEPS, re.MULTILINE)
    assert steps == ["demo", "new", "check", "run", "lab"]
    assert set(steps) <= set(main.commands)


def test_the_demo_ends_like_a_run_and_opens_the_report(tmp_path, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: asked.append(address) or True)
    said = CliRunner().invoke(main, ["demo", "--out", str(tmp_path / "a folder"), "--lang", "en"])
    assert said.exit_code == 0, said.stderr
    folder, root, report = said.stdout.splitlines()
    page = Path(folder) / "report.html"
    assert Path(folder).parent == tmp_path / "a folder"
    assert root.startswith("root hash (write it down): sha256:")
    assert (asked, report) == ([page.as_uri()], f"The report is open in the browser: {page}")
    assert 'lang="en"' in page.read_text("utf-8")
    summary = said.stderr[said.stderr.index("total score: "):].splitlines()
    assert [line.partition(":")[0].strip() for line in summary if line] == [
        "total score", "grade", "binding", "Look at these first", "1 requirements not met", "2 most points lost",
        "3 notices"]


@pytest.mark.parametrize(("more", "times"), [((), 1), (("--no-open",), 0)])
def test_where_no_browser_opens_or_none_is_to_the_demo_names_the_report(tmp_path, monkeypatch, more, times):
    asked: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: bool(asked.append(address)))
    monkeypatch.setattr("mineco.cli.demo.run_and_tell", lambda *_: tmp_path)
    said = CliRunner().invoke(main, ["demo", "--lang", "en", *more])
    assert (said.exit_code, len(asked)) == (0, times)
    assert said.stdout.splitlines() == [f"Open the report in a browser: {tmp_path / 'report.html'}"]


def test_a_console_in_cp936_and_a_folder_with_a_blank_are_written_to(tmp_path):
    folder = tmp_path / "我的 矿山"
    folder.mkdir()
    done = mineco("demo", "--lang", "zh", "--no-open", folder=folder, PYTHONIOENCODING="cp936")
    said = done.stderr.decode("cp936")
    assert done.returncode == 0, said
    made = Path(done.stdout.decode("cp936").splitlines()[0])
    assert (made.parent.parent, (made / "report.html").is_file()) == (folder, True)
    assert "碳捕集与封存减排技术应用（-6 分）" in said  # −6 elsewhere, which cp936 lacks
    assert re.search(r"已用 \d\d:\d\d，约剩 \d\d:\d\d", said)  # of the progress


def test_every_factor_can_be_listed_in_cp936(tmp_path):
    said = mineco("factors", folder=tmp_path, PYTHONIOENCODING="cp936")
    assert (said.returncode, said.stderr) == (0, b"")
    assert len(said.stdout.decode("cp936").splitlines()) > 100
    assert b"?" not in said.stdout


def test_a_folder_with_a_blank_stands_in_quotes_in_a_command_to_be_typed(tmp_path):
    assert typed(r"C:\mines\煤-1") == r"C:\mines\煤-1"
    folder = tmp_path / "我的 矿山"
    assert CliRunner().invoke(main, ["new", str(folder)]).exit_code == 0
    said = CliRunner().invoke(main, ["check", str(folder)])
    assert said.exit_code == 2
    assert f'mineco check "{folder}" --all' in said.stderr.splitlines()[-1]


@pytest.mark.slow
def test_a_workbook_is_converted_checked_marked_run_and_verified_where_every_path_has_a_blank(tmp_path):
    desk, share = tmp_path / "我的 文档 (2024)", tmp_path / "共享 盘" / "评价 结果"
    desk.mkdir()
    example = parameters() / "mines" / "tiny-quarry"

    def done(*arguments):
        said = mineco(*map(str, arguments), folder=desk, PYTHONIOENCODING="cp936")
        assert said.returncode == 0, said.stderr.decode("cp936")
        return said.stdout.decode("cp936").splitlines()

    assert done("convert", example, "采石场 一.xlsx") == ["采石场 一.xlsx"]
    assert done("convert", "采石场 一.xlsx", "采石场 文件夹") == ["采石场 文件夹"]
    assert done("check", "采石场 文件夹")[1:] != []
    assert done("check", "采石场 一.xlsx", "--mark", "看过 的.xlsx")[0] == "带标注的副本：看过 的.xlsx"
    made, _ = done("run", "看过 的.xlsx", "--out", share, "--formats", "html")
    assert (Path(made).parent, (Path(made) / "inputs" / "看过 的.xlsx").is_file()) == (share, True)
    assert done("verify", made, "--kit-differs-ok")[-1].startswith("验证通过")
