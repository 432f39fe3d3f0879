"""The pages as they are written: each has its twin, its links hold, and its commands are ones that can be typed."""

import re
import shlex
import shutil
from collections import Counter

import click
import pytest
from click.testing import CliRunner

from mineco.cli.main import main
from mineco.runs.imports.mapping import read_mapping
from tests.helpers.places import ROOT

DOCS = ROOT / "docs"
SITE = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)
PAGES = [*(ROOT / name for name in ("README.md", "README.zh.md", "SECURITY.md", "SECURITY.zh.md", "CONTRIBUTING.md")),
         *SITE]
TWINS = [path for path in PAGES if path.name.endswith(".zh.md")]
PAIRED = ("docs/how-to/", "docs/start", "docs/differs", "docs/benchmarks", "docs/readings", "docs/decisions",
          "docs/researchers")  # the others write some of their figures in words
CHINESE = re.compile(r"[\u3400-\u9fff]")
FENCED = re.compile(r"^ *(`{3,}|:{3,}).*?^ *\1", re.MULTILINE | re.DOTALL)
SHORT = ("check", "convert", "factors", "new", "procedure", "standards")  # commands that end at once
AT_HAND = ("mine.xlsx", "my-mine")  # what the pages call a workbook and a folder; others are made by what came before


def named(path):
    return path.relative_to(ROOT).as_posix()


def commands(path):
    """The lines of a page that one can type."""
    blocks = re.findall(r"```(?:sh|console|bash)\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    lines = [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def typed(path):
    """What a page says to type after ``mineco``, word by word."""
    return [shlex.split(line)[1:] for line in commands(path) if line.startswith("mineco ")]


def test_each_page_of_the_site_is_there_in_both_languages():
    english = {path for path in SITE if not path.name.endswith(".zh.md")}
    chinese = {path.with_name(path.name.replace(".zh", "")) for path in SITE if path.name.endswith(".zh.md")}
    assert [named(path) for path in english ^ chinese] == []


@pytest.mark.parametrize("chinese", TWINS, ids=named)
def test_a_page_in_chinese_has_the_headings_commands_tables_and_parts_of_its_twin(chinese):
    pair = [path.read_text("utf-8") for path in (chinese, chinese.with_name(chinese.name.replace(".zh", "")))]
    for mark in (r"^#+ ", r"^```", r"^\| ", r"^```\{[\w-]+\}[^\n]*", r"^<!-- mineco-[^\n]*", r"\$\$"):
        assert len({len(re.findall(mark, text, re.MULTILINE)) for text in pair}) == 1, mark


@pytest.mark.parametrize("path", SITE, ids=named)
def test_what_the_site_fills_in_says_so_and_leads_to_its_data_where_the_file_itself_is_read(path):
    text = path.read_text("utf-8")
    assert re.findall(r"^```\{mineco-.*", text, re.MULTILINE) == [], "such a block is empty on GitHub: write a comment"
    for name, shown in re.findall(r"^<!-- (mineco-.*?) -->\n(.*?)^<!-- end -->$", text, re.MULTILINE | re.DOTALL):
        assert re.search(r"make docs.*\]\(", shown), name
    assert text.count("<!-- mineco-") == text.count("<!-- end -->")


@pytest.mark.parametrize("chinese", TWINS, ids=named)
def test_a_page_in_chinese_has_the_python_of_its_twin_and_its_figures(chinese):
    pair = [path.read_text("utf-8") for path in (chinese, chinese.with_name(chinese.name.replace(".zh", "")))]
    code = [re.sub(r"\s*#.*", "", "".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))) for text in pair]
    assert code[0] == code[1]
    if named(chinese).startswith(PAIRED):
        prose = [re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", "", text, flags=re.DOTALL) for text in pair]
        figures = [Counter(re.findall(r"\d+(?:[.,]\d+)*", text)) for text in prose]
        assert figures[0] == figures[1]


@pytest.mark.parametrize("path", SITE, ids=named)
def test_a_page_is_written_in_its_own_language_and_leads_to_its_twin(path):
    chinese = path.name.endswith(".zh.md")
    paragraphs = re.split(r"\n\s*\n", FENCED.sub("", path.read_text("utf-8")))
    prose = [re.sub(r"`[^`]*`|\]\([^)]*\)", "", part) for part in paragraphs if not part.startswith(("[", "    "))]
    if chinese:  # words of English stand in sentences of Chinese, and no more than a few by themselves
        foreign = [part for part in prose if len(re.findall(r"[a-z]{2,}", part)) > 12 and not CHINESE.search(part)]
    else:  # names may be quoted; a sentence may not
        foreign = [part for part in prose if re.search(r"[\u3400-\u9fff][^\n“”]*[。；]", part)]
    assert foreign == []
    if "{include}" not in path.read_text("utf-8"):
        twin = path.name.replace(".zh", "") if chinese else path.name.replace(".md", ".zh.md")
        assert f"[{'English' if chinese else '中文'}]({twin})" in path.read_text("utf-8")


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_file_that_a_page_links_to_exists(path):
    prose = re.sub(r"`[^`\n]*`", "", path.read_text("utf-8"))
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", prose)
    assert [link for link in links if not path.parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_page_in_one_language_leads_to_a_page_in_the_other(path):
    chinese = path.name.endswith(".zh.md")
    links = re.findall(r"\[([^\]]*)\]\((?!https?:)([^)#\s]+\.md)", path.read_text("utf-8"))
    strays = [link for text, link in links if text not in ("中文", "English") and link.endswith(".zh.md") != chinese
              and (chinese is False or path.parent.joinpath(link.replace(".md", ".zh.md")).exists())]
    assert strays == []


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_command_of_a_page_is_one_that_the_program_knows_with_such_options(path):
    for words in typed(path):
        name, *rest = words
        command = main.commands[name]
        filters = getattr(read_mapping(rest[0])[0], "filters", ()) if name == "import" else ()  # a form has none
        rest = [word for place, word in enumerate(rest)
                if not {word, rest[place - 1] if place else ""} & {f"--{one}" for one in filters}]
        with command.make_context(name, rest, parent=click.Context(main, info_name="mineco")) as context:
            unknown = [word for word in context.args if word.startswith("--")]
        assert unknown == [], words
        assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_target_of_make_and_every_module_of_a_page_exists(path):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for line in commands(path):
        first, *rest = line.split()
        if first == "make":
            targets = [word for word in rest if "=" not in word]
            assert [one for one in targets if not re.search(rf"^{one}:", makefile, re.MULTILINE)] == [], line
        if re.fullmatch(r"(.*[/\\])?python3?", first) and rest[:1] == ["-m"]:
            place = ROOT / rest[1].replace(".", "/")
            known = rest[1] in ("mineco", "pip", "pytest", "venv", "jupyter", "papermill", "ipykernel", "benchmarks")
            assert known or place.is_dir() or place.with_suffix(".py").is_file(), line


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with what the pages call my-mine and mine.xlsx: the tiny quarry."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "parameters" / "mines" / "tiny-quarry", folder / "my-mine")
    assert CliRunner().invoke(main, ["convert", str(folder / "my-mine"), str(folder / "mine.xlsx")]).exit_code == 0
    return folder


def short_lines():
    """The short commands of all pages, each once, whose inputs are at hand."""
    found = {tuple(words): path for path in PAGES for words in typed(path) if words[0] in SHORT}
    return [words for words in found if "--preliminary" not in words  # which is refused where nothing is missing
            and (words[0] in ("new", "standards", "factors") or words[1] in AT_HAND)]


@pytest.mark.slow
@pytest.mark.parametrize("words", short_lines(), ids=" ".join)
def test_a_short_command_of_a_page_does_what_it_says(desk, words, tmp_path, monkeypatch):
    for name in AT_HAND:
        made = words[:2] == ("new", name) or words[0] == "convert" and name in words[2:]
        if not made:
            (shutil.copytree if (desk / name).is_dir() else shutil.copy)(desk / name, tmp_path / name)
    (tmp_path / "book").mkdir()
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code == 0, done.output
    assert done.output or any(tmp_path.iterdir())


def test_there_are_short_commands_to_try():
    assert len({words[0] for words in short_lines()}) == len(SHORT)
