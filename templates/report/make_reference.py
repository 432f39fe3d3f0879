"""Make reference.docx, the styles of the report in Word, from pandoc's own.

Run ``python templates/report/make_reference.py``. The words MINECO-… in header and footer are replaced at export, in
the language of the report.
"""

import io
import subprocess
from pathlib import Path

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from mineco.report.pdf_docx import pandoc_path

LATIN, CHINESE = "Arial", "宋体"
CHINESE_HEADING = "黑体"
ACCENT, ALERT, FAINT = RGBColor(0x1F, 0x58, 0x73), RGBColor(0x7A, 0x4A, 0x00), RGBColor(0x5D, 0x6B, 0x73)


def font(style, size, colour=None, chinese=CHINESE, bold=None, italic=None):
    style.font.name, style.font.size, style.font.bold, style.font.italic = LATIN, Pt(size), bold, italic
    if colour is not None:
        style.font.color.rgb = colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for name, value in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{name}"), value)


def spacing(style, before, after, line=1.35, align=None):
    shape = style.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), line
    if align is not None:
        shape.alignment = align


def paragraph_style(document, name, base="Normal"):
    if name in [style.name for style in document.styles]:
        return document.styles[name]
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles[base]
    return style


def styles(document):
    known = document.styles
    centre = WD_ALIGN_PARAGRAPH.CENTER
    for name in ("Normal", "Body Text", "First Paragraph"):
        font(known[name], 10.5)
        spacing(known[name], 4, 6)
    font(known["Compact"], 9)
    spacing(known["Compact"], 1, 1, 1.1)
    font(paragraph_style(document, "Small", "Compact"), 7.8)
    spacing(document.styles["Small"], 0, 0, 1)
    for level, size, before in ((1, 16, 16), (2, 13, 16), (3, 11, 12)):
        font(known[f"Heading {level}"], size, ACCENT, CHINESE_HEADING, bold=True)
        spacing(known[f"Heading {level}"], before, 8, 1.2)
        known[f"Heading {level}"].paragraph_format.keep_with_next = True
    known["Heading 1"].paragraph_format.page_break_before = True
    font(known["Title"], 26, ACCENT, CHINESE_HEADING, bold=True)
    spacing(known["Title"], 140, 12, 1.2, centre)
    font(known["Subtitle"], 13, FAINT)
    spacing(known["Subtitle"], 0, 18, 1.2, centre)
    for name, size, colour, bold in (("Mark", 11, ALERT, None), ("Result", 10.5, None, True),
                                     ("Clause", 9, FAINT, None), ("Note", 10, None, None),
                                     ("Equation", 10.5, None, None)):
        font(paragraph_style(document, name), size, colour, bold=bold)
    spacing(known["Mark"], 6, 90, 1.2, centre)
    spacing(known["Result"], 2, 6, 1.2, centre)
    spacing(known["Clause"], 10, 2, 1.2)
    known["Clause"].paragraph_format.keep_with_next = True
    known["Note"].paragraph_format.left_indent = Cm(0.5)
    known["Note"].paragraph_format.keep_with_next = True
    tabs = known["Equation"].paragraph_format.tab_stops
    tabs.add_tab_stop(Cm(8.5), WD_TAB_ALIGNMENT.CENTER)
    tabs.add_tab_stop(Cm(17), WD_TAB_ALIGNMENT.RIGHT)
    for name in ("Table Caption", "Image Caption"):
        font(known[name], 9.5, bold=True, italic=False)
        spacing(known[name], 8, 4, 1.2, centre)
    spacing(known["Image Caption"], 2, 4, 1.1, centre)
    spacing(known["Captioned Figure"], 2, 2, 1, centre)
    known["Table Caption"].paragraph_format.keep_with_next = True
    for level in (1, 2):
        font(paragraph_style(document, f"toc {level}"), 10.5 if level == 1 else 10)
        shape = known[f"toc {level}"].paragraph_format
        shape.left_indent = Cm(0.7 * (level - 1))
        shape.tab_stops.add_tab_stop(Cm(17), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        spacing(known[f"toc {level}"], 1, 1, 1.2)


def table_styles(document):
    """Tables between three rules, forms to fill by hand ruled on all sides, pictures without; rows do not break."""
    rule = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="{}"/>'
    rules = rule.format("top", 8, "1F2A30") + rule.format("bottom", 8, "1F2A30") + rule.format("insideH", 4, "DDE4E7")
    cells = "".join(rule.format(side, 4, "B5C1C7") for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    known = document.styles
    for name in ("Form", "Pictures"):
        known.add_style(name, WD_STYLE_TYPE.TABLE).base_style = known["Table"]
    none = "".join(f'<w:{side} w:val="nil"/>' for side in ("top", "bottom", "insideH"))
    for name, sides in (("Table", rules), ("Form", cells), ("Pictures", none)):
        style = known[name].element
        for old in style.findall(qn("w:tblPr")) + style.findall(qn("w:tblStylePr")):
            style.remove(old)
        style.append(parse_xml(
            f'<w:tblPr {nsdecls("w")}><w:jc w:val="center"/><w:tblBorders>{sides}</w:tblBorders><w:tblCellMar>'
            '<w:top w:w="22" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="22" w:type="dxa"/>'
            '<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'))
        style.append(parse_xml(f'<w:trPr {nsdecls("w")}><w:cantSplit/></w:trPr>'))
        style.append(parse_xml(
            f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:tblPr/><w:trPr><w:tblHeader/></w:trPr><w:tcPr>'
            '<w:tcBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="1F2A30"/></w:tcBorders></w:tcPr>'
            '</w:tblStylePr>'))


def field(paragraph, instruction):
    for kind in ("begin", None, "end"):
        run = paragraph.add_run()
        if kind is None:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = instruction
            run._r.append(code)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def page(document):
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.1), Cm(1.9)
    for part in (section.header, section.footer):
        part.is_linked_to_previous = False
        part.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    head = section.header.paragraphs[0].add_run("MINECO-MARK")
    head.font.size, head.font.color.rgb = Pt(9), ALERT
    foot = section.footer.paragraphs[0]
    foot.add_run("MINECO-MARK　MINECO-PAGE-BEFORE")
    field(foot, "PAGE")
    foot.add_run("MINECO-PAGE-BETWEEN")
    field(foot, "NUMPAGES")
    foot.add_run("MINECO-PAGE-AFTER")
    for run in foot.runs:
        run.font.size, run.font.color.rgb = Pt(9), FAINT


def main():
    command = [pandoc_path(), "--print-default-data-file", "reference.docx"]
    given = subprocess.run(command, capture_output=True, check=True)
    document = Document(io.BytesIO(given.stdout))
    styles(document)
    table_styles(document)
    page(document)
    document.save(str(Path(__file__).parent / "reference.docx"))


if __name__ == "__main__":
    main()
