"""What the documentation shows of data and code: pages of the reference name a part, made as the site is built.

Rule: a page is prose in two languages around parts that are made of the same data as the program, so that it cannot
tell anything else. Nothing is written into the folder of the pages, and nothing is fetched.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docutils import nodes
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective

from mineco.core.labels import set_language
from mineco_site import (
    commands,
    dependencies,
    docstrings,
    factors,
    formulas,
    mathematics,
    results,
    search,
    standards,
    views,
    words,
)

PARTS: dict[str, Callable[..., list[nodes.Node]]] = {
    "clauses": standards.clauses,
    "readings": standards.readings,
    "formulas": formulas.formulas,
    "factors": factors.factors,
    "documents": factors.documents,
    "commands": commands.commands,
    "views": views.views,
    "glossary": words.glossary,
    "messages": words.messages,
    "results": results.results,
    "dependencies": dependencies.dependencies,
}
OUTSIDE = re.compile(r"\[([^\]]+)\]\((\.\./[^)\s]+)\)")
PLACE_OF_A_PART = re.compile(r"^<!-- (mineco-[a-z]+)( [\w-]+)? -->\n.*?^<!-- end -->$", re.MULTILINE | re.DOTALL)
TWIN = re.compile(r"^\[(?:中文|English)\]\([\w-]+(?:\.zh)?\.md\)\n", re.MULTILINE)
LANGUAGES = {"en": "zh", "zh": "en"}


def language_of(config: Config) -> str:
    """The language of a build, as mineco names it."""
    return "zh" if config.language.startswith("zh") else "en"


class Part(SphinxDirective):
    """A part of a page that is made of data: ``mineco-factors``, with what it is of as its argument.

    A page names it in a comment, ``<!-- mineco-factors -->``; what stands from there to ``<!-- end -->`` is for whoever
    reads the file itself.
    """

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        language = language_of(self.config)
        set_language(language)
        made = PARTS[self.name.removeprefix("mineco-")](language, *self.arguments)
        for node in made:
            for part in node.findall(nodes.section):
                self.state.document.note_explicit_target(part, part)
        return made


def with_links_of_the_site(app: Sphinx, docname: str, content: list[str]) -> None:
    """Put parts in place of what stands for them; take out the line to the twin, and links out of the site."""
    folder = (app.srcdir / docname).parent

    def inside(found: re.Match[str]) -> str:
        name, mark, place = found[2].partition("#")
        path = Path(folder, name).resolve()
        if path.is_relative_to(app.srcdir):
            return found[0]
        page = path.with_name(path.name.lower())  # such as SECURITY.md, which a page includes
        return f"[{found[1]}](/{page.name}{mark}{place})" if (app.srcdir / page.name).is_file() else found[1]

    parts = PLACE_OF_A_PART.sub(r"```{\1}\2\n```", content[0])
    content[0] = OUTSIDE.sub(inside, TWIN.sub("", parts, count=1))


def add_twin(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any],
             doctree: nodes.Node | None) -> None:
    """Tell a page the address of itself in the other language; what is no page leads to the start page there."""
    page = pagename if doctree is not None else "index"
    other = LANGUAGES[language_of(app.config)]
    context["twin"] = "../" * (pagename.count("/") + 1) + f"{other}/{page}.html"


def setup(app: Sphinx) -> dict[str, bool]:
    for name in PARTS:
        app.add_directive(f"mineco-{name}", Part)
    app.connect("source-read", with_links_of_the_site)
    app.connect("html-page-context", add_twin)
    app.add_lexer("csv", TextLexer)
    mathematics.setup(app)
    docstrings.setup(app)
    search.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
