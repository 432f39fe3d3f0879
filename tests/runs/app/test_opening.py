"""The what-if page as ``mineco app`` opens it, looked at and moved in a browser."""

import json
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from mineco.cli.main import main
from mineco.core.kit import parameters, templates
from mineco.core.labels import set_language
from mineco.runs.app import opening
from tests.helpers import app
from tests.helpers.programs import chromium
from tests.helpers.refusals import refused_with

MINES = parameters() / "mines"


@pytest.fixture
def started(monkeypatch):
    """The commands that would have been started."""
    pytest.importorskip("voila", reason="needs the extra app")
    commands = []

    class Done:
        returncode = 0

    monkeypatch.setattr(opening.subprocess, "run", lambda command, **_: commands.append(command) or Done())
    return commands


def test_without_voila_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(opening, "find_spec", lambda name: None)
    with refused_with("app_not_installed"):
        opening.app_command(MINES / "x.ipynb", "en")
    done = CliRunner().invoke(main, ["app", "--lang", "en"])
    assert done.exit_code == 2
    assert done.stderr.splitlines() == ["Voilà is not installed. Install it with pip install mineco[app]."]


def test_a_dossier_with_problems_is_told_and_nothing_is_opened(started):
    done = CliRunner().invoke(main, ["app", str(MINES / "nowhere"), "--lang", "en"])
    assert (done.exit_code, started) == (2, [])
    assert "nowhere" in done.stderr


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_has_no_page_is_told_in_sentences_before_a_server_is_started(started, tmp_path, monkeypatch,
                                                                              language):
    monkeypatch.chdir(tmp_path)  # of a long path the end is not told
    mines = {name: tmp_path / name for name in (
        "empty", "file.txt", "bad.xlsx", "above", "gap", "run", "books")}
    mines["empty"].mkdir()
    (tmp_path / "file.txt").write_text("x")
    (tmp_path / "bad.xlsx").write_text("x")
    shutil.copytree(MINES / "tiny-quarry", tmp_path / "above" / "mine")
    mines["books"].mkdir()
    for name in ("矿山.xlsx", "cover letter.docx"):
        (mines["books"] / name).write_text("x")
    shutil.copytree(MINES / "tiny-quarry", mines["gap"])
    (mines["gap"] / "offsets.csv").unlink()
    (mines["run"] / "inputs").mkdir(parents=True)
    (mines["run"] / "manifest-sha256.txt").write_text("")
    told = {"empty": "mine.yaml", "file.txt": "file.txt", "bad.xlsx": "bad.xlsx", "gap": "offsets.csv",
            "run": "inputs", "books": "矿山.xlsx",
            "above": str(Path("above", "mine"))}
    for name, words in told.items():
        done = CliRunner().invoke(main, ["app", name, "--lang", language])
        assert (done.exit_code, started) == (2, [])
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1  # one problem, one sentence
        assert "Traceback" not in done.output


def test_a_dossier_of_another_standard_is_told_as_one_before_what_it_lacks(started):
    for mine, standard in (("example-closed-quarry", "restoration-carbon-sink-2024"), ("example-iron-ore", "")):
        done = CliRunner().invoke(main, ["app", str(MINES / mine), "--lang", "en"])
        assert (done.exit_code, started) == (2, [])
        first = done.stderr.splitlines()[0]
        assert (f"is a whole dossier under {standard}," in first) == bool(standard)


def test_the_page_is_for_this_machine_behind_a_token_and_further_arguments_go_to_voila(started):
    done = CliRunner().invoke(main, ["app", str(MINES / "tiny-quarry"), "--", "--no-browser", "--port=8901"])
    assert (done.exit_code, done.stderr) == (0, "")
    (command,) = started
    assert {"--token", "--no-browser", "--port=8901", "--template=mineco"} <= set(command)
    assert not [word for word in command if "--Voila.ip" in word]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_copy_names_the_mine_whatever_its_folder_is_called(tmp_path, language):
    mine = tmp_path / '我的 "矿" (1)'
    copy = json.loads(opening.write_notebook(tmp_path, mine, language).read_text("utf-8"))
    (given,) = [cell for cell in copy["cells"] if "injected-parameters" in cell["metadata"].get("tags", [])]
    scope = {}
    exec("".join(given["source"]), scope)
    assert scope["dossier"] == str(mine)


def test_templates_and_styles_name_no_other_host():
    for path in (one for one in (templates() / "app").rglob("*") if one.is_file()):
        assert re.findall(r"https?://|//cdn", path.read_text("utf-8")) == []


@pytest.mark.slow
@pytest.mark.parametrize(("language", "width"), [("zh", 375), ("en", 1200)])
def test_in_a_browser_a_slider_moves_emissions_and_grade(language, width):
    set_language(language)
    heard, asked = [], []
    with app.app_of(MINES / "example-copper", language) as address, chromium() as browser:
        page = app.opened(browser, address, width, heard, asked)
        assert page.title() == {"zh": "假如……", "en": "What if?"}[language]
        assert page.evaluate("document.documentElement.lang") == language
        told = page.inner_text(".mineco-headline")
        assert "205,289" in told
        page.wait_for_timeout(1500)
        assert page.inner_text(".mineco-headline") == told  # nothing moves by itself
        assert not re.search("原为|was", told)
        for _ in range(10):  # from 286,000 MWh: ten pages of the keyboard, each as far as five steps
            assert page.evaluate(app.MOVED, [0, "PageDown"]) > 0
        moved = page.inner_text(".mineco-headline")
        assert moved != told
        assert "205,289" in moved  # what it was
        page.locator(".mineco-control input").nth(0).fill("150000")
        page.keyboard.press("Enter")
        before = {"zh": "原为 B 级", "en": "was grade B"}[language]
        page.wait_for_function("told => document.querySelector('.mineco-headline').innerText.includes(told)",
                               arg=before)
        page.mouse.move(width / 2, 500)
        page.mouse.wheel(0, 600)
        page.wait_for_function("window.scrollY > 300")  # the page scrolls as any other
        assert page.locator(".mineco-sticky").bounding_box()["y"] == 0  # and its headline stays
        wide, inner = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= inner
        sizes = page.evaluate("[...document.querySelectorAll('.noUi-handle, .mineco-number input, .mineco-button')]"
                              ".map(one => one.getBoundingClientRect().height)")
        assert min(sizes) >= 44  # pixels of a finger
        _refuse(page)
        assert page.locator(".noUi-handle:not([aria-label])").count() == 0
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found
                if one["impact"] in ("serious", "critical")] == []
    assert heard == []
    assert {urlsplit(one).hostname for one in asked if not one.startswith(("data:", "blob:"))} == {"localhost"}


def _refuse(page):
    """A number that cannot be is told beside its control, and the headline stays and says so."""
    page.locator(".mineco-control input").nth(1).fill("-4")
    page.keyboard.press("Enter")
    page.wait_for_selector(".mineco-refused")
    assert "activity.csv" in page.inner_text(".mineco-control .mineco-refused")
    page.wait_for_selector(".mineco-headline.former")
    page.locator(".mineco-control input").nth(1).fill("60")
    page.keyboard.press("Enter")
    page.wait_for_selector(".mineco-refused", state="detached")
    page.wait_for_selector(".mineco-headline.former", state="detached")
