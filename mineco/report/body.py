"""From an executed notebook to the body of a report: one language, safe HTML, mathematics and pictures set apart."""

import ast
import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem
from mineco.core.labels import LANGUAGES, checked_language

TEXT_TAGS = {"h1", "p", "div", "span", "section", "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot",
             "tr", "th", "td", "ul", "ol", "li", "dl", "dt", "dd", "h2", "h3", "h4", "h5", "h6", "strong", "b", "em",
             "i", "u", "s", "del", "sub", "sup", "code", "pre", "blockquote", "br", "hr", "img", "figure", "figcaption",
             "a", "small", "details", "summary"}
VOID_TAGS = {"br", "hr", "img", "col"}
DROPPED_WITH_CONTENT = {"script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math", "title",
                        "textarea", "select", "video", "audio", "canvas"}
ATTRIBUTES = {"class", "colspan", "rowspan", "scope", "alt", "src", "href", "style", "start"}
SAFE_LINK = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)
SAFE_STYLE = re.compile(r"\s*text-align\s*:\s*(left|right|center)\s*;?\s*")
SAFE_CLASS = re.compile(r"[\w -]*")
DATA_PICTURE = re.compile(r"(?<=src=[\"'])data:image/(png|jpeg|svg\+xml);base64,([A-Za-z0-9+/=\s%]+)")
CODE_PLACE = re.compile(r"<!--code \d+-->")
TAG = re.compile(r"\\tag\{([^}]*)\}")
MATH = re.compile(r'<(span|div) class="math (inline|display)">([^<]*)</\1>')
HEADING = re.compile(r"<h([2-6])>(.*?)</h\1>", re.DOTALL)
TITLE = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
FOLDED_HINT = re.compile(r"</details>|<details><summary>([^<>]*)</summary>")
ENDINGS = {"png": "png", "jpeg": "jpg", "svg+xml": "svg"}
PAGE = "page-"  # a tag that begins so: the cell shows a page beside the report
FOLDED_TAGS = {"parameters": "code_parameters", "injected-parameters": "code_parameters", "setup": "code_setup"}


@dataclass(frozen=True)
class Picture:
    """A picture of the report: its kind (png, jpg or svg) and its bytes."""

    ending: str
    data: bytes


@dataclass
class Body:
    """The parts of a report before they are given a form.

    In ``front`` and ``main`` mathematics is ``<span class="math inline">`` or ``<div class="math display">`` around
    escaped TeX, a picture is ``<img src="picture:0">``, and the code of a cell is ``<!--code 0-->``.
    """

    language: str
    title: str = ""
    front: str = ""
    main: str = ""
    code: list[tuple[str, str]] = field(default_factory=list)  # (id of a label, source)
    pictures: list[Picture] = field(default_factory=list)
    headings: list[tuple[int, str, str]] = field(default_factory=list)  # (level, anchor, text)


def read_notebook(notebook: Mapping[str, Any] | Path | str) -> Mapping[str, Any]:
    """An executed notebook as nested mappings, from a file or a node.

    >>> read_notebook({"nbformat": 4, "cells": []})["cells"]
    []
    """
    if isinstance(notebook, Mapping):
        node = notebook
    else:
        node = json.loads(Path(notebook).read_text("utf-8"))
    if node.get("nbformat") != 4:
        raise BadInput(Problem("not_a_notebook", value=node.get("nbformat")))
    return node


def notebook_language(node: Mapping[str, Any]) -> str:
    """The language a notebook was run in: ``language = "…"`` in its parameters, the injected ones last.

    >>> notebook_language({"cells": [
    ...     {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "language = 'en'", "outputs": []}]})
    'en'
    """
    found = ""
    for cell in node["cells"]:
        if _tags(cell) & {"parameters", "injected-parameters"}:
            for line in ast.parse(_joined(cell["source"])).body:
                if (isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
                        and line.targets[0].id == "language" and isinstance(line.value, ast.Constant)):
                    found = str(line.value.value)
    if not found:
        raise BadInput(Problem("no_language"))
    return checked_language(found)


def report_body(node: Mapping[str, Any], language: str) -> Body:
    """The notebook's body in one language; cells tagged ``front`` come first, pages of their own are left out.

    >>> cell = {"cell_type": "markdown", "metadata": {}, "source": "# Mine\\n\\n## One $x$"}
    >>> made = report_body({"cells": [cell]}, "en")
    >>> made.title, made.main.strip()
    ('Mine', '<h2 id="part-1">One <span class="math inline">x</span></h2>')
    """
    made = Body(checked_language(language))
    other = {f"lang-{one}" for one in LANGUAGES if one != language}
    front: list[str] = []
    main: list[str] = []
    markdown = _markdown()
    for cell in node["cells"]:
        tags = _tags(cell)
        if not tags & other and not any(tag.startswith(PAGE) for tag in tags):
            (front if "front" in tags else main).append(_cell(cell, tags, made, markdown))
    made.front, made.main = "\n".join(front), "\n".join(main)
    # a cover begins with its title: the code behind it goes to the end
    made.main += "".join(CODE_PLACE.findall(made.front))
    made.front = CODE_PLACE.sub("", made.front)
    title = TITLE.search(made.front) or TITLE.search(made.main)
    made.title = _bare(title[1]) if title else ""
    made.main = HEADING.sub(lambda found: _anchored(found, made), TITLE.sub("", made.main))
    return made


def report_pages(node: Mapping[str, Any], language: str) -> dict[str, Body]:
    """The pages that a report has beside it, by name: each what one cell tagged ``page-<name>`` shows.

    >>> cell = {"cell_type": "code", "metadata": {"tags": ["page-certificate"]}, "source": "", "outputs": [
    ...     {"output_type": "display_data", "data": {"text/html": "<h1>Certificate</h1>"}}]}
    >>> report_pages({"cells": [cell]}, "en")["certificate"].title
    'Certificate'
    """
    found: dict[str, Body] = {}
    for cell in node["cells"]:
        for tag in sorted(_tags(cell)):
            if tag.startswith(PAGE):
                shown = {**cell, "source": "", "metadata": {"tags": ["front"]}}
                found[tag.removeprefix(PAGE)] = report_body({"cells": [shown]}, language)
    return found


def replace_math(html: str, written: Callable[[str, bool], str]) -> str:
    """Every formula of a body replaced by ``written(tex, is_display)``."""
    return MATH.sub(lambda found: written(unescape(found[3]), found[2] == "display"), html)


def safe_html(html: str, pictures: list[Picture]) -> str:
    """HTML reduced to what a report needs: no script, no style but alignment, no address outside the file.

    Pictures given as data are collected, and referred to by their place.

    >>> safe_html("<p onclick='x()'>a<script>alert(1)</script> &lt;b&gt; <img src='http://x/y.png'>", [])
    '<p>a &lt;b&gt; </p>'
    """
    parser = _Sanitiser(pictures)
    parser.feed(DATA_PICTURE.sub(lambda found: _collect(found, pictures), html))
    parser.close()
    return parser.result()


def _collect(found: re.Match[str], pictures: list[Picture]) -> str:
    pictures.append(Picture(ENDINGS[found[1]], base64.b64decode(re.sub(r"\s|%0A", "", found[2]))))
    return f"picture:{len(pictures) - 1}"


class _Sanitiser(HTMLParser):
    """Copies the allowed tags and attributes, balanced; everything else is text or left out."""

    def __init__(self, pictures: list[Picture]) -> None:
        super().__init__(convert_charrefs=True)
        self.pictures = pictures
        self.parts: list[str] = []
        self.open: list[str] = []
        self.dropped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.dropped or tag in DROPPED_WITH_CONTENT:
            if tag in DROPPED_WITH_CONTENT and tag != "embed":
                self.dropped.append(tag)
            return
        if tag not in TEXT_TAGS:
            return
        kept = "".join(f' {name}="{escape(value)}"' for name, value in self._kept(attrs))
        if tag == "img" and " src=" not in kept:
            return
        self.parts.append(f"<{tag}{kept}>")
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID_TAGS:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.dropped:
            if tag == self.dropped[-1]:
                self.dropped.pop()
            return
        if tag in self.open:
            while (last := self.open.pop()) != tag:
                self.parts.append(f"</{last}>")
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.dropped:
            self.parts.append(escape(data, quote=False))

    def result(self) -> str:
        return "".join(self.parts) + "".join(f"</{tag}>" for tag in reversed(self.open))

    def _kept(self, attrs: list[tuple[str, str | None]]) -> Iterator[tuple[str, str]]:
        for name, value in attrs:
            if name not in ATTRIBUTES or value is None:
                continue
            if name == "src" and not (re.fullmatch(r"picture:\d+", value) and int(value[8:]) < len(self.pictures)):
                continue
            if name == "href" and not SAFE_LINK.match(value):
                continue
            if name == "style" and not SAFE_STYLE.fullmatch(value):
                continue
            if name == "class" and not SAFE_CLASS.fullmatch(value):
                continue
            yield name, value


def _cell(cell: Mapping[str, Any], tags: set[str], made: Body, markdown: Callable[[str], str]) -> str:
    source = _joined(cell["source"])
    if cell["cell_type"] == "markdown":
        return safe_html(markdown(source), made.pictures)
    if cell["cell_type"] != "code":
        return ""
    parts = []
    if source.strip():
        name = next((FOLDED_TAGS[tag] for tag in FOLDED_TAGS if tag in tags), "code")
        parts.append(f"<!--code {len(made.code)}-->")
        made.code.append((name, source))
    parts += [_output(output, made.pictures, markdown) for output in cell.get("outputs", ())]
    return "\n".join(parts)


def _output(output: Mapping[str, Any], pictures: list[Picture], markdown: Callable[[str], str]) -> str:
    if output["output_type"] == "stream":
        return f"<pre>{escape(_joined(output['text']), quote=False)}</pre>"
    if output["output_type"] == "error":
        return f"<pre>{escape(output['ename'])}: {escape(output['evalue'], quote=False)}</pre>"
    data = output["data"]
    if "text/html" in data:
        return _with_math(safe_html(_joined(data["text/html"]), pictures))
    for kind in ("image/svg+xml", "image/png", "image/jpeg"):
        if kind in data:
            given = _joined(data[kind])
            pictures.append(Picture(ENDINGS[kind.removeprefix("image/")],
                                    given.encode() if kind == "image/svg+xml" else base64.b64decode(given)))
            alt = escape(output.get("metadata", {}).get("alt", "") or _joined(data.get("text/plain", "")))
            return f'<figure><img src="picture:{len(pictures) - 1}" alt="{alt}"></figure>'
    if "text/markdown" in data:
        return safe_html(markdown(_joined(data["text/markdown"])), pictures)
    if "text/latex" in data:
        tex = _joined(data["text/latex"]).strip().strip("$").strip()
        return f'<div class="math display">{escape(tex)}</div>'
    return f"<pre>{escape(_joined(data.get('text/plain', '')), quote=False)}</pre>"


DELIMITED_MATH = re.compile(r'(<(span|div) class="math (?:inline|display)">)\\[(\[]([^<]*)\\[)\]](</\2>)')


def _with_math(html: str) -> str:
    """Formulas of an output without the delimiters that JupyterLab needs."""
    return DELIMITED_MATH.sub(r"\1\3\4", html)


def _markdown() -> Callable[[str], str]:
    """Markdown to HTML: raw HTML in it stays text, mathematics is set apart, \\tag{1} becomes a number beside."""
    import mistune
    from mistune.plugins.math import math, math_in_list, math_in_quote
    from mistune.plugins.table import table

    def display(renderer: Any, text: str) -> str:
        tag = TAG.search(text)
        tex = f'<div class="math display">{escape(TAG.sub("", text).strip())}</div>'
        return f'<div class="equation">{tex}<span class="number">({escape(tag[1])})</span></div>\n' if tag else tex

    class Renderer(mistune.HTMLRenderer):
        def text(self, text: str) -> str:
            return escape(unescape(text), quote=False)  # "&#60;" is a mark that stays text

        def block_html(self, html: str) -> str:
            """A hint to be unfolded is the only raw HTML that is kept."""
            return html if FOLDED_HINT.fullmatch(html.strip()) else super().block_html(html)

    renderer = Renderer(escape=True)
    markdown = mistune.Markdown(renderer, plugins=[table, math, math_in_quote, math_in_list])
    renderer.register("block_math", display)
    renderer.register("inline_math", lambda renderer, text: f'<span class="math inline">{escape(text)}</span>')
    return lambda source: str(markdown(source))


def _anchored(found: re.Match[str], made: Body) -> str:
    anchor = f"part-{len(made.headings) + 1}"
    made.headings.append((int(found[1]), anchor, _bare(found[2])))
    return f'<h{found[1]} id="{anchor}">{found[2]}</h{found[1]}>'


def _bare(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def _tags(cell: Mapping[str, Any]) -> set[str]:
    return set(cell.get("metadata", {}).get("tags", ()))


def _joined(source: str | Iterable[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
