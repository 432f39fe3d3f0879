"""The report as one HTML file that asks nothing of any host and runs no script."""

import base64
import re
from html import escape, unescape
from string import Template
from xml.etree.ElementTree import Element, tostring

from mineco.core.kit import templates
from mineco.core.labels import label
from mineco.report.body import CODE_PLACE, Body, replace_math

PICTURE_PLACE = re.compile(r'src="picture:(\d+)"')
TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
TOKENS = ("mi", "mo", "mn", "mtext", "ms")
MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}
CONTENTS_DEPTH = 3


def html_report(body: Body) -> str:
    """The body in its page: cover, contents, folded code, style for screen and paper.

    >>> page = html_report(Body("en", "A <mine>", "", "<p>x</p>"))
    >>> "<script" in page, "<title>A &lt;mine&gt;</title>" in page
    (False, True)
    """
    language = body.language
    folder = templates() / "report"
    mark = label("draft_mark", language)
    front = body.front if "<h1>" in body.front else (
        f'<div class="cover"><h1>{escape(body.title)}</h1><p class="mark">{mark}</p></div>\n{body.front}')
    first, last = label("page_of", language).format(page="\0", pages="\1").split("\0")
    middle, last = last.split("\1")
    return Template((folder / "report.html").read_text("utf-8")).substitute(
        language={"zh": "zh-CN", "en": "en"}[language], title=escape(body.title), mark=mark,
        style=Template((folder / "report.css").read_text("utf-8")).substitute(
            mark=_css_text(mark), page=f"{_css_text(first)} counter(page) {_css_text(middle)} counter(pages) "
                                       f"{_css_text(last)}"),
        contents_title=label("contents", language), contents=_contents(body),
        front=_finished(front, body), main=_finished(body.main, body))


def mathml(tex: str, display: bool) -> str:
    r"""TeX as MathML, written so that no text in it can become markup.

    Letters of an upright word are joined, or a browser would set them apart; what latex2mathml cannot read is
    printed as TeX.

    >>> mathml(r"\mathrm{max} < \text{<b>}", False).partition('"normal">')[2]
    'max</mi></mrow><mo>&lt;</mo><mtext>&lt;b&gt;</mtext></mrow></math>'
    """
    from latex2mathml import exceptions
    from latex2mathml.converter import convert_to_element

    unreadable = tuple(one for one in vars(exceptions).values() if isinstance(one, type) and issubclass(one, Exception))
    try:
        element = convert_to_element(tex, display="block" if display else "inline")
    except unreadable:
        return f"<code>{escape(tex)}</code>"
    _tidy(element)
    return tostring(element, encoding="unicode")


def _tidy(element: Element) -> None:
    element.attrib.pop("href", None)
    element.text = unescape(element.text or "")  # latex2mathml leaves "&#x0003C;" in its texts
    if element.tag in TOKENS:  # a browser reads elements inside a token as HTML, and swallows what follows
        element.text = "".join(element.itertext())
        element[:] = []
    kept: list[Element] = []
    for child in element:
        _tidy(child)
        if child.tag in TOKENS and not child.text:
            continue
        if kept and _is_upright_letter(child) and kept[-1].tag == "mi" and kept[-1].get("mathvariant") == "normal":
            kept[-1].text = (kept[-1].text or "") + (child.text or "")
        else:
            kept.append(child)
    element[:] = kept


def _is_upright_letter(element: Element) -> bool:
    return element.tag == "mi" and element.get("mathvariant") == "normal"


def _finished(html: str, body: Body) -> str:
    html = TABLE.sub(lambda found: f'<div class="table-box">{found[0]}</div>', html)
    html = replace_math(html, lambda tex, display: (
        f'<div class="math">{mathml(tex, True)}</div>' if display else mathml(tex, False)))
    html = PICTURE_PLACE.sub(lambda found: f'src="{_data(body, int(found[1]))}"', html)
    return CODE_PLACE.sub(lambda found: _folded(body, int(found[0].strip("<!->code "))), html)


def _data(body: Body, place: int) -> str:
    picture = body.pictures[place]
    return f"data:{MEDIA_TYPES[picture.ending]};base64,{base64.b64encode(picture.data).decode()}"


def _folded(body: Body, place: int) -> str:
    name, source = body.code[place]
    return (f'<details class="code"><summary>{label(name, body.language)} [{place + 1}]</summary>'
            f"<pre><code>{escape(source, quote=False)}</code></pre></details>")


def _contents(body: Body) -> str:
    return "\n".join(f'<li class="level-{level}"><a href="#{anchor}">{escape(text)}</a></li>'
                     for level, anchor, text in body.headings if level <= CONTENTS_DEPTH)


def _css_text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
