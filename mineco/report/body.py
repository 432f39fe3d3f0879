"""From an executed notebook to the body of a report: one language, safe HTML as a tree, pictures set apart."""

import base64
import functools
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import lxml.html

from mineco.core.labels import LANGUAGES, begun, checked_language, indexed, label
from mineco.report.notebook import joined, prose, tags_of
from mineco.report.safe import Picture, Tree, safe_html, tree
from mineco.report.templates import Look, in_look

CHAPTER = re.compile(r"(?:Appendix |附录 ?)([A-Z])\b|(\d+)\s")  # as its heading begins
UNBROKEN = re.compile(r"(?<=[■□△▲◎○●◇◆]) (?=\S)|(?<=\d\.\d) (?=[a-z]\b)|(?<=\S) (?=· )|"
                      r"(?<=\d) (?=%|℃|tCO|kgCO|t\b|kg\b|[MkG]Wh|[GMT]J\b|tce\b|ha\b|hm²|万|亿)")
NAMELESS, PAIRS = ("id", "number"), ("item", "content")  # heads of columns whose cells are ids; of names and texts
CAPTIONS = {"caption": "table_number", "figcaption": "figure_number"}
NO_BREAK = "\N{NO-BREAK SPACE}"
PAGE = "page-"  # a tag that begins so: the cell shows a page beside the report
MARK = "mark-"  # one that begins so: every page of the report says, by the label of that name, what it is not
FOLDED_TAGS = {"parameters": "code_parameters", "injected-parameters": "code_parameters", "setup": "code_setup"}

Heading = tuple[int, str, str]  # level, anchor, text


@dataclass
class Body:
    """The parts of a report before they are given a form.

    What cells tagged ``front`` show is volume 1, ``front``: each of its headings ``h2`` begins a section of class
    ``page``. All else is volume 2, ``main``. In both, mathematics is an element of class ``math`` around TeX, a
    picture is ``<img src="0">``, its place among the pictures, and the code of a cell is a ``<details id="cell-1">``.
    """

    language: str
    front: Tree
    main: Tree
    title: str = ""
    number: str = ""  # of the report, where its cover has one
    subject: str = ""  # below the title, where there is no volume 1: whom and what all is of
    look: Look = field(default_factory=Look)
    watermark: str = ""  # on every page, of what is no whole report
    pictures: list[Picture] = field(default_factory=list)
    pages: list[Heading] = field(default_factory=list)  # of volume 1
    headings: list[Heading] = field(default_factory=list)

    @property
    def in_volumes(self) -> bool:
        """Whether there is a volume 1; where no cell is tagged ``front``, all is one."""
        return len(self.front) > 0

    @property
    def mark(self) -> str:
        """What stands above every page."""
        return " · ".join(filter(None, (self.watermark, label("draft_mark", self.language))))


def report_body(node: Mapping[str, Any], language: str, look: Look | None = None) -> Body:
    """The notebook's body in one language, in the look of a house; pages beside the report are left out.

    >>> from mineco.report.safe import written
    >>> cell = {"cell_type": "markdown", "metadata": {}, "source": "# Mine\\n\\n## One $x$"}
    >>> made = report_body({"cells": [cell]}, "en")
    >>> made.title, written(made.main).strip()
    ('Mine', '<h2 id="part-1">One <span class="math inline">x</span></h2>')
    """
    other = {f"lang-{one}" for one in LANGUAGES if one != checked_language(language)}
    pictures: list[Picture] = []
    parts: dict[bool, list[str]] = {True: [], False: []}  # front, main
    places = 0
    for cell in node["cells"]:
        tags, source = tags_of(cell), joined(cell["source"])
        if tags & other or any(tag.startswith(PAGE) for tag in tags):
            continue
        if cell["cell_type"] == "markdown":
            parts["front" in tags].append(safe_html(prose(source), pictures))
        elif cell["cell_type"] == "code":
            if source.strip():
                places += 1
                # a cover begins with its title: the code behind it goes to the end
                parts[False].append(_folded(source, tags, places, language))
            shown = () if "setup" in tags else cell.get("outputs", ())  # the first pages tell the result
            parts["front" in tags] += [_output(output, pictures) for output in shown]
    look = look or Look()
    drawn = [Picture(one.ending, in_look(one.data, look)) if one.ending == "svg" else one for one in pictures]
    made = Body(language, tree("\n".join(parts[True])), tree("\n".join(parts[False])), pictures=drawn, look=look,
                watermark=_watermark(node, language))
    _put_house_on_cover(made)
    titles = [*made.front.iter("h1"), *made.main.iter("h1")]
    made.title = bare(titles[0]) if titles else label("report", language)  # no PDF is without
    made.subject = " · ".join(map(bare, made.main.find_class("subject")))
    for one in [*made.main.iter("h1"), *made.main.find_class("subject")]:
        one.drop_tree()
    for one in [*made.front.find_class("math"), *made.main.find_class("math")]:
        tex = one.text_content()
        one[:], one.text = [], tex[2:-2] if tex[:2] in (r"\(", r"\[") else tex  # JupyterLab needs these, a report not
    for part in (made.front, made.main):
        _keep_together(part)
        _begin_lines(part, language)
    made.number = next((text for one in made.front.find_class("report-number") if (text := bare(one)).strip("＿")), "")
    _into_pages(made.front)
    made.pages = [one for one in _anchored([*made.front.iter("h2", "h3", "h4")], "page") if one[0] == 2]
    _number_captions(made.main, language)
    made.headings = _anchored([*made.main.iter("h2", "h3", "h4", "h5", "h6")], "part")
    return made


def _put_house_on_cover(made: Body) -> None:
    """The logo and the name of a house above the title."""
    name, logo = made.look.organisation.get(made.language, ""), made.look.logo
    for cover in made.front.find_class("cover")[:1] if name or logo else ():
        house = tree('<div class="house"></div>')[0]
        if logo:
            made.pictures.append(Picture(*logo))
            place, alt = str(len(made.pictures) - 1), name or label("logo", made.language)
            house.append(lxml.html.Element("img", {"src": place, "alt": alt, "class": "logo"}))
        if name:
            house.append(lxml.html.Element("p"))
            house[-1].text = name
        cover.insert(0, house)


def _watermark(node: Mapping[str, Any], language: str) -> str:
    """What a cell of the notebook is tagged to mark every page with."""
    marks = [tag.removeprefix(MARK) for cell in node["cells"] for tag in sorted(tags_of(cell)) if tag.startswith(MARK)]
    return " · ".join(label(f"{mark}_mark", language) for mark in marks)


def report_pages(node: Mapping[str, Any], language: str, look: Look | None = None) -> dict[str, Body]:
    """The pages that a report has beside it, by name: each what one cell tagged ``page-<name>`` shows.

    A cell that shows nothing makes no page.

    >>> cell = {"cell_type": "code", "metadata": {"tags": ["page-certificate"]}, "source": "", "outputs": [
    ...     {"output_type": "display_data", "data": {"text/html": "<h1>Certificate</h1>"}}]}
    >>> report_pages({"cells": [cell]}, "en")["certificate"].title
    'Certificate'
    """
    return {tag.removeprefix(PAGE): report_body(
        {"cells": [{**cell, "source": "", "metadata": {"tags": ["front"]}}]}, language, look)
        for cell in node["cells"] if cell.get("outputs") for tag in sorted(tags_of(cell)) if tag.startswith(PAGE)}


def bare(element: Tree) -> str:
    """The text of an element in one line."""
    return " ".join(element.text_content().split())


def _anchored(headings: Iterable[Tree], kind: str) -> list[Heading]:
    """Give each heading an anchor, and the level below that of the one above it: none is skipped."""
    made: list[Heading] = []
    above: list[str] = []
    for number, one in enumerate(headings, 1):
        above = [*(tag for tag in above if tag < one.tag), one.tag]
        one.set("id", f"{kind}-{number}")
        one.tag = f"h{len(above) + 1}"
        made.append((int(one.tag[1]), one.get("id"), bare(one)))
    return made


def _into_pages(front: Tree) -> None:
    """Volume 1 as its cover and pages: what has a heading of level 2 and is no page yet begins one."""
    pages: list[Tree] = []
    after_cover = True
    for child in list(front):
        heads = {one.tag for one in child.iter("h1", "h2")}
        if "h1" in heads or "page" in child.get("class", "").split():
            pages.append(child)
        else:
            if heads or after_cover:
                pages.append(lxml.html.Element("section"))
                pages[-1].set("class", "page")
            pages[-1].append(child)
        after_cover = "h1" in heads
    front[:] = pages


def _keep_together(part: Tree) -> None:
    """No line ends between a box and its word, a number and its unit, or before a point between names; indices low."""
    for one in part.iter():
        if one.text and one.tag not in ("pre", "code") and "math" not in one.get("class", "").split():
            one.text = _unbroken(one.text)
        if one.tail:
            one.tail = _unbroken(one.tail)


@functools.lru_cache(maxsize=1 << 14)  # numbers and words of tables, most of them in many cells and reports
def _unbroken(text: str) -> str:
    return UNBROKEN.sub(NO_BREAK, indexed(text))


def _begin_lines(part: Tree, language: str) -> None:
    """Rows of tables and items of lists begin with a capital; ids and names of packages stay as they are."""
    ids, pairs = ([label(name, language).casefold() for name in names] for names in (NAMELESS, PAIRS))
    lines = [*part.iter("li"), *part.find_class("clause")]
    for table in part.iter("table"):
        heads = [bare(one).casefold() for one in table.iterfind("./thead/tr/th")]
        if heads != pairs and table.get("class") != "sources":
            lines += table.xpath(f"./tbody/tr/td[{2 if heads and heads[0] in ids else 1}]")
    for one in lines:
        one.text = begun(one.text or "")


def _number_captions(main: Tree, language: str) -> None:
    """Count tables and figures chapter by chapter, and write "Table 4-2. " before what their captions say."""
    chapter, counted = "", Counter[tuple[str, str]]()
    for one in main.iter("h2", *CAPTIONS):
        if one.tag == "h2":
            found = CHAPTER.match(bare(one))
            chapter = f"{found[1] or found[2]}-" if found else ""
        elif bare(one):
            counted[chapter, one.tag] += 1
            one.text = label(CAPTIONS[one.tag], language).format(
                number=f"{chapter}{counted[chapter, one.tag]}", caption=one.text or "")


def _folded(source: str, tags: set[str], place: int, language: str) -> str:
    name = next((FOLDED_TAGS[tag] for tag in FOLDED_TAGS if tag in tags), "code")
    return (f'<details id="cell-{place}" class="code"><summary>{label(name, language)} [{place}]</summary>'
            f'<pre><code class="language-python">{escape(source, quote=False)}</code></pre></details>')


def _output(output: Mapping[str, Any], pictures: list[Picture]) -> str:
    if output["output_type"] == "stream":
        return f"<pre>{escape(joined(output['text']), quote=False)}</pre>"
    if output["output_type"] == "error":
        return f"<pre>{escape(output['ename'])}: {escape(output['evalue'], quote=False)}</pre>"
    data = {kind: joined(given) if isinstance(given, str | list) else given for kind, given in output["data"].items()}
    if "text/html" in data:
        return safe_html(data["text/html"], pictures)
    for kind in ("image/svg+xml", "image/png", "image/jpeg"):
        if kind in data:
            given = data[kind]
            coded = base64.b64encode(given.encode()).decode() if kind == "image/svg+xml" else given
            alt = escape(output.get("metadata", {}).get("alt", "") or data.get("text/plain", ""))
            return safe_html(f'<figure><img src="data:{kind};base64,{coded}" alt="{alt}"></figure>', pictures)
    if "text/markdown" in data:
        return safe_html(prose(data["text/markdown"]), pictures)
    if "text/latex" in data:
        return f'<div class="math display">{escape(data["text/latex"].strip().strip("$").strip())}</div>'
    return f"<pre>{escape(data.get('text/plain', ''), quote=False)}</pre>"
