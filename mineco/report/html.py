"""The report as one HTML file that asks nothing of any host and runs no script."""

import base64
from copy import deepcopy
from html import escape, unescape
from xml.etree.ElementTree import Element, tostring

from mineco.core.labels import label
from mineco.report.body import Body
from mineco.report.safe import Tree, tree, written
from mineco.report.templates import template

TOKENS = ("mi", "mo", "mn", "mtext", "ms")
MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}
CONTENTS_DEPTH = 3
SCROLLED = {"table-box", "math"}  # classes of what is wider than a phone


def html_report(body: Body) -> str:
    """The body in its page: cover, contents, folded code, style for screen and paper.

    >>> from mineco.report.safe import tree
    >>> page = html_report(Body("en", tree(""), tree("<p>x</p>"), "A <mine>"))
    >>> "<script" in page, "<title>A &lt;mine&gt;</title>" in page
    (False, True)
    """
    return template("report.html").render(
        language={"zh": "zh-CN", "en": "en"}[body.language], title=body.title, subject=body.subject, mark=body.mark,
        watermark=body.watermark,
        look=body.look, page_of=label("page_of", body.language).replace("}", "{").split("{"),
        contents_title=label("contents", body.language), has_title=body.front.find(".//h1") is not None,
        in_volumes=body.in_volumes, titles=[label(f"volume_{number}_title", body.language) for number in (1, 2)],
        pages=body.pages, contents=[one for one in body.headings if one[0] <= CONTENTS_DEPTH],
        front=finished(body.front, body), main=finished(body.main, body))


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
        if kept and _is_upright_letter(child) and _is_upright_letter(kept[-1]):
            kept[-1].text = (kept[-1].text or "") + (child.text or "")
        else:
            kept.append(child)
    element[:] = kept


def _is_upright_letter(element: Element) -> bool:
    return element.tag == "mi" and element.get("mathvariant") == "normal"


def finished(given: Tree, body: Body) -> str:
    """A part of the body with its formulas as MathML and its pictures as data."""
    made = deepcopy(given)
    for one in made.find_class("math"):
        display = one.tag == "div"
        element = tree(mathml(one.text_content(), display))[0]
        element.tail, one.tail = one.tail, None
        if display:
            one.text, one[:] = None, [element]
            one.set("class", "math")
            one.tail, element.tail = element.tail, None
        else:
            one.getparent().replace(one, element)
    for one in made.iter():
        if one.tag == "pre" or SCROLLED & set(one.get("class", "").split()):
            one.set("tabindex", "0")  # what is scrolled can be scrolled by keys
    for image in made.iter("img"):
        picture = body.pictures[int(image.get("src"))]
        image.set("src", f"data:{MEDIA_TYPES[picture.ending]};base64,{base64.b64encode(picture.data).decode()}")
    return written(made)
