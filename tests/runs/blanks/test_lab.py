"""A folder to work in: one language, the examples beside, nothing overwritten, the installation untouched."""

import ast
import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mineco.cli.main import main
from mineco.core.kit import kit, notebooks
from mineco.runs.blanks import lab
from tests.helpers.refusals import refused_with

LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_folder_holds_the_notebooks_of_one_language_and_the_examples(tmp_path, language):
    lab.lay_out(tmp_path / "work", language)
    for source in (notebooks() / language).rglob("*.ipynb"):
        name = source.relative_to(notebooks() / language)
        copy, own = (json.loads(path.read_text("utf-8")) for path in (tmp_path / "work" / name, source))
        assert len(copy["cells"]) == len(own["cells"])
    assert {path.name for path in (tmp_path / "work").iterdir()} >= {"examples", "panels", lab.START}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_folders_that_a_notebook_names_are_those_of_the_copy(tmp_path, language):
    lab.lay_out(tmp_path, language)
    named = [(path, one.value) for path in tmp_path.rglob("*.ipynb")
             for cell in json.loads(path.read_text("utf-8"))["cells"]
             if cell["cell_type"] == "code" for one in ast.walk(ast.parse("".join(cell["source"])))
             if isinstance(one, ast.Constant) and isinstance(one.value, str)
             and one.value.startswith(("examples/", "panels/", "portfolios/", "years/", ".."))]
    assert {path.parent.name for path, _ in named} >= {tmp_path.name, "course"}
    assert [name for path, names in named for name in names.split("; ")
            if not (found := (path.parent / name).resolve()).is_dir() or not found.is_relative_to(tmp_path)] == []


def test_no_text_of_a_copy_leads_to_folders_of_the_installation(tmp_path):
    lab.lay_out(tmp_path, "en")
    assert [path.name for path in tmp_path.rglob("*.ipynb") if "../parameters/" in path.read_text("utf-8")] == []


def test_the_class_data_lie_beside_the_lessons_and_stay_as_a_class_leaves_them(tmp_path):
    lab.lay_out(tmp_path, "zh")
    book = tmp_path / "course" / "class.xlsx"
    book.write_bytes(b"ours")
    assert lab.lay_out(tmp_path, "zh") == []
    assert book.read_bytes() == b"ours"


def digests(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*") if path.is_file()}


def test_what_was_changed_in_the_folder_stays_and_what_was_taken_away_comes_back(tmp_path):
    before = digests(kit() / "notebooks")
    lab.lay_out(tmp_path, "en")
    (tmp_path / lab.START).write_text("mine", "utf-8")
    (tmp_path / "examples" / "tiny-quarry" / "activity.csv").write_text("mine", "utf-8")
    (tmp_path / "expert-weights.ipynb").unlink()
    assert lab.lay_out(tmp_path, "en") == [Path("expert-weights.ipynb")]
    assert (tmp_path / lab.START).read_text("utf-8") == "mine"
    assert (tmp_path / "examples" / "tiny-quarry" / "activity.csv").read_text("utf-8") == "mine"
    assert digests(kit() / "notebooks") == before


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "work").write_text("x")
    with refused_with("work: not_a_folder"):
        lab.lay_out(tmp_path / "work", "zh")


@pytest.mark.parametrize("own", [".", "notebooks/en", "parameters/mines"])
def test_nobody_works_in_the_folders_of_the_installation(own):
    before = digests(kit() / "notebooks")
    with refused_with("folder_of_the_kit"):
        lab.lay_out(kit() / own, "en")
    assert digests(kit() / "notebooks") == before


def test_a_folder_keeps_to_its_language(tmp_path):
    lab.lay_out(tmp_path, "zh")
    with refused_with("lab_in_other_language"):
        lab.lay_out(tmp_path, "en")
    assert lab.lay_out(tmp_path, "zh") == []


def test_settings_that_were_taken_away_come_back(tmp_path):
    lab.lay_out(tmp_path, "zh")
    for path in (tmp_path / lab.SETTINGS).rglob("*.jupyterlab-settings"):
        path.unlink()
    assert lab.lay_out(tmp_path, "zh") == []
    assert len(list((tmp_path / lab.SETTINGS).rglob("*.jupyterlab-settings"))) == 2


def test_the_menus_of_the_lab_are_chinese_where_chinese_is_asked_for_and_no_news_are_fetched(tmp_path):
    lab.lay_out(tmp_path / "a", "zh")
    lab.lay_out(tmp_path / "b", "en")
    chosen = {name: {path.parent.name: json.loads(path.read_text("utf-8"))
                     for path in (tmp_path / name / lab.SETTINGS).rglob("*.jupyterlab-settings")} for name in "ab"}
    assert chosen["a"].pop("translation-extension") == {"locale": "zh_CN"}
    assert chosen["a"] == chosen["b"] == {"apputils-extension": {"fetchNews": "false", "checkForUpdates": False}}
    assert f"--LabApp.user_settings_dir={tmp_path / 'a' / lab.SETTINGS}" in lab.lab_command(tmp_path / "a")


def test_the_command_lays_the_folder_out_and_hands_further_arguments_to_the_lab(tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr(lab, "open_lab", lambda folder, arguments: given.append((folder, arguments)) or 0)
    done = CliRunner().invoke(main, ["lab", str(tmp_path / "work"), "--lang", "en", "--", "--no-browser"])
    assert (done.exit_code, given) == (0, [(tmp_path / "work", ("--no-browser",))])
    assert "is ready" in done.output
    assert CliRunner().invoke(main, ["lab", str(tmp_path / "work"), "--copy-only", "--lang", "en"]).exit_code == 0
    assert len(given) == 1


def test_without_jupyterlab_the_command_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    done = CliRunner().invoke(main, ["lab", str(tmp_path / "work"), "--lang", "en"])
    assert done.exit_code == 2
    assert "pip install mineco[lab]" in done.output
