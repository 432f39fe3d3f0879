"""A notebook as it is read: its cells, what they set, and the language that it was run in."""

import ast
import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.labels import checked_language

TEX_TAG = re.compile(r"\\tag\{([^}]*)\}")
FOLDED_HINT = re.compile(r"</details>|<details><summary>([^<>]*)</summary>")


def read_notebook(notebook: Mapping[str, Any] | Path | str) -> Mapping[str, Any]:
    """An executed notebook as nested mappings, from a file or a node.

    >>> read_notebook({"nbformat": 4, "cells": []})["cells"]
    []
    """
    node = notebook if isinstance(notebook, Mapping) else json.loads(Path(notebook).read_text("utf-8"))
    if node.get("nbformat") != 4:
        raise BadInput(Problem("not_a_notebook", value=node.get("nbformat")))
    return node


def notebook_language(node: Mapping[str, Any]) -> str:
    """The language a notebook was run in: ``language = "…"`` in its parameters, the injected ones last.

    >>> notebook_language({"cells": [
    ...     {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "language = 'en'", "outputs": []}]})
    'en'
    """
    found: dict[str, object] = {}
    for cell in node["cells"]:
        if tags_of(cell) & {"parameters", "injected-parameters"}:
            found |= names_set(joined(cell["source"]))
    if not found.get("language"):
        raise BadInput(Problem("no_language"))
    return checked_language(str(found["language"]))


def require_executed(node: Mapping[str, Any], name: str) -> None:
    """Refuse a notebook of which a cell did not run, or whose cells ran in another order: its pages would not agree.

    >>> require_executed({"cells": [{"cell_type": "code", "source": "1", "execution_count": 1}]}, "a.ipynb")
    """
    counts = [cell.get("execution_count") for cell in node["cells"]
              if cell["cell_type"] == "code" and joined(cell["source"]).strip()]
    problems = Problems()
    ran = sum(count is not None for count in counts)
    if ran < len(counts):
        problems.add("cells_not_run", file=name, value=ran, cells=len(counts))
    elif counts != list(range(1, len(counts) + 1)):
        problems.add("cells_out_of_order", file=name)
    problems.stop()


def names_set(cell: str) -> dict[str, object]:
    """The names that a cell sets, with their values, None where one is computed; no name where it is no Python.

    >>> names_set("draws = 1000\\ncase = open_case(mine)"), names_set("%matplotlib inline")
    ({'draws': 1000, 'case': None}, {})
    """
    found: dict[str, object] = {}
    with suppress(SyntaxError):
        for line in ast.parse(cell).body:
            if isinstance(line, ast.Assign):
                value = None
                with suppress(ValueError):  # of a computation, such as float("nan")
                    value = ast.literal_eval(line.value)
                found |= {target.id: value for target in line.targets if isinstance(target, ast.Name)}
    return found


def tags_of(cell: Mapping[str, Any]) -> set[str]:
    """The tags of a cell."""
    return set(cell.get("metadata", {}).get("tags", ()))


def joined(source: str | Iterable[str]) -> str:
    """A text that a file of a notebook may hold in lines."""
    return source if isinstance(source, str) else "".join(source)


def prose(source: str) -> str:
    r"""Markdown to HTML: raw HTML in it stays text, mathematics is set apart, \tag{1} becomes a number beside.

    >>> prose("a <b> $x$").strip()
    '<p>a &lt;b&gt; <span class="math inline">x</span></p>'
    """
    return str(_markdown()(source))


@cache
def _markdown() -> Any:
    import mistune
    from mistune.plugins.math import math, math_in_list, math_in_quote
    from mistune.plugins.table import table

    def display(renderer: Any, text: str) -> str:
        tag = TEX_TAG.search(text)
        tex = f'<div class="math display">{escape(TEX_TAG.sub("", text).strip())}</div>'
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
    return markdown
