"""The report: offline and without script, the same in three formats, in either language, hostile names as text."""

import io
import re
import subprocess
import sys
import unicodedata
import warnings
import zipfile
from datetime import date
from html.parser import HTMLParser

import docx
import pypdf
import pytest

from mineco.core.labels import label
from mineco.report import pdf_docx, steps, tables
from mineco.report.body import report_body
from mineco.report.export import export
from mineco.report.html import html_report, mathml
from mineco.report.notebook import notebook_language
from mineco.report.safe import safe_html, written
from tests.helpers import programs, report_sample
from tests.helpers.refusals import refused_with

HOSTILE = report_sample.HOSTILE
DAY = date(2025, 3, 1)
ASKS_OUTSIDE = re.compile(
    r"""(?:src|href|data|action|poster)\s*=\s*["']?\s*(?!data:|#)[^\s"'>]|url\(|@import|<link|<base""")


@pytest.fixture(scope="module", params=["zh", "en"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def folder(language, tmp_path_factory):
    made = tmp_path_factory.mktemp(language)
    export(report_sample.notebook(language), ["html", "pdf", "docx"], made, language, day=DAY)
    return made


@pytest.fixture(scope="module")
def page(folder):
    return (folder / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def pages(folder):
    return [one.extract_text() for one in pypdf.PdfReader(folder / "report.pdf").pages]


@pytest.fixture(scope="module")
def document(folder):
    return docx.Document(str(folder / "report.docx"))


@pytest.fixture(scope="module")
def document_of_methods(language, tmp_path_factory):
    """The DOCX of a notebook without a first volume, such as one of methods."""
    node = report_sample.notebook(language)
    node["cells"] = [cell for cell in node["cells"] if "front" not in cell["metadata"]["tags"]]
    [path] = export(node, ["docx"], tmp_path_factory.mktemp("methods"), language, day=DAY)
    return docx.Document(str(path))


class Text(HTMLParser):
    """The tags of a page, and its text outside of code."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


def markdown_notebook(*sources):
    return {"nbformat": 4, "cells": [{"cell_type": "markdown", "metadata": {}, "source": one} for one in sources]}


def squeezed(text):
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))  # a browser prints "fi" as one letter


def other(language):
    return "en" if language == "zh" else "zh"


# --- HTML ---------------------------------------------------------------------------------------------------------


def test_pandoc_reads_each_body_once(tmp_path, monkeypatch):
    read, pandoc = [], pdf_docx._pandoc
    monkeypatch.setattr(pdf_docx, "_pandoc", lambda html, to, *more: read.append(to) or pandoc(html, to, *more))
    export(report_sample.notebook("en"), ["html", "pdf", "docx"], tmp_path, "en", day=DAY)
    assert sorted(read) == ["docx", "typst"]


def test_the_page_holds_no_script_and_asks_nothing_of_any_host(page):
    tags = set(Text(page).tags)
    assert not tags & {"script", "iframe", "object", "embed", "link", "base", "form", "svg", "input", "button"}
    assert ASKS_OUTSIDE.findall(re.sub(r">[^<]*<", "><", page)) == []
    assert not re.search(r"<[^>]*\son\w+\s*=", page)


def test_the_page_forbids_everything_but_its_own_style_and_pictures(page):
    assert ("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
            "img-src data:; font-src data:\">") in page


def test_the_page_says_its_language_and_only_that_one(page, language):
    assert f'<html lang="{ {"zh": "zh-CN", "en": "en"}[language] }">' in page
    text = Text(page).text
    sentences = {"zh": "这座矿离碳中和还有多远", "en": "How far is this mine from neutrality"}
    assert sentences[language] in text
    assert sentences[other(language)] not in text


def test_the_page_says_at_its_top_that_it_is_no_certification(page, language):
    assert page.index(f'<aside class="banner">{label("draft_mark", language)}') < page.index("<h1>")


def test_hostile_names_stand_in_the_page_as_they_were_typed(page):
    text = Text(page).text
    for name in HOSTILE:
        assert text.count(name) >= 3, name  # in a table, as a paragraph, in Markdown


def test_the_cover_and_the_conclusion_come_first_and_then_the_second_volume(page, language):
    body = page[page.index("<main>"):]
    places = [body.index(mark) for mark in ("<h1>", label("conclusion_title", language), 'id="volume-2"', "<nav",
                                            '<h2 id="part-1">')]
    assert places == sorted(places)
    assert page.count("<h1>") == 1


def test_each_heading_of_the_first_volume_begins_a_page_and_its_cover_is_none(language):
    heads = ["<h1>A</h1>", "<h2>B</h2>", "<p>b</p>", "<section class='page'><h2>C</h2><p>c</p></section>", "<p>d</p>",
             "<div><h2>E</h2></div>"]
    shown = [report_sample.code("", ["front"], {"text/html": one}) for one in heads]
    made = report_body({"cells": shown}, language)
    assert [(one.tag, one.get("class"), "".join(one.text_content().split())) for one in made.front] == [
        ("h1", None, "A"), ("section", "page", "Bb"), ("section", "page", "Ccd"), ("section", "page", "E")]
    assert made.pages == [(2, "page-1", "B"), (2, "page-2", "C"), (2, "page-3", "E")]


def test_no_line_ends_between_a_box_and_its_word_or_a_number_and_its_unit(language):
    made = report_body(markdown_notebook("□ no ■ yes 5 t of 3 %, by 7.1 a\n\n`5 t`"), language)
    assert made.main.text_content().splitlines()[0] == "□\xa0no ■\xa0yes 5\xa0t of 3\xa0%, by 7.1\xa0a"
    assert made.main.find(".//code").text == "5 t"


def test_no_level_of_headings_is_skipped_and_those_alike_stay_alike(language):
    heads = ["## A", "#### B", "#### C", "### D", "#### E", "## F"]
    made = report_body(markdown_notebook(*heads), language)
    assert [(level, text) for level, _, text in made.headings] == [
        (2, "A"), (3, "B"), (3, "C"), (3, "D"), (4, "E"), (2, "F")]


def test_a_front_cell_at_the_end_of_the_notebook_still_comes_first(language):
    node = report_sample.notebook(language)
    node["cells"].append(node["cells"].pop(2))
    made = html_report(report_body(node, language))
    assert made.index("<h1>") < made.index('id="volume-2"')


CAPTIONS = {
    "zh": ["表1-1　供", "表1-2　用", "图1-1　示", "表10-1　供", "表C-1　供", "表1　供"],
    "en": ["Table 1-1. have", "Table 1-2. use", "Figure 1-1. show", "Table 10-1. have", "Table C-1. have",
           "Table 1. have"]}


def test_tables_and_figures_are_counted_by_the_page_chapter_by_chapter_and_what_is_empty_leaves_no_gap(language):
    have, use, show = {"zh": "供用示", "en": ("have", "use", "show")}[language]
    picture = report_sample.code("", [], {"text/html": f"<figure><figcaption>{show}</figcaption></figure>"})
    rows = [{"year": 2024}]
    cells = [report_sample.code("", [], shown) for shown in (
        tables.show(rows, have), tables.show([], "empty"), tables.show(rows), tables.show(rows, use))]
    heads = {"zh": ("## 1 甲", "## 10 乙", "## 附录 C（资料性）丙", "## 习题"),
             "en": ("## 1 A", "## 10 B", "## Appendix C (informative) C", "## A last word")}[language]
    node = {"cells": [*markdown_notebook(heads[0])["cells"], *cells, picture]}
    for head in heads[1:]:
        node["cells"] += [*markdown_notebook(head)["cells"], cells[0]]
    main = report_body(node, language).main
    assert [one.text_content() for one in main.iter("caption", "figcaption")] == CAPTIONS[language]


def test_every_entry_of_the_contents_leads_to_its_heading(page):
    beside = page[page.index('<nav class="aside"'):page.index('<nav class="folded"')]
    targets = re.findall(r'<a href="#([\w-]+)">', beside)
    assert [one.partition("-")[0] for one in targets] == ["volume", "page", "volume", *["part"] * 5]
    assert all(page.count(f'id="{target}"') == 1 for target in targets)


def test_formulas_are_mathml_and_no_tex_is_left(page):
    assert page.count('<math xmlns="http://www.w3.org/1998/Math/MathML"') > 10
    assert not re.search(r"\\(mathrm|cdot|sum|tag)", Text(page).text)


def test_code_is_folded_but_present(page, language):
    assert f'<summary>{label("code_parameters", language)} [1]</summary>' in page
    assert 'step("combustion_co2", fuel=diesel)' in Text(page).text


def test_nothing_of_the_run_is_left_in_the_page(page):
    assert "papermill" not in page
    assert "start_time" not in page


# --- sanitising ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)><script>1</script></svg>",
    "<a href='javascript:alert(1)'>x</a>", "<a href=' JaVaScRiPt:alert(1)'>x</a>", "<iframe src='//x'></iframe>",
    "<img src='https://x.org/a.png'>", "<style>body{background:url(//x)}</style>",
    "<p style='background:url(//x)'>x</p>",
    "<object data=x></object>", "<embed src=x>", "<link rel=stylesheet href=//x>",
    "<meta http-equiv=refresh content=0>",
    "<base href=//x>", "<form action=//x><input></form>", "<math><mtext><script>1</script></mtext></math>",
    "<img src='data:text/html;base64,PHNjcmlwdD4='>", "<img src='data:image/png;base64,AAA'>",
    "<img src='picture:99'>", "<p class='\"><script>'>x</p>",
    "<div><div><!--><script>1</script>-->", "<scr<script>ipt>alert(1)</script>",
    "<template><script>1</script></template>",
    "<a href='data:text/html,<script>1</script>'>x</a>", "<textarea></textarea><script>1</script>",
])
def test_an_output_can_bring_in_no_script_style_or_address(attack):
    left = safe_html(attack, [])
    assert not re.search(r"<(?!/?(p|a|div|img)\b)", left)
    assert not re.search(r"<[^>]*(javascript|onerror|onload|url\(|https?:|data:|//)", left, re.IGNORECASE)
    assert "<img" not in left


def test_an_output_that_forgets_its_end_tags_cannot_spill_into_the_report():
    assert safe_html("<div><table><tr><td>x", []) == (
        "<div><table><tbody><tr><td>x</td></tr></tbody></table></div>")
    assert safe_html("</div></main>x", []) == "x"


def test_a_name_in_the_form_of_a_picture_stays_text():
    name = "src=data:image/png;base64,AAAA"
    assert name in Text(safe_html(tables.show_text(name).html, [])).text


def test_raw_html_in_markdown_stays_text():
    made = written(report_body(markdown_notebook(
        "a <b onclick='x()'>mine</b> [x](javascript:1) ![y](http://x.org/y.png)"), "en").main)
    assert not re.search(r"<(b|img)\b|href=.javascript", made)
    assert "&lt;b onclick" in made


@pytest.mark.parametrize("tex", [r"\text{<script>alert(1)</script>}", r"\href{javascript:alert(1)}{x}", r"\frac{",
                                 r"</math><script>1</script>", r"\mathrm{<b>}", "a & b"])
def test_a_formula_cannot_bring_in_markup(tex):
    made = mathml(tex, True)
    assert not re.search(r"<(script|b|a)\b", made)
    assert "href" not in re.sub(r">[^<]*<", "><", made)


def test_upright_words_are_one_element_and_not_spaced_letters():
    assert '<mi mathvariant="normal">GWP</mi>' in mathml(r"\mathrm{GWP} \cdot Q", False)


def test_delimiters_without_size_leave_no_element_inside_a_token():
    # latexify writes \\mathopen{}; a browser would read an element inside <mo> as HTML and swallow the rest
    made = mathml(r"\mathopen{}\left( x_1 \mathclose{}\right) + y_2", False)
    assert not re.search(r"<(mo|mi|mn|mtext)\b[^>]*><", made)
    assert made.count("<msub>") == 2


# --- PDF ----------------------------------------------------------------------------------------------------------


def test_every_page_of_the_pdf_carries_the_mark_and_its_number(pages, language):
    assert 5 <= len(pages) <= 12
    begin = next(place for place, text in enumerate(pages) if label("volume_2_title", language) in text)
    numbers = [*((1, number, begin) for number in range(1, begin + 1)),
               *((2, number, len(pages) - begin) for number in range(1, len(pages) - begin + 1))]
    for text, (volume, number, last) in zip(pages, numbers, strict=True):
        assert squeezed(label("draft_mark", language)) in squeezed(text)
        told = f"{label(f'volume_{volume}', language)} · {label('page_of', language).format(page=number, pages=last)}"
        assert squeezed(told) in squeezed(text)


def test_every_page_of_the_pdf_names_its_mine_its_year_and_the_number_of_the_report(pages, language):
    head = f"{report_sample.TITLES[language]} · CNM-2025-001"
    assert [text for text in pages if squeezed(head) not in squeezed(text)] == []


def test_the_pdf_is_pdf_a_2b_and_pdf_ua_1_on_a4_with_its_language(folder, language):
    reader = pypdf.PdfReader(folder / "report.pdf")
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part>2<", metadata)
    assert re.search(r"pdfaid:conformance>B<", metadata)
    assert re.search(r"pdfuaid:part>1<", metadata)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"].startswith(language)
    assert {tuple(round(float(side)) for side in one.mediabox[2:]) for one in reader.pages} == {(595, 842)}


def test_every_font_of_the_pdf_is_embedded(folder):
    fonts = set()
    for one in pypdf.PdfReader(folder / "report.pdf").pages:
        for font in one["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            fonts.add(descriptor["/FontName"].split("+")[1])
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
    assert "NotoSansSC-Regular" in fonts


def test_text_of_the_pdf_can_be_searched_and_hostile_names_are_in_it(pages, language):
    text = squeezed("".join(pages))
    assert squeezed({"zh": "碳氧化率取缺省值，未核实", "en": "Oxidation rate: default, unverified"}[language]) in text
    for name in HOSTILE:
        assert text.count(squeezed(name)) >= 3, name


def test_the_pdf_has_bookmarks_of_both_volumes_contents_of_the_second_and_no_code(folder, pages, language):
    outline = pypdf.PdfReader(folder / "report.pdf").outline
    assert [one.title for one in outline if not isinstance(one, list)] == [
        label("volume_1_title", language), label("volume_2_title", language)]
    first, second = ([one.title for one in part if not isinstance(one, list)] for part in outline
                     if isinstance(part, list))
    assert first == [label("conclusion_title", language)]
    assert [title[0] for title in second] == ["1", "2", "3"]
    begin = next(text for text in pages if label("volume_2_title", language) in text)
    assert all(squeezed(one.title) in squeezed(begin) for one in flat(outline[3]))
    assert 'step("combustion_co2",fuel=diesel)' not in squeezed("".join(pages))


def flat(outline):
    return [one for part in outline for one in (flat(part) if isinstance(part, list) else [part])]


def test_a_formula_wider_than_the_page_is_broken_and_not_cut(tmp_path):
    long = " + ".join(rf"{number} \cdot 0.67" for number in range(1000, 1040))
    [path] = export(markdown_notebook(f"$$ E = {long} $$"), ["pdf"], tmp_path, "en", day=DAY)
    text = squeezed(pypdf.PdfReader(path).pages[-1].extract_text())
    assert "1000" in text
    assert "1039" in text


def test_a_box_and_a_table_longer_than_a_page_go_on_on_the_next_and_lose_nothing(tmp_path):
    long = "Words: " + " ".join(f"word{number}" for number in range(1500))
    cells = [report_sample.code("", [], shown) for shown in (
        tables.note("Box", [long]), tables.show([{"name": "a", "content": long}], "Table"))]
    [path] = export({"nbformat": 4, "cells": cells}, ["pdf"], tmp_path, "en", day=DAY)
    text = "".join(one.extract_text() for one in pypdf.PdfReader(path).pages)
    assert [number for number in range(1500) if len(re.findall(rf"word{number}(?!\d)", text)) != 2] == []


# --- DOCX ---------------------------------------------------------------------------------------------------------


def test_the_docx_carries_the_mark_in_header_and_footer(document, language):
    for section in document.sections:
        assert section.header.paragraphs[0].text == label("draft_mark", language)
        assert section.footer.paragraphs[0].text.startswith(label("draft_mark", language))
    assert "MINECO-" not in document.sections[0].footer.paragraphs[0].text


def test_the_docx_is_the_first_volume_and_says_where_the_second_is(document, language):
    assert len(document.tables) == 4  # cover, conclusion, declared, signatures
    assert [one.text for one in document.paragraphs if one.style.name == "Title"] == [report_sample.TITLES[language]]
    assert [one.text for one in document.paragraphs if one.style.name.startswith("Heading")] == [
        label("conclusion_title", language)]
    assert document.paragraphs[-1].text == label("volume_2_elsewhere", language)


def test_the_docx_of_a_notebook_without_a_first_volume_has_all_of_it(document_of_methods):
    assert len(document_of_methods.tables) == 4  # activity, two of sources, Markdown's
    assert len(document_of_methods.inline_shapes) == 4
    assert document_of_methods.element.xpath("count(//m:oMath)") > 10
    assert [one.text[0] for one in document_of_methods.paragraphs if one.style.name == "Heading 1"][:3] == [
        "1", "2", "3"]
    assert [one.style.name for one in document_of_methods.paragraphs].count("Title") == 1


def test_the_contents_of_such_a_docx_lead_to_chapters_and_sections(document_of_methods, language):
    told = [one for one in document_of_methods.paragraphs if one.style.name.startswith(("toc", "TOC"))]
    assert [one.style.name for one in told[1:]] == ["toc 1", "toc 1", "toc 2", "toc 2", "toc 1"]
    assert told[0].text == label("contents", language)


def test_hostile_names_are_text_in_the_docx_and_no_field_or_link(document_of_methods):
    cells = [cell.text for table in document_of_methods.tables for row in table.rows for cell in row.cells]
    assert [name for name in HOSTILE if name not in cells] == []
    assert "javascript" not in " ".join(one.target_ref for one in document_of_methods.part.rels.values())


def test_figures_of_the_docx_have_their_text_in_words(document_of_methods):
    described = [shape._inline.docPr.get("descr") for shape in document_of_methods.inline_shapes]
    assert all(text and len(text) > 20 for text in described)


def test_a_table_of_many_columns_is_set_smaller_in_the_docx(document_of_methods):
    styles = [table.rows[1].cells[0].paragraphs[0].style.name for table in document_of_methods.tables]
    assert styles == ["Small", "Small", "Small", "Compact"]  # ten columns, sources, sources, three columns


def test_no_row_of_the_docx_breaks_and_no_empty_line_stands_behind_a_table(folder):
    with zipfile.ZipFile(folder / "report.docx") as made:
        text = made.read("word/document.xml").decode()
    rows = re.findall(r"<w:tr>(.{0,60})", text)
    assert rows
    assert [row for row in rows if not row.startswith("<w:trPr>")] == []
    assert not re.search(r"</w:tbl>\s*<w:p />\s*<w:p>", text)


def test_columns_share_the_page_by_what_they_hold(tmp_path):
    long = "words that go on and on and would like a line of their own, if the page had one " * 3
    rows = [{"id": f"R{place}", "question": "short", "reading": long, "reason": long[:90]} for place in range(4)]
    made = export({"nbformat": 4, "cells": [report_sample.code("", [], tables.show(rows, "Readings"))]}, ["docx"],
                  tmp_path, "en", day=DAY)
    widths = [column.width for column in docx.Document(str(made[0])).tables[0].columns]
    number, question, reading, reason = (width / sum(widths) for width in widths)
    assert number < question < 0.15  # which do not break
    assert 2 < reading / reason < 3  # 240 letters beside 90: as many lines


@pytest.mark.usefixtures("english")
def test_a_row_an_item_and_the_head_of_a_step_begin_with_a_capital_and_ids_as_they_are():
    rows = [{"id": "gas-power", "name": "power from CH4"}, {"id": "fans", "name": "metrics.csv:3 of CH4.NCV"}]
    shown = [tables.show(rows), tables.pairs([("numpy", "2.4")], "gates"), tables.note("advice", ["score: 63.7"]),
             steps.formula_block("x", "1", "1 t", "7.1", [], title="combustion")]
    made = report_body({"cells": [report_sample.code("", [], one) for one in shown]}, "en").main
    assert [one.text for one in made.iter("td")] == [
        "gas-power", "Power from CH₄", "fans", "metrics.csv:3 of CH4.NCV", "numpy", "2.4"]
    assert [one.text for one in made.iter("li")] == ["Score: 63.7"]
    assert [one.text for one in made.find_class("clause")] == ["Combustion\N{NO-BREAK SPACE}· clause 7.1"]


@pytest.mark.parametrize("above", range(20, 30, 3))
def test_a_heading_and_the_sentences_that_lead_to_a_table_stand_on_its_page(above, tmp_path):
    prose = "\n\n".join([*["Line."] * above, "## Findings", "First sentence.", "Second sentence."])
    table = tables.show([{"name": f"row {place}"} for place in range(5)], "Table")
    cells = [*markdown_notebook(prose)["cells"], report_sample.code("", [], table)]
    [path] = export({"nbformat": 4, "cells": cells}, ["pdf"], tmp_path, "en", day=DAY)
    texts = [one.extract_text() for one in pypdf.PdfReader(path).pages[1:]]
    [whole] = [text for text in texts if "First sentence" in text]
    assert "Second sentence" in whole
    assert "Row 4" in whole
    assert "Findings" in whole


# --- all of them --------------------------------------------------------------------------------------------------


def test_the_same_notebook_makes_the_same_bytes(folder, language, tmp_path):
    for path in export(report_sample.notebook(language), ["pdf", "html", "docx"], tmp_path, language, day=DAY):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_a_notebook_with_one_sentence_makes_every_format(tmp_path):
    paths = export(markdown_notebook("只有一句话。"), ["html", "pdf", "docx"], tmp_path, "zh", day=DAY)
    assert "只有一句话" in paths[0].read_text("utf-8")
    assert "只有一句话" in "".join(one.extract_text() for one in pypdf.PdfReader(paths[1]).pages)
    assert any("只有一句话" in one.text for one in docx.Document(str(paths[2])).paragraphs)


def test_a_title_that_is_typst_or_html_stays_a_title(tmp_path):
    title = '#panic("x") \\</title\\>'
    paths = export(markdown_notebook("# " + title), ["html", "pdf"], tmp_path, "en", day=DAY)
    assert '<title>#panic("x") &lt;/title&gt;</title>'.replace('"', "&#34;") in paths[0].read_text("utf-8")
    assert pypdf.PdfReader(paths[1]).metadata.title == '#panic("x") </title>'


def test_formats_come_back_in_the_order_asked_for_and_an_unknown_one_is_refused(tmp_path):
    made = export(markdown_notebook("x"), ["docx", "html"], tmp_path, "en", day=DAY)
    assert [path.name for path in made] == ["report.docx", "report.html"]
    with refused_with("unknown_format"):
        export(markdown_notebook("x"), ["html", "odt"], tmp_path, "en")


def test_the_language_is_that_of_the_injected_parameters():
    def cell(tag, source):
        return {"cell_type": "code", "metadata": {"tags": [tag]}, "source": source, "outputs": []}
    cells = [cell("parameters", 'language = "zh"'), cell("injected-parameters", 'language = "en"')]
    assert notebook_language({"cells": cells}) == "en"
    with refused_with("no_language"):
        notebook_language(markdown_notebook("x"))


def test_what_is_not_a_notebook_is_refused(tmp_path):
    (tmp_path / "a.ipynb").write_text('{"nbformat": 3}')
    with refused_with("not_a_notebook"):
        export(tmp_path / "a.ipynb", ["html"], tmp_path, "en")


def test_an_error_in_a_cell_is_printed_and_not_hidden():
    node = {"cells": [{"cell_type": "code", "metadata": {}, "source": "1/0", "outputs": [
        {"output_type": "error", "ename": "ZeroDivisionError", "evalue": "<b>", "traceback": []}]}]}
    assert "ZeroDivisionError: &lt;b&gt;" in written(report_body(node, "en").main)


def test_making_a_report_imports_neither_nbconvert_nor_matplotlib_nor_pandas():
    code = ("import sys, mineco.report.export, mineco.report.pdf_docx; "
            "print({'nbconvert', 'nbformat', 'matplotlib', 'pandas', 'numpy'} & set(sys.modules))")
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "set()"


def test_nbconvert_makes_the_same_page(page, language):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of nbconvert's own imports
        from nbformat import from_dict

        from mineco.report.exporters import MinecoDOCXExporter, MinecoHTMLExporter, MinecoPDFExporter

    node = from_dict(report_sample.notebook(language))
    for number, cell in enumerate((one for one in node.cells if one.cell_type == "code"), 1):
        cell.execution_count = number
    made, resources = MinecoHTMLExporter().from_notebook_node(node)
    assert made == page
    assert resources["output_extension"] == ".html"
    pdf, _ = MinecoPDFExporter(language=language).from_notebook_node(node)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) >= 5
    assert zipfile.is_zipfile(io.BytesIO(MinecoDOCXExporter().from_notebook_node(node)[0]))


# --- in a browser -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    with programs.chromium() as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 794, 1440])
def test_the_page_opens_offline_without_a_complaint_and_fits_the_screen(browser, folder, page, width):
    opened = browser.new_page(viewport={"width": width, "height": 900})
    heard = []
    opened.on("console", lambda message: heard.append(message.text))
    opened.on("pageerror", lambda error: heard.append(str(error)))
    opened.on("request", lambda request: heard.append(request.url) if not request.url.startswith("data:") else None)
    opened.on("dialog", lambda dialog: heard.append(dialog.message))
    opened.goto((folder / "report.html").as_uri())
    assert heard == [(folder / "report.html").as_uri()]
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)")
    assert opened.evaluate("document.querySelectorAll('math msub').length") == page.count("<msub>")
    assert opened.evaluate("document.querySelectorAll('math :is(mo, mi, mn, mtext) *').length") == 0
    wide = opened.evaluate("""[...document.querySelectorAll('table, math, pre, img')].filter(one => {
        const box = one.closest('.table-box, .math, pre') || one;
        return box.getBoundingClientRect().right > innerWidth + 1}).map(one => one.outerHTML.slice(0, 80))""")
    assert wide == []
    opened.close()


@pytest.mark.slow
def test_the_page_printed_by_a_browser_carries_the_mark_on_every_sheet(browser, folder, language, tmp_path):
    if language == "zh":
        programs.chinese_font()
    opened = browser.new_page()
    opened.goto((folder / "report.html").as_uri())
    opened.pdf(path=str(tmp_path / "printed.pdf"), prefer_css_page_size=True)
    opened.close()
    sheets = [one.extract_text() for one in pypdf.PdfReader(tmp_path / "printed.pdf").pages]
    assert len(sheets) >= 6
    assert all(squeezed(label("draft_mark", language)) in squeezed(one) for one in sheets)
