"""A preliminary run: a folder like any other, which states no grade and can be taken for nothing else."""

import json
import re
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import lxml.html
import pypdf
import pytest
from click.testing import CliRunner

from mineco.cli.main import main
from mineco.core.kit import kit_files, parameters
from mineco.core.labels import label
from mineco.evaluation.record import kit_used
from mineco.runs import runlog
from mineco.runs.audit import verify
from mineco.runs.converting import convert
from mineco.runs.run import run
from mineco.standards.load import load_standard
from tests.helpers import forger, mines
from tests.helpers.newcomer import write_newcomer
from tests.helpers.programs import chromium, program
from tests.helpers.refusals import refused_with
from tests.helpers.report_texts import faults, own_texts, report_lines

STANDARD = "carbon-neutral-mine-2025"
MINES = parameters() / "mines"
EXAMPLE = MINES / mines.WITH_GAPS
FORMS = ("html", "pdf", "docx")
LANGUAGES = ("zh", "en")


@pytest.fixture(autouse=True)
def _edited_checkout(monkeypatch):
    own = kit_used.digests_of(kit_files())
    monkeypatch.setattr(kit_used, "of_this_version", lambda: (own, False))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The preliminary run of the example in a language, made once."""
    @cache
    def in_language(language):
        return run(EXAMPLE, out=tmp_path_factory.mktemp("runs"), formats=FORMS, language=language, preliminary=True)

    return in_language


@pytest.fixture(scope="module")
def page(made):
    return lambda language: (made(language) / "report.html").read_text("utf-8")


def text_of(path):
    """All that a report says."""
    if path.suffix == ".html":
        return lxml.html.fromstring(path.read_text("utf-8")).text_content()
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as packed:
            return "\n".join(re.sub("<[^>]*>", "", packed.read(name).decode()) for name in packed.namelist()
                             if re.fullmatch(r"word/(document|header\d|footer\d)\.xml", name))
    done = subprocess.run([program("pdftotext"), str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode()


def grade_names(language):
    standard = load_standard(STANDARD)
    return [one.name_zh if language == "zh" else one.name_en for one in (*standard.grades, standard.below_grade)]


# --- what it says ---------------------------------------------------------------------------------------------------

def test_the_results_tell_a_range_and_no_grade(made):
    told = json.loads((made("zh") / "results.json").read_text("utf-8"))
    assert told["status"] == "preliminary"
    assert not {"grade", "carbon_neutral", "near_zero"} & {key for key, _ in walked(told)}
    standard = load_standard(STANDARD)
    weight = {one.id: one.weight * standard.groups[one.group].weight / 1e4 for one in standard.indicators.values()}
    ranges = {one["id"]: one for one in told["outcome"]["score"]["indicators"]}
    low, high = (sum(weight[name] * one[end] for name, one in ranges.items()) for end in ("low", "high"))
    assert (told["outcome"]["score"]["low"], told["outcome"]["score"]["high"]) == pytest.approx((low, high))
    assert high - low == pytest.approx(100 * (1 - told["outcome"]["score"]["share_known"]))


def walked(document):
    """Every key of a document with what stands there."""
    if isinstance(document, dict):
        for key, told in document.items():
            yield key, told
            yield from walked(told)
    if isinstance(document, list):
        for one in document:
            yield from walked(one)


def test_both_languages_record_the_same_results(made):
    zh, en = (json.loads((made(one) / "results.json").read_text("utf-8")) for one in LANGUAGES)
    assert zh == en


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_no_grade_stands_anywhere_in_a_report(made, language, form):
    text = " ".join(text_of(made(language) / f"report.{form}").split())
    assert [name for name in grade_names(language) if name in text] == []
    assert re.findall(r"\bAA+\b", text) == []
    neutral = ("carbon_neutral", "carbon_neutral_yes", "carbon_neutral_no_offset", "carbon_neutral_no_gates",
               "near_zero")
    assert [name for name in neutral if label(name, language) in text] == []
    assert label("preliminary_mark", language) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_pdf_is_marked_across_and_above(made, language):
    mark, path = label("preliminary_mark", language), made(language) / "report.pdf"
    *pages, rest = text_of(path).split("\f")
    assert not rest.strip()
    assert len(pages) > 5
    assert [place for place, one in enumerate(pages, 1) if mark not in one] == []  # in the line above
    twice = [page.extract_text().count(mark) for page in pypdf.PdfReader(path).pages]  # and across the page
    assert [place for place, count in enumerate(twice, 1) if count < 2] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_title_and_properties_of_each_file_say_that_it_is_preliminary(made, page, language):
    mark, folder = label("preliminary_mark", language), made(language)
    assert folder.name.startswith("example-iron-ore-2022-preliminary-")
    tree = lxml.html.fromstring(page(language))
    title = tree.findtext(".//title")
    assert title == label("preliminary_title", language).format(mine=mine_name(language), year=2022)
    assert tree.xpath("//meta[@name='keywords']/@content") == [mark]
    with zipfile.ZipFile(folder / "report.docx") as packed:
        core = packed.read("docProps/core.xml").decode()
        assert mark in packed.read("word/header1.xml").decode()
    assert f"<dc:title>{title}</dc:title>" in core
    assert f"<cp:keywords>{mark}</cp:keywords>" in core
    told = subprocess.run([program("pdfinfo"), str(folder / "report.pdf")], capture_output=True, check=True)
    assert all(one in told.stdout.decode() for one in (title, mark))


def mine_name(language):
    return {"zh": "初评铁矿（虚构）", "en": "First-look iron mine (fictional)"}[language]


def test_a_full_report_is_not_marked(quarry_runs):
    written = (quarry_runs[0] / "report.html").read_text("utf-8")
    assert label("preliminary_mark", "en") not in written
    assert 'class="watermark"' not in written


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_client_reads_one_language_and_nothing_unsure(page, language):
    standard = load_standard(STANDARD)
    titles = {title for one in standard.references.values() for title in (one.title.zh, one.title.en)}
    assert [*faults(report_lines(page(language)), language, titles | own_texts(EXAMPLE), of_coal=False)] == []


@pytest.mark.slow
def test_a_browser_shows_the_mark_over_the_page_and_prints_it_on_every_sheet(made, tmp_path):
    with chromium() as browser:
        opened = browser.new_page()
        opened.goto((made("en") / "report.html").as_uri())
        box = opened.locator(".watermark").bounding_box()
        opened.pdf(path=tmp_path / "printed.pdf", format="A4", prefer_css_page_size=True)
        opened.close()
    assert box["width"] > 100
    *sheets, _ = text_of(tmp_path / "printed.pdf").split("\f")
    assert [place for place, one in enumerate(sheets, 1) if label("preliminary_mark", "en") not in one] == []


# --- verified -------------------------------------------------------------------------------------------------------

def test_it_is_made_again_to_the_last_byte(made):
    found = verify.verify(made("en"))
    assert (found.exit_status, found.problems, found.obstacles) == (0, [], [])
    assert found.reports == len(FORMS)


def raised(run_folder):
    forger.edit(run_folder / "results.json", lambda told: told["outcome"]["score"].update(low=60.0))


def without_status(run_folder):
    forger.edit(run_folder / "results.json", lambda told: told.pop("status"))


def without_mark(run_folder):
    path = run_folder / "report.html"
    path.write_text(path.read_text("utf-8").replace(label("preliminary_mark", "en"), ""), "utf-8")


def with_a_document(run_folder):
    path = run_folder / "inputs" / "ratings.csv"
    basis = "现场所见 / as seen on site,"
    path.write_text(path.read_text("utf-8-sig").replace(basis, f"{basis}letter"), "utf-8")


def of_a_full_run(run_folder):
    forger.edit(run_folder / "environment.json", lambda told: told.update(
        command=told["command"].removesuffix(" --preliminary")))


@pytest.mark.parametrize("meddle", [raised, without_status, without_mark, with_a_document, of_a_full_run])
def test_a_forged_one_is_found(made, tmp_path, meddle):
    forged = Path(shutil.copytree(made("en"), tmp_path / "runs" / made("en").name))
    meddle(forged)
    forger.seal(forged)
    assert verify.verify(forged).exit_status != 0


def test_a_full_run_does_not_pass_for_a_preliminary_one(quarry_runs, tmp_path):
    forged = Path(shutil.copytree(quarry_runs[0], tmp_path / "runs" / quarry_runs[0].name))
    forger.edit(forged / "results.json", lambda told: told.update(status="preliminary"))
    forger.seal(forged)
    assert verify.verify(forged).exit_status != 0


# --- refused, and told ----------------------------------------------------------------------------------------------

def mineco(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


def test_a_dossier_without_a_gap_is_refused_in_a_sentence(tmp_path):
    with refused_with("nothing_missing"):
        run(MINES / "tiny-quarry", out=tmp_path / "runs", preliminary=True)
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("standard", ["restoration-carbon-sink-2024", "restoration-area-2025"])
def test_another_standard_is_refused_in_a_sentence(standard, tmp_path):
    with refused_with("no_preliminary"):
        run(EXAMPLE, standard, out=tmp_path / "runs", preliminary=True)
    assert not (tmp_path / "runs").exists()


def wrong(folder):
    """A dossier with gaps in which something is wrong as well."""
    made = write_newcomer(folder / "newcomer")
    path = made / "metrics.csv"
    path.write_text(path.read_text("utf-8-sig").replace(",4152400,", ",4152400?,"), "utf-8-sig")
    return made


def test_what_is_wrong_is_refused_with_all_problems(tmp_path):
    with refused_with("not_a_number"):
        run(wrong(tmp_path), out=tmp_path / "runs", preliminary=True)
    assert runlog.read(tmp_path / "runs") == []


@pytest.mark.parametrize("command", ["run", "check"])
def test_where_all_is_only_missing_the_last_line_tells_of_a_preliminary_report(command, tmp_path):
    folder = write_newcomer(tmp_path / "newcomer")
    more = ["--out", tmp_path / "runs"] if command == "run" else []
    done = mineco(command, folder, "--lang", "en", *more)
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1].endswith(f"mineco run {folder} --preliminary --lang en")


@pytest.mark.parametrize("change", [wrong, lambda folder: MINES / "no-such-mine"])
def test_elsewhere_no_line_tells_of_it(change, tmp_path):
    done = mineco("check", change(tmp_path), "--lang", "en")
    assert done.exit_code == 2
    assert "--preliminary" not in done.stderr


def test_a_key_that_mine_yaml_lacks_is_told_and_no_preliminary_report_promised(tmp_path):
    folder = write_newcomer(tmp_path / "newcomer")
    forger.edit(folder / "mine.yaml", lambda told: told.pop("base_year"))
    assert "--preliminary" not in mineco("check", folder).stderr


def test_a_check_lists_the_gaps_by_what_they_are_worth(tmp_path):
    done = mineco("check", EXAMPLE, "--preliminary", "--lang", "en")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "range of the score: 13.37 to 94.12 of 100 points"
    assert any(re.match(r"1 +carbon of newly disturbed land \(2022\) .* 16 +37$", line) for line in lines)


def test_a_run_ends_with_the_range_and_the_gaps_that_narrow_it_most(tmp_path):
    done = mineco("run", EXAMPLE, "--preliminary", "--lang", "en", "--formats", "html", "--out", tmp_path / "runs")
    assert done.exit_code == 0
    told = done.stderr.splitlines()
    assert "range of the score: 13.37 to 94.12 of 100 points" in told
    assert "  1 carbon of newly disturbed land (2022) (narrows the range by 16)" in told
    assert "  3 E2.4 Carbon capture and storage: evidence of rater A (narrows the range by 6)" in told


@pytest.mark.slow
def test_a_workbook_is_told_by_sheet_and_cell(tmp_path):
    book = convert(EXAMPLE, tmp_path / "book" / "iron.xlsx", "en")
    made = run(book, out=tmp_path / "runs", formats=("html",), language="en", preliminary=True)
    lines = report_lines((made / "report.html").read_text("utf-8"))
    assert any(re.search(r"iron\.xlsx, ratings![A-Z]+\d+, evidence: is blank", line) for line in lines)
    assert any("iron.xlsx, operating figures, metric = greenable_area" in line for line in lines)
