"""The command line answers at once, says what is wrong in the chosen language, and leaves with the right number."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner, Result

from mineco.cli.main import main
from mineco.cli.options import MAX_LINES
from mineco.core.errors import BadInput, Problem
from mineco.core.kit import parameters
from mineco.runs import runlog

HEAVY = ("numpy", "pandas", "pint", "pydantic", "matplotlib", "papermill", "nbconvert", "nbformat", "jupyter_client",
         "latexify", "typst", "pypandoc", "jsonschema", "yaml")


def mineco(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("statement", [
    "import mineco", "import mineco.cli.main",
    "from mineco.cli.main import main; main(['run', '--help'], standalone_mode=False)"])
def test_nothing_heavy_is_imported_before_it_is_needed(statement):
    code = f"{statement}\nimport sys; print([name for name in {HEAVY} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip().splitlines()[-1] == "[]"


def test_a_check_imports_no_tables_statistics_figures_nor_kernel():
    code = ("import sys; from mineco.cli.main import main; main(['check', sys.argv[1]], standalone_mode=False); "
            "print([one for one in ('pandas', 'scipy.optimize', 'matplotlib', 'jupyter_client', 'latexify') "
            "if one in sys.modules])")
    quarry = str(parameters() / "mines" / "tiny-quarry")
    said = subprocess.run([sys.executable, "-c", code, quarry], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_explains_itself_with_an_example_in_both_languages(command):
    said = mineco(command, "--help")
    assert said.exit_code == 0
    assert "示例 / Example:" in said.output
    assert f"mineco {command}" in said.output
    assert "--lang" in said.output


def test_a_command_that_ends_does_not_search_what_it_holds():
    code = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count())); import mineco.cli.main"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert int(said) > 10_000


def test_python_m_mineco_is_the_same_command():
    said = subprocess.run([sys.executable, "-m", "mineco", "--version"], capture_output=True, text=True, check=True)
    assert said.stdout == mineco("--version").output


def test_bad_input_prints_every_problem_in_the_chosen_language_and_leaves_with_2(monkeypatch):
    problems = [
        Problem("choice_not_allowed", "mine.yaml", 3, "type", "moon", {"allowed": "energy"}),
        Problem("results_missing", file="results.json")]

    def refuse(*_, **__):
        raise BadInput(problems)

    monkeypatch.setattr("mineco.evaluation.registry.check", refuse)
    english, chinese = mineco("check", "mine", "--lang", "en"), mineco("check", "mine")
    assert (english.exit_code, chinese.exit_code) == (2, 2)
    assert english.stderr.splitlines()[0] == (
        "mine.yaml, row 3, type = moon: is not one of the choices. Choose from: energy.")
    assert len(english.stderr.splitlines()) == len(chinese.stderr.splitlines()) == 2
    assert "不在可选值之内" in chinese.stderr
    assert english.stdout == ""


@pytest.mark.parametrize(("language", "verdict"), [
    ("zh", "资料可以评价；提示 3 条。"), ("en", "Nothing refused; notices: 3.")])
def test_no_problem_found_never_stands_above_a_notice(language, verdict):
    said = mineco("check", str(parameters() / "mines" / "tiny-quarry"), "--lang", language)
    first, *rest = said.stdout.splitlines()
    assert (said.exit_code, first, len(rest)) == (0, verdict, 3)


def test_where_there_is_no_notice_no_problem_was_found():
    land = str(parameters() / "mines" / "example-restoration-area")
    said = mineco("check", land, "--standard", "restoration-area-2025", "--lang", "en")
    assert said.stdout.splitlines() == ["No problem found."]


def test_a_check_shows_notices_in_ten_lines_and_all_when_asked(tmp_path):
    quarry = shutil.copytree(parameters() / "mines" / "tiny-quarry", tmp_path / "quarry")
    metrics = (quarry / "metrics.csv").read_text("utf-8-sig")
    (quarry / "metrics.csv").write_text(metrics.replace("2024,production,300000", "2024,production,30"), "utf-8")
    short, whole = mineco("check", str(quarry)), mineco("check", str(quarry), "--all")
    count = len(whole.stdout.splitlines()) - 1
    assert whole.stdout.startswith(f"资料可以评价；提示 {count} 条。")
    assert len(short.stdout.splitlines()) == MAX_LINES < count
    assert "--all" in short.stdout.splitlines()[-1]


def test_a_missing_dossier_is_bad_input_and_makes_no_output_folder(tmp_path):
    said = mineco("run", str(tmp_path / "nothing"), "--out", str(tmp_path / "runs"), "--lang", "en")
    assert said.exit_code == 2
    assert "there is no such dossier folder" in said.stderr
    assert not (tmp_path / "runs").exists()


def test_an_option_that_is_no_pair_is_bad_input(tmp_path):
    said = mineco("run", str(tmp_path), "--option", "gwp", "--lang", "en")
    assert (said.exit_code, "NAME=VALUE" in said.stderr) == (2, True)


def test_options_of_the_standard_reach_the_run(monkeypatch):
    seen = []

    def order(*given, options, **_):
        seen.append((*given, options))
        sys.exit(0)

    monkeypatch.setattr("mineco.runs.run.run", order)
    typed = ("--gwp", "AR4", "--option", "scope2_basis=market", "--formats", "html, pdf")
    assert mineco("run", "mine", *typed).exit_code == 0
    (_, _, _, formats, language, options), = seen
    assert (formats, language, options) == (("html", "pdf"), "zh", {"gwp": "AR4", "scope2_basis": "market"})


SLOW_RUN = """
import json, pathlib, sys
from mineco.cli import main as cli
from mineco.runs import order, run
folder = pathlib.Path(sys.argv[1])
sources = ["dossier = ''\\nstandard = ''\\nlanguage = ''\\nresults = ''",
           "import os, pathlib, time\\npathlib.Path('../../kernel').write_text(str(os.getpid()))\\ntime.sleep(600)"]
cells = [{"cell_type": "code", "id": str(number), "metadata": {"tags": ["parameters"]} if not number else {},
          "execution_count": None, "outputs": [], "source": source} for number, source in enumerate(sources)]
notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
(folder / "zh").mkdir()
(folder / "zh" / "carbon-neutral-mine.ipynb").write_text(json.dumps(notebook))
order.notebooks = lambda: folder
run.check_dossier = lambda dossier, standard, options, *_: options
cli.main(["run", str(folder / "dossier"), "--out", str(folder / "runs")])
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without a signal that it could answer")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_run_ended_from_outside_leaves_neither_folder_nor_kernel(tmp_path, sent):
    (tmp_path / "dossier").mkdir()
    process = subprocess.Popen([sys.executable, "-c", SLOW_RUN, str(tmp_path)], start_new_session=True,
                               stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while not (tmp_path / "kernel").exists() and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.2)  # the number of the process is written by then
    process.send_signal(sent)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 128 + sent
    assert "Traceback" not in said
    assert [line["status"] for line in runlog.read(tmp_path / "runs")] == ["interrupted"]
    assert [path for path in (tmp_path / "runs").iterdir() if path.is_dir()] == []
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "kernel").read_text()), 0)


def test_an_unknown_command_leaves_with_2():
    assert mineco("evaluate").exit_code == 2


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a disk that is always full is of Linux")  # noqa: PTH110
@pytest.mark.parametrize("command", ["standards", "factors"])
def test_a_disk_that_is_full_is_told_in_one_sentence(command):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        said = subprocess.run([sys.executable, "-m", "mineco", command, "--lang", "en"], stdout=full,
                              stderr=subprocess.PIPE, text=True, check=False)
    assert said.returncode == 2
    assert said.stderr.count("\n") == 1
    assert "No space left on device" in said.stderr


@pytest.mark.slow
def test_a_run_needs_no_home_to_write_to(tmp_path):
    command = [sys.executable, "-m", "mineco", "run", str(parameters() / "mines" / "tiny-quarry"), "--formats", "html",
               "--out", str(tmp_path)]
    said = subprocess.run(command, env=os.environ | {"HOME": "/proc/none", "USERPROFILE": "/proc/none"},
                          capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "Traceback" not in said.stderr
