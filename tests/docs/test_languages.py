"""No text in one language only: parameters, commands, templates and the words of the site, walked one by one.

Labels, messages, standards and notebooks are held closer still beside what they belong to (tests/core/test_labels.py,
tests/standards, tests/test_notebooks.py); pages in test_pages.py.
"""

import csv
import re

import pytest

from mineco.cli.main import main
from mineco.core.kit import parameters, templates
from mineco.core.labels import LANGUAGES
from mineco.core.yaml_reading import read_yaml
from tests.helpers.places import ROOT

CHINESE = re.compile(r"[\u3400-\u9fff]")
SENTENCE = re.compile(r"(?:\b[a-z]{2,}\b[ ,]+){3}")  # of English
SITE = ROOT / "docs" / "_ext" / "mineco_site"
YAML = sorted([path for path in parameters().rglob("*.yaml") if "archives" not in path.parts] + [SITE / "texts.yaml"])
TABLES = sorted(parameters().rglob("*.csv"))
QUOTES = {  # English texts that tell which Chinese word may be typed, or how a Chinese form is headed
    "columns.yaml: tables.activity.csv.columns.item", "columns.yaml: guide.intro", "mapping.yaml: origin.seen",
    "messages.yaml: look_no_font.remedy", "messages.yaml: unknown_province.remedy"}
FOREIGN = ".title"  # of documents that have no Chinese one


def named(path):
    return path.relative_to(ROOT).as_posix()


def pairs(part, place=""):
    """Every mapping of texts by language inside what a file holds, with its place."""
    if isinstance(part, dict):
        if not part.keys().isdisjoint(LANGUAGES):
            yield place, part
        for name, inner in part.items():
            yield from pairs(inner, f"{place}.{name}".strip("."))
    elif isinstance(part, list):
        for number, inner in enumerate(part):
            yield from pairs(inner, f"{place}[{number}]")


@pytest.mark.parametrize("path", YAML, ids=named)
def test_every_text_of_the_data_is_there_in_both_languages(path):
    found = [(place, pair) for place, pair in pairs(read_yaml(path)) if isinstance(next(iter(pair.values())), str)]
    assert [place for place, pair in found if not set(LANGUAGES) <= pair.keys()] == []
    assert [place for place, pair in found if not (pair["zh"].strip() and pair["en"].strip())] == []
    english = [place for place, pair in found if CHINESE.search(pair["en"].replace("万元", ""))]
    assert [place for place in english if f"{path.name}: {place}" not in QUOTES] == []
    chinese = [place for place, pair in found if not CHINESE.search(pair["zh"]) and SENTENCE.search(pair["zh"])]
    assert [place for place in chinese if not place.endswith(FOREIGN)] == []


def test_there_are_texts_to_walk():
    assert sum(len(list(pairs(read_yaml(path)))) for path in YAML) > 7000


@pytest.mark.parametrize("path", TABLES, ids=named)
def test_a_table_with_names_in_one_language_has_them_in_the_other(path):
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    columns = rows[0].keys() if rows else ()
    stems = {name[:-3] for name in columns if name.endswith(("_zh", "_en"))}
    assert [stem for stem in stems if not {f"{stem}_zh", f"{stem}_en"} <= set(columns)] == []
    assert [(row, stem) for row in rows for stem in stems if bool(row[f"{stem}_zh"]) != bool(row[f"{stem}_en"])] == []


@pytest.mark.parametrize("name", main.commands)
def test_a_command_and_its_options_say_what_they_do_in_both_languages(name):
    command = main.commands[name]
    lines = [line for line in (command.help or "").partition("\b")[0].splitlines() if line.strip()]
    assert {bool(CHINESE.search(line)) for line in lines} == {True, False}
    told = {option.name: option.help for option in command.params if getattr(option, "help", None)}
    for option, text in told.items():
        chinese, english = text.split(" / ")
        assert CHINESE.search(chinese), option
        assert not CHINESE.search(english), option


def test_a_template_for_each_language_has_its_twin():
    found = {path.name.replace(f".{language}.", ".*.") for path in templates().rglob("*.*.*") for language in LANGUAGES
             if f".{language}." in path.name}
    assert found
    for language in LANGUAGES:
        assert all(list(templates().rglob(name.replace(".*.", f".{language}."))) for name in found)


def test_reasons_for_packages_stand_in_both_languages():
    chinese = read_yaml(SITE / "dependencies.yaml")
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Dependencies")[2]
    assert set(chinese) == set(re.findall(r"^\| `([\w.-]+)` \|", table, re.MULTILINE))
    assert [name for name, why in chinese.items() if not CHINESE.search(why) and name != "jupyterlab"] == []
