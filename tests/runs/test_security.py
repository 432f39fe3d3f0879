"""A dossier is data: whatever its texts hold, they stay text in everything that is made of them, and nothing is run,
loaded or opened."""

import csv
import io
import json
import re
import shutil
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pypdf
import pytest

from mineco.core.kit import parameters, templates
from mineco.core.reading.tables import read_table
from mineco.runs import runlog
from mineco.runs.run import run

STANDARD = "carbon-neutral-mine-2025"
QUARRY = parameters() / "mines" / "tiny-quarry"
HOSTILE = [
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1:A9)", '=HYPERLINK("http://x.example/?a","click")',
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "</style><script>alert(2)</script>",
    "<a href='javascript:alert(1)'>x</a>", "＝1+1", "[x](javascript:alert(1))", "![x](http://x.example/pixel.png)",
    "<iframe src=//x.example></iframe>", "$x_1$ and $$y^2$$", r"\(\frac{1}{2}\)", r"\[\input{/etc/passwd}\]",
    r"\write18{touch x}", "#import \"/etc/passwd\": *", "#read(\"/etc/passwd\")", "#link(\"http://x.example\")[x]",
    "`whoami` *bold* _it_ ~~gone~~ | a | b |", "{{ 7*7 }} {% x %} ${7*7} %(x)s {value}", "&lt;script&gt; &#60;b&#62;",
    "![[../../etc/passwd]]", "'; DROP TABLE mines; --", "%SYSTEMROOT%", "--- \\newpage"]
FREE = {  # columns whose text nobody checks
    "activity.csv": ("data_source", "verified_by", "note"), "metrics.csv": ("data_source", "verified_by", "note"),
    "measures.csv": ("name_zh", "name_en", "data_source", "verified_by", "evidence", "note"),
    "offsets.csv": ("programme", "project", "serial", "evidence", "note"), "ratings.csv": ("basis", "evidence", "note"),
    "restoration.csv": ("name_zh", "name_en", "measure", "data_source", "verified_by", "evidence", "note"),
    "events.csv": ("actor", "role", "evidence", "note"), "declared.csv": ("why", "note"),
}
CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
OUR_LINKS = re.compile(r"#[\w-]+")


class Page(HTMLParser):
    """Every element with its attributes, and the words between them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    handle_startendtag = handle_starttag

    def handle_data(self, data):
        self.words += data


def is_harmless(page: Page) -> list[str]:
    """What in a page could run or load something."""
    found = [tag for tag, _ in page.elements if tag in (
        "script", "iframe", "object", "embed", "form", "input", "link", "base", "audio", "video", "svg", "frame")]
    for tag, attributes in page.elements:
        found += [f"{tag} {name}" for name in attributes if name.startswith("on") or name in ("srcdoc", "ping")]
        source = attributes.get("src") or ""
        if source and not re.match(r"data:image/(png|jpeg|svg\+xml);base64,", source):
            found.append(f"{tag} {source}")
        if (link := attributes.get("href")) and not OUR_LINKS.fullmatch(link):
            found.append(f"{tag} {link}")
    return found


def hostile_dossier(folder: Path) -> Path:
    """The quarry with a hostile text in every cell and value that takes any text."""
    dossier = Path(shutil.copytree(QUARRY, folder / "dossier"))
    number = 0

    def next_text() -> str:
        nonlocal number
        number += 1
        return f"{HOSTILE[number % len(HOSTILE)]} {number}"  # a serial stands once

    for file, columns in FREE.items():
        with (dossier / file).open(encoding="utf-8", newline="") as lines:
            header, *rows = list(csv.reader(lines))
        for row in rows:
            for column in columns:
                row[header.index(column)] = next_text()
        with (dossier / file).open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([header, *rows])
    found = [["id", "kind", "raised", "what", "where", "correction", "evidence", "closed"],
             [next_text(), "nonconformity", "2025-03-03", *(next_text() for _ in range(4)), "2025-03-10"],
             [next_text(), "forward-action", "2025-03-03", next_text(), next_text(), "", "", ""]]
    with (dossier / "findings.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(found)
    text = (dossier / "mine.yaml").read_text("utf-8")

    def quoted(found: re.Match[str]) -> str:
        text = next_text()
        if "../" in text:
            text = next_text()  # evidence that leads out of the folder is refused
        return f"{found[1]}: '{text.replace(chr(39), chr(39) * 2)}'"

    # every text in Chinese or English, in a line of its own or in braces, and every evidence
    text = re.sub(r"""\b(zh|en): (?:"[^"]*"|[^,{}\n"]+)(?=[,}\n])""", quoted, text)
    text = re.sub(r"\b(evidence): (?!\{)[^\n]+", quoted, text)
    (dossier / "mine.yaml").write_text(text, "utf-8")
    return dossier


@pytest.fixture(scope="module", params=["zh", "en"])
def made(request, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    return run(hostile_dossier(folder), STANDARD, folder / "=runs", ("html", "pdf", "docx"), request.param)


@pytest.mark.slow
def test_the_page_runs_no_script_and_loads_nothing(made):
    html = (made / "report.html").read_text("utf-8")
    page = Page(html)
    assert is_harmless(page) == []
    policies = [attributes for tag, attributes in page.elements
                if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"]
    assert [policy["content"] for policy in policies] == [CSP]
    assert html.index("Content-Security-Policy") < html.index("<style")
    assert "url(" not in re.sub(r"<body.*", "", html, flags=re.DOTALL)
    assert sum(text in page.words for text in HOSTILE) >= len(HOSTILE) - 2, "the texts are there, as words"


@pytest.mark.slow
def test_what_jupyter_shows_of_the_notebook_is_as_harmless(made):
    notebook = json.loads((made / "notebook.ipynb").read_text("utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            assert "application/javascript" not in output.get("data", {})
            shown = "".join(output.get("data", {}).get("text/html", ""))
            assert [one for one in is_harmless(Page(shown)) if "href" not in one] == []
            assert "$x_1$" not in shown or "mathjax_ignore" in shown  # JupyterLab would make a formula of it


@pytest.mark.slow
def test_no_text_becomes_a_formula_of_the_workbook(made):
    sheets = openpyxl.load_workbook(made / "results.xlsx")
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert [one for one in formulas if any(text in one for text in HOSTILE)] == []
    texts = [cell for cell in cells if isinstance(cell.value, str) and cell.data_type != "f"]
    hostile = [cell for cell in texts if any(text in cell.value for text in HOSTILE)]
    assert hostile, "the texts are there, as words"
    assert {cell.data_type for cell in hostile} == {"s"}
    assert all(cell.quotePrefix for cell in texts if cell.value[0] in "=+-@")
    assert [cell for cell in cells if cell.hyperlink] == []


@pytest.mark.slow
def test_the_pdf_has_no_script_no_action_and_no_address(made):
    reader = pypdf.PdfReader(made / "report.pdf")
    for number in range(1, reader.trailer["/Size"]):
        one = reader.get_object(number)
        if isinstance(one, dict):
            assert not {"/JS", "/JavaScript", "/OpenAction", "/AA", "/Launch", "/EmbeddedFile"} & set(one)
            assert one.get("/S") not in ("/URI", "/Launch", "/GoToR", "/SubmitForm", "/JavaScript")
    words = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    assert "root:x:0" not in words
    found = [text for text in HOSTILE if re.sub(r"\s", "", text) in words]
    assert len(found) >= len(HOSTILE) * 0.8  # a long word is broken at the end of a line


@pytest.mark.slow
def test_the_docx_has_no_field_no_macro_and_no_address(made):
    with zipfile.ZipFile(made / "report.docx") as archive:
        names = archive.namelist()
        document = archive.read("word/document.xml").decode()
        relations = "".join(archive.read(name).decode() for name in names if name.endswith(".rels"))
    assert not [name for name in names if re.search(r"vba|macro|embedding|activeX", name, re.IGNORECASE)]
    assert "TargetMode=\"External\"" not in relations
    assert not re.search(r"instrText[^>]*>[^<]*(DDE|INCLUDE|HYPERLINK \"http|IMPORT|LINK)", document)
    assert "altChunk" not in document
    words = "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", document))
    assert "&lt;img src=x onerror=alert(1)&gt;" in words
    assert "root:x:0" not in words


@pytest.mark.slow
def test_the_results_say_the_texts_as_they_were_given(made):
    results = json.loads((made / "results.json").read_text("utf-8"))
    assert results["mine"]["name_zh"].rpartition(" ")[0] in HOSTILE
    assert (made / "inputs" / "ratings.csv").read_bytes() == (made.parents[1] / "dossier" / "ratings.csv").read_bytes()


@pytest.mark.parametrize("text", [
    "=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "\t=1+1", "=cmd|' /C calc'!A0", "\r=1", "a\n=1", "a\r=1", " =1"])
def test_a_table_that_the_project_writes_begins_no_formula(tmp_path, text):
    with runlog.locked(tmp_path):
        runlog.append(tmp_path, run="r", dossier=text, status="failed", reason=text)
    (line,) = csv.DictReader(io.StringIO((tmp_path / runlog.NAME).read_text("utf-8-sig"), newline=""))
    assert not [cell for cell in line.values() if cell and cell.lstrip()[:1] in "=+-@＝"]


def test_every_page_template_carries_the_policy():
    texts = {path.name: path.read_text("utf-8") for path in templates().rglob("*.html")}
    for pieces in ("blocks.html", "app.html"):  # of what stands within a page
        assert "<script" not in texts.pop(pieces)
    assert texts
    policy = re.compile("default-src 'none'; style-src 'unsafe-inline'(; img-src data:)?(; font-src data:)?\">")
    assert [name for name, text in texts.items() if not policy.search(text) or "<script" in text] == []


def test_a_file_is_never_taken_for_code(tmp_path):
    """Formulas, objects and addresses in cells come out as the characters that they are."""
    texts = [*HOSTILE, "!!python/object:x", "__import__('os').system('x')", "file:///etc/passwd",
             "http://x.example/a.csv"]
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([["name"], *([text] for text in texts)])
    assert [row["name"] for row in read_table(path, ["name"])] == texts
