"""Docstrings as napoleon reads them: a parameter and what it is may stand in one line."""

import re

from docutils import nodes
from sphinx.application import Sphinx

ONE_LINE = re.compile(r"^(\s*)(\*{0,2}\w[\w, *]*(?: : \S.*?)?)(?: {2,}|(?<=\S)\t)(\S.*)$")
EXAMPLE = ">>> "
SECTION = re.compile(r"^(Parameters|Returns|Raises|Yields|Attributes)$")


def on_two_lines(app: Sphinx | None, what: str, name: str, of: object, options: object, lines: list[str]) -> None:
    """``fuel : float    Fuel burnt. [t]`` becomes a line with the type and one with the text.

    A second blank line before an example ends the section: else napoleon takes the example for a parameter.

    >>> lines = ["Parameters", "----------", "fuel : float    Burnt. [t]", "", ">>> burn(1.0)"]
    >>> on_two_lines(None, "function", "burn", None, None, lines)
    >>> lines[2:]
    ['fuel : float', '    Burnt. [t]', '', '', '>>> burn(1.0)']
    """
    made: list[str] = []
    within = False
    for place, line in enumerate(lines):
        if SECTION.match(line) and place + 1 < len(lines) and set(lines[place + 1]) == {"-"}:
            within = True
        elif not line.strip():
            within = within and place + 1 < len(lines) and bool(ONE_LINE.match(lines[place + 1]))
        found = ONE_LINE.match(line) if within else None
        if line.startswith(EXAMPLE) and made and not made[-1]:
            made.append("")
        made += [found[1] + found[2], f"{found[1]}    {found[3]}"] if found else [line]
    lines[:] = made


def with_dashes(app: Sphinx, doctree: nodes.document) -> None:
    """Set the dash between a parameter and its text as one."""
    for text in list(doctree.findall(nodes.Text)):
        if text == " -- ":
            text.parent.replace(text, nodes.Text(" – "))


def setup(app: Sphinx) -> None:
    app.connect("autodoc-process-docstring", on_two_lines, priority=400)  # before napoleon
    app.connect("doctree-read", with_dashes)
