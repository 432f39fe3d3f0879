"""Forgeries of a run by somebody who knows how a run is written, and makes metadata, manifest and log anew: each is
found, and the file that was forged is named. None ends in exit status 0."""

import base64
import csv
import hashlib
import io
import json
import os
import platform
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
import typst

from mineco.evaluation.record.manifest import write_manifest
from mineco.report.export import export
from mineco.runs import runlog
from mineco.runs.archive import CRATE
from mineco.runs.audit.verify import verify
from tests.helpers.forger import edit, seal

pytestmark = pytest.mark.slow
FACTORS = "kit/parameters/factors/grid.csv"
STYLE = "kit/templates/report/report.css"
NOTEBOOK = "kit/notebooks/carbon-neutral-mine.ipynb"


def other_versions(run: Path, *names: str) -> None:
    """Say that the run was made elsewhere, where reports may look otherwise."""
    def change(environment: Any) -> None:
        environment["platform"]["system"] = "Windows"
        environment["packages"].update(dict.fromkeys(names, "0.0.1"))

    edit(run / "environment.json", change)


def replace_text(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8", newline="\n")


def add_cell(run: Path, name: str, **cell: Any) -> None:
    edit(run / name, lambda notebook: notebook["cells"].insert(-1, {"metadata": {}, "source": "", **cell}))


def edit_output(run: Path, change: Callable[[dict[str, Any]], object], cell: int = -3) -> None:
    edit(run / "notebook.ipynb", lambda notebook: change(notebook["cells"][cell]["outputs"][0]["data"]))


def results_changed(run: Path, change: Callable[[bytes], bytes]) -> None:
    """Change results.json, and write its new digest wherever the old one stands."""
    before = (run / "results.json").read_bytes()
    after = change(before)
    assert after != before
    (run / "results.json").write_bytes(after)
    for name in ("notebook.ipynb", "report.html"):
        replace_text(run / name, *(hashlib.sha256(content).hexdigest() for content in (before, after)))


def packed_changed(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as packed:
        members = [(name, packed.read(name)) for name in packed.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, change(name, content))


def docx_changed(run: Path, change: Callable[[str, bytes], bytes]) -> None:
    packed_changed(run / "report.docx", change)


def sheet_changed(run: Path, sheet: int, old: bytes, new: bytes) -> None:
    """Put something else into one sheet of the workbook."""
    def change(name: str, content: bytes) -> bytes:
        if name != f"xl/worksheets/sheet{sheet}.xml":
            return content
        assert old in content
        return content.replace(old, new, 1)

    packed_changed(run / "results.xlsx", change)


# --- The forgeries: each a name that reads as a sentence, with the file that must be named ---------------------------

FORGERIES: dict[str, tuple[str, Callable[[Path], object]]] = {}


def forgery(file: str) -> Callable[[Callable[[Path], object]], Callable[[Path], object]]:
    """A decorator for what a forger does to a file."""
    def add(function: Callable[[Path], object]) -> Callable[[Path], object]:
        FORGERIES[function.__name__.replace("_", " ")] = (file, function)
        return function

    return add


@forgery("report.html")
def the_grade_in_the_page_is_raised_and_one_word_of_the_environment_changed(run: Path) -> None:
    replace_text(run / "report.html", "2024: grade C.", "2024: grade A.")
    other_versions(run, "jinja2")


@forgery("report.html")
def the_style_of_the_page_hides_the_grade_and_draws_another(run: Path) -> None:
    replace_text(run / "report.html", "</style>", ".conclusion td:last-child::after { content: 'grade A' }</style>")
    other_versions(run, "jinja2")


@forgery("report.html")
def a_row_of_the_page_is_hidden_without_a_change_of_its_text(run: Path) -> None:
    replace_text(run / "report.html", '<div class="conclusion">', '<div class="conclusion" hidden>')
    other_versions(run, "lxml")


@forgery("report.html")
def a_picture_is_put_into_the_page(run: Path) -> None:
    picture = base64.b64encode(b"grade A").decode()
    replace_text(run / "report.html", "</main>", f'<img src="data:image/png;base64,{picture}"></main>')
    other_versions(run, "matplotlib")


@forgery("report.pdf")
def the_paper_is_another_one(run: Path) -> None:
    (run / "report.pdf").write_bytes(typst.compile(b"Grade A"))
    other_versions(run, "typst")


@forgery("report.pdf")
def a_stamp_is_drawn_over_the_paper(run: Path) -> None:
    stamp = run.parent / "stamp.pdf"
    stamp.write_bytes(typst.compile(b"#set page(width: 210mm, height: 297mm)\n#circle(fill: red)"))
    writer = pypdf.PdfWriter(clone_from=run / "report.pdf")
    writer.pages[0].merge_page(pypdf.PdfReader(stamp).pages[0])
    writer.write(run / "report.pdf")
    other_versions(run, "typst")


@forgery("report.pdf")
def a_word_is_written_over_the_paper(run: Path) -> None:
    stamp = run.parent / "stamp.pdf"
    stamp.write_bytes(typst.compile(b"#set page(width: 210mm, height: 297mm)\nGrade A"))
    writer = pypdf.PdfWriter(clone_from=run / "report.pdf")
    writer.pages[0].merge_page(pypdf.PdfReader(stamp).pages[0])
    writer.write(run / "report.pdf")
    other_versions(run, "typst", "pypandoc-binary")


@forgery("report.pdf")
def the_paper_is_no_paper(run: Path) -> None:
    (run / "report.pdf").write_bytes(b"%PDF-1.7\ngrade A\n%%EOF")


@forgery("results.xlsx")
def the_grade_in_the_workbook_is_raised(run: Path) -> None:
    sheet_changed(run, 1, b"<v>C (nearly carbon-neutral mine)</v>", b"<v>A (excellent carbon-neutral mine)</v>")
    other_versions(run, "openpyxl")


@forgery("results.xlsx")
def a_mass_of_the_workbook_is_put_lower(run: Path) -> None:
    def lower(name: str, content: bytes) -> bytes:
        return content if name != "xl/worksheets/sheet2.xml" else re.sub(
            rb'(<c r="C2"[^>]*><v>)([^<]*)', lambda found: found[1] + repr(float(found[2]) * 0.999).encode(), content)

    packed_changed(run / "results.xlsx", lower)
    other_versions(run, "openpyxl")


@forgery("results.xlsx")
def a_formula_of_the_workbook_is_another_one(run: Path) -> None:
    sheet_changed(run, 3, b"<f>MAX(0,", b"<f>MIN(0,")


@forgery("results.xlsx")
def the_colour_of_the_workbook_hides_a_cell(run: Path) -> None:
    packed_changed(run / "results.xlsx", lambda name, content: content.replace(b"FF1F4E9E", b"FFFFFFFF"))


@forgery("results.xlsx")
def a_sheet_is_hidden_in_the_workbook(run: Path) -> None:
    packed_changed(run / "results.xlsx", lambda name, content: content.replace(
        b'sheetId="3" state="visible"', b'sheetId="3" state="hidden"'))
    other_versions(run, "openpyxl")


@forgery("results.xlsx")
def the_workbook_is_gone(run: Path) -> None:
    (run / "results.xlsx").unlink()


@forgery("results.xlsx")
def the_workbook_is_no_workbook(run: Path) -> None:
    (run / "results.xlsx").write_bytes(b"grade A")


@forgery("report.docx")
def a_word_of_the_document_is_changed(run: Path) -> None:
    docx_changed(run, lambda name, content: content.replace(b"Tiny", b"Fine"))
    other_versions(run, "pypandoc-binary")


@forgery("report.docx")
def a_picture_is_put_into_the_document(run: Path) -> None:
    with zipfile.ZipFile(run / "report.docx", "a") as packed:
        packed.writestr("word/media/seal.png", b"seal")
    other_versions(run, "pypandoc-binary")


@forgery("report.docx")
def a_part_of_the_document_stands_in_it_twice(run: Path) -> None:
    with zipfile.ZipFile(run / "report.docx") as packed:
        members = [(name, packed.read(name)) for name in packed.namelist()]
    forged = [("word/document.xmL", content.replace(b"Tiny", b"Fine")) for name, content in members
              if name == "word/document.xml"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in [*forged, *members]:
            packed.writestr(name, content)
    (run / "report.docx").write_bytes(out.getvalue().replace(b"document.xmL", b"document.xml"))


@forgery("report.docx")
def the_document_unpacks_beyond_all_measure(run: Path) -> None:
    with zipfile.ZipFile(run / "report.docx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"\0" * 500_000_000)


@forgery("report.docx")
def the_document_is_taken_away(run: Path) -> None:
    (run / "report.docx").unlink()


@forgery(CRATE)
def the_metadata_say_that_a_ministry_certified_it(run: Path) -> None:
    seal(run)
    edit(run / CRATE, lambda crate: crate["@graph"][1].update(description="certified by the ministry"))
    write_manifest(run)
    (run.parent / runlog.NAME).unlink()


@forgery(CRATE)
def the_metadata_have_another_date(run: Path) -> None:
    text = (run / CRATE).read_text("utf-8")
    day = re.search(r'"datePublished": "(\d{4})', text)
    assert day
    (run / CRATE).write_text(text.replace(f'"datePublished": "{day[1]}', '"datePublished": "2001'), "utf-8")
    write_manifest(run)


@forgery("report-final.pdf")
def a_report_is_added(run: Path) -> None:
    (run / "report-final.pdf").write_bytes(typst.compile(b"Grade A"))


@forgery("kit/certificate.pdf")
def a_certificate_is_put_into_the_kit(run: Path) -> None:
    (run / "kit" / "certificate.pdf").write_bytes(b"%PDF")


@forgery("inputs/.certificate.csv")
def a_hidden_file_is_put_into_the_inputs(run: Path) -> None:
    (run / "inputs" / ".certificate.csv").write_text("grade\nA\n")


@forgery("outputs/grade.csv")
def an_output_is_added(run: Path) -> None:
    (run / "outputs").mkdir()
    (run / "outputs" / "grade.csv").write_text("grade\nA\n")


@forgery("weights.yaml")
def weights_are_added_that_the_run_was_not_given(run: Path) -> None:
    (run / "weights.yaml").write_text("weights: {}\n")


@forgery("certified-by-the-ministry/")
def an_empty_folder_is_added(run: Path) -> None:
    (run / "certified-by-the-ministry").mkdir()


@forgery("manifest-sha256.txt")
def a_sentence_stands_below_the_manifest(run: Path) -> None:
    seal(run)
    with (run / "manifest-sha256.txt").open("a") as manifest:
        manifest.write("certified by the ministry")
    (run.parent / runlog.NAME).unlink()


@forgery("environment.json")
def the_command_names_another_option(run: Path) -> None:
    edit(run / "environment.json", lambda told: told.update(command=f"{told['command']} --option gwp=AR4"))


@forgery("environment.json")
def the_run_ends_before_it_begins(run: Path) -> None:
    edit(run / "environment.json", lambda told: told.update(start="2030-01-01T00:00:00Z"))


@forgery("environment.json")
def the_environment_names_who_certified_it(run: Path) -> None:
    edit(run / "environment.json", lambda told: told.update(certified_by="the ministry"))


@forgery("environment.json")
def another_seed_is_told(run: Path) -> None:
    edit(run / "environment.json", lambda told: told.update(seed=7))


@forgery("trace.json")
def the_run_says_that_an_earlier_version_made_it(run: Path) -> None:
    edit(run / "environment.json", lambda told: told["mineco"].update(version="0.1.0"))
    replace_text(run / "report.html", "Conclusion of the evaluation", "Grade A")


@forgery("results.json")
def the_total_is_raised_and_its_digest_told_everywhere(run: Path) -> None:
    total = json.loads((run / "results.json").read_bytes())["outcome"]["score"]["total"]
    results_changed(run, lambda written: written.replace(f'"total": {total!r}'.encode(), b'"total": 99.5'))


@forgery("results.json")
def a_key_of_the_results_stands_twice_so_that_others_read_the_first(run: Path) -> None:
    results_changed(run, lambda written: written.replace(b' "year": 2024', b' "year": 2030,\n "year": 2024', 1))


@forgery("results.json")
def the_kit_is_said_to_be_certified(run: Path) -> None:
    results_changed(run, lambda written: re.sub(rb'"state": "\w+"', b'"state": "certified"', written))


@forgery("trace.json")
def the_trace_names_another_row(run: Path) -> None:
    def change(trace: Any) -> None:
        next(one for one in trace["quantities"] if one.get("file") == "activity.csv")["row"] = 99

    edit(run / "trace.json", change)


@forgery("notebook.ipynb")
def an_output_of_the_notebook_is_changed_on_another_platform(run: Path) -> None:
    other_versions(run, "ipython")
    edit_output(run, lambda data: data.update({"text/plain": ["grade A"]}))


@forgery("notebook.ipynb")
def a_digit_of_an_output_is_changed_on_another_platform(run: Path) -> None:
    other_versions(run, "ipython")

    def change(data: dict[str, Any]) -> None:
        text = json.dumps(data)
        assert "+1.5 points" in text  # that a proof would bring
        data.update(json.loads(text.replace("+1.5 points", "+2.5 points")))

    edit_output(run, change)


@forgery("notebook.ipynb")
def a_picture_is_put_beside_an_output(run: Path) -> None:
    other_versions(run, "matplotlib")
    edit_output(run, lambda data: data.update({"image/png": base64.b64encode(b"grade A").decode()}))


@forgery("notebook.ipynb")
def a_page_is_put_into_notebook_and_reports_on_another_platform(run: Path) -> None:
    other_versions(run, "ipython")
    add_cell(run, "notebook.ipynb", cell_type="markdown", id="seal", source="Certified.")
    add_cell(run, NOTEBOOK, cell_type="markdown", id="seal", source="Certified.")


@forgery("notebook.ipynb")
def the_notebook_names_a_ministry_for_its_python(run: Path) -> None:
    edit(run / "notebook.ipynb", lambda notebook: notebook["metadata"]["language_info"].update(version="certified"))
    other_versions(run)


@forgery("notebook.ipynb")
def the_notebook_names_an_author(run: Path) -> None:
    edit(run / "notebook.ipynb", lambda notebook: notebook["metadata"].update(authors=[{"name": "the ministry"}]))


@forgery("notebook.ipynb")
def the_notebook_has_tags_that_are_a_number(run: Path) -> None:
    edit(run / "notebook.ipynb", lambda notebook: notebook["cells"][0]["metadata"].update(tags=5))


@forgery(NOTEBOOK)
def the_source_of_the_notebook_is_another(run: Path) -> None:
    for name in ("notebook.ipynb", NOTEBOOK):
        edit(run / name, lambda notebook: notebook["cells"][-2].update(source=["grade = 'A'"]))


@forgery(NOTEBOOK)
def an_output_is_put_into_the_source_of_the_notebook(run: Path) -> None:
    shown = {"output_type": "stream", "name": "stdout", "text": ["grade A\n"]}
    edit(run / NOTEBOOK, lambda notebook: next(
        cell for cell in notebook["cells"] if cell["cell_type"] == "code")["outputs"].append(shown))


@forgery("status.json")
def the_status_says_more_cells(run: Path) -> None:
    edit(run / "status.json", lambda status: status.update(cells=99, cells_run=99))


@forgery("parameters.json")
def the_parameters_name_who_chose_them(run: Path) -> None:
    edit(run / "parameters.json", lambda given: given.update(chosen_by="the ministry"))


@forgery(FACTORS)
def a_factor_table_is_divided_by_a_hundred(run: Path) -> None:
    with (run / FACTORS).open(encoding="utf-8", newline="") as opened:
        head, *rows = csv.reader(opened)
    place = head.index("value")
    with (run / FACTORS).open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n").writerows([head, *(
            [*row[:place], f"{float(row[place]) / 100}", *row[place + 1:]] for row in rows)])


@forgery("kit/parameters/factors/more.csv")
def a_factor_table_is_added(run: Path) -> None:
    (run / "kit" / "parameters" / "factors" / "more.csv").write_bytes((run / FACTORS).read_bytes())


@forgery(STYLE)
def a_template_is_another(run: Path) -> None:
    (run / STYLE).write_text(".grade { display: none }\n")


@forgery(STYLE)
def a_template_is_taken_away(run: Path) -> None:
    (run / STYLE).unlink()


@forgery(runlog.NAME)
def a_line_of_the_log_is_deleted(run: Path) -> None:
    with runlog.locked(run.parent):
        for name in ("a", "b", "c"):
            runlog.append(run.parent, run=name, status="failed")
    log = run.parent / runlog.NAME
    log.write_bytes(b"".join(line for line in log.read_bytes().splitlines(keepends=True) if b",b," not in line))


@forgery(runlog.NAME)
def a_line_of_the_log_is_changed(run: Path) -> None:
    with runlog.locked(run.parent):
        runlog.append(run.parent, run="a", status="failed", reason="score 12")
        runlog.append(run.parent, run="b", status="complete")
    log = run.parent / runlog.NAME
    log.write_bytes(log.read_bytes().replace(b"score 12", b"score 99"))


@forgery("manifest-sha256.txt")
def the_log_knows_another_root_hash(run: Path) -> None:
    with runlog.locked(run.parent):
        runlog.append(run.parent, run=run.name, status="complete", root="0" * 64)


LOG = (a_line_of_the_log_is_deleted, a_line_of_the_log_is_changed, the_log_knows_another_root_hash)
UNSEALED = (the_metadata_say_that_a_ministry_certified_it, the_metadata_have_another_date,
            a_sentence_stands_below_the_manifest)


ON_PAPER = [name for name, (file, _) in FORGERIES.items() if file == "report.pdf"]


@pytest.mark.parametrize(("name", "forged"), [
    pytest.param(name, "on_paper" if name in ON_PAPER else "reported", id=name) for name in FORGERIES],
    indirect=["forged"])
def test_a_forgery_is_found_and_its_file_is_named(forged, name):
    file, forge = FORGERIES[name]
    if forge in LOG:
        seal(forged)
    forge(forged)
    if forge not in (*LOG, *UNSEALED):
        seal(forged)
    found = verify(forged)
    assert found.exit_status != 0
    assert file in {one.file for one in (*found.problems, *found.obstacles)}


def test_an_untouched_run_that_its_log_anchors_is_verified_and_what_cannot_be_known_is_named(forged):
    seal(forged)
    found = verify(forged)
    assert (found.problems, found.obstacles, found.notices) == ([], [], [])
    assert (found.reports, found.unknown) == (2, {
        runlog.NAME: "unknown_log", "inputs/README.md": "unknown_use", "inputs/": "unknown_truth",
        "environment.json": "unknown_times"})


def test_every_file_of_a_run_is_compared_or_named(forged):
    # results, trace, status, environment, notebook, parameters, metadata, manifest, two reports, the workbook, the
    # source notebook, and the kit; the inputs are what the run is made of
    seal(forged)
    files = [path for path in forged.rglob("*") if path.is_file()]
    inputs = [path for path in files if path.is_relative_to(forged / "inputs")]
    assert verify(forged).files == len(files) - len(inputs)


def test_the_workbook_of_another_processor_may_differ_by_rounding(forged):
    packed_changed(forged / "results.xlsx", lambda name, content: re.sub(
        rb"<v>(\d+\.\d{6,})</v>", lambda found: f"<v>{float(found[1]) * (1 + 3e-16)!r}</v>".encode(), content))
    seal(forged)
    assert verify(forged).problems == []


def test_an_input_that_nothing_reads_may_be_anything_and_is_named(forged):
    (forged / "inputs" / "README.md").write_text("Certified by the ministry.\n")
    seal(forged)
    found = verify(forged)
    assert (found.exit_status, found.unknown["inputs/README.md"]) == (0, "unknown_use")


def test_a_run_that_nothing_anchors_is_told_so(forged):
    write_manifest(forged)
    found = verify(forged)
    assert [one.message for one in found.notices] == ["not_anchored"]
    assert found.unknown["manifest-sha256.txt"] == "unknown_anchor"
    assert "manifest-sha256.txt" not in verify(forged, root=found.root).unknown


def test_the_same_results_of_another_platform_are_verified(forged):
    """What honest machines differ in: the last digit of a float, and with it the digest of the results; the Python."""
    other_versions(forged)
    edit(forged / "environment.json", lambda told: told["python"].update(version="3.14.0"))
    results = json.loads((forged / "results.json").read_bytes())
    total = results["outcome"]["score"]["total"]
    results_changed(forged, lambda written: written.replace(
        f'"total": {total!r}'.encode(), f'"total": {total * (1 + 3e-16)!r}'.encode()))
    replace_text(forged / "notebook.ipynb", platform.python_version(), "3.14.0")  # in metadata and appendix
    export(forged / "notebook.ipynb", ("html", "docx"), forged, "en", day=date.fromisoformat(results["report_date"]))
    seal(forged)
    found = verify(forged)
    assert (found.problems, found.obstacles) == ([], [])
    assert {one.row for one in found.notices} == {"platform.system", "python.version"}


@pytest.mark.skipif(os.name == "nt", reason="devices and links as Unix has them")
@pytest.mark.parametrize("kind", ["pipe", "link to a folder", "link to itself"])
def test_what_is_no_file_is_named_and_nothing_is_read(forged, kind):
    (forged / "status.json").unlink()
    if kind == "pipe":
        os.mkfifo(forged / "status.json")
    else:
        (forged / "status.json").symlink_to("/" if kind == "link to a folder" else forged / "status.json")
    found = verify(forged)
    assert {one.file for one in found.problems} == {"status.json"}
