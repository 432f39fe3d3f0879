"""The forms of a report: filled with what was computed, blank where a person signs."""

from collections.abc import Iterable, Mapping
from typing import Any

from mineco.core.formatting import DASH
from mineco.core.labels import has_label, label
from mineco.report.tables import Block, begun, below, choices, heading, rendered, said

BLANK = "＿" * 8  # a line to be written on
ROLES = ("team_leader", "team_member", "technical_reviewer", "approver", "seal")  # as evaluators sign, in order


def cover(fields: Mapping[str, str | None], title: str, subtitle: str = "", stamp: str = "",
          mark: str = "draft_mark") -> Block:
    """The cover: title, a mark, one field per line, a place for the seal; a field without text is to be written on.

    >>> print(cover({"report_number": "2025-01", "evaluator": ""}, "Report").text)
    Report
    Report number: 2025-01
    Evaluation body (seal): ＿＿＿＿＿＿＿＿
    """
    rows = [(begun(said(key)), value or BLANK) for key, value in fields.items()]
    heads = [title, subtitle] if subtitle else [title]
    return rendered("cover", _listed(heads, rows), title=title, subtitle=subtitle, mark=label(mark), rows=rows,
                    stamp=stamp, number=said("report_number"))


def page(title: str, *shown: Any, joined: bool = False) -> Block:
    """A page of the first volume: what it shows stands below its title.

    It begins on a new sheet, or where it is ``joined`` behind the page before it if there is room.

    >>> from mineco.report.tables import show_text
    >>> page("Gates", show_text("All met.")).text
    'Gates\\n\\nAll met.'
    """
    inside = below(map(as_block, shown))
    return rendered("page", f"{said(title)}\n\n{inside.text}", title=said(title), inside=inside.html,
                    joined=joined)


def beside(*shown: Any) -> Block:
    """What stands beside each other where there is room, and else below."""
    blocks = [as_block(one) for one in shown]
    return rendered("beside", below(blocks).text, parts=[one.html for one in blocks])


def lead(text: str) -> Block:
    """The one sentence of a page that says it all.

    >>> lead("Not graded.").html
    '<div class="lead tex2jax_ignore mathjax_ignore">Not graded.</div>'
    """
    return rendered("lead", text, sentence=text)


def subject(text: str) -> Block:
    """Whom and what a notebook without a first volume is of: its report has it below the title.

    >>> subject("Tiny quarry, 2024").html
    '<div class="subject tex2jax_ignore mathjax_ignore">Tiny quarry, 2024</div>'
    """
    return rendered("subject", text, sentence=text)


def strip(facts: Mapping[str, str]) -> Block:
    """Small facts in a row, each with what it is above; names are texts or ids of labels.

    >>> strip({"year": "2024", "notices_told": "2"}).text
    'Year: 2024 · Notices: 2'
    """
    shown = [(heading(name) if has_label(name) else name, text) for name, text in facts.items()]
    return rendered("strip", " · ".join(f"{name}: {text}" for name, text in shown), facts=shown)


def photo(jpeg: str, caption: str) -> Block:
    """A photograph, given as base64 of a JPEG, with what it shows below it.

    >>> photo("AA==", "The pit").text
    'The pit'
    """
    return rendered("photo", caption, data=jpeg, caption=caption)


def as_block(shown: Any) -> Block:
    """A drawing as a block; a block as it stands."""
    if isinstance(shown, Block):
        return shown
    made = shown._repr_mimebundle_()
    return Block(made["text/html"], made["text/plain"])


def sheet(title: str, rows: Iterable[tuple[str, str]], basis: str, *, sealed: bool) -> Block:
    """A page of its own: a framed form of names and texts, what it rests on, and where it is sealed a line for that.

    >>> rows = [("mine_name", "A"), ("certificate_number", BLANK)]
    >>> print(sheet("Certificate", rows, "By the log.", sealed=True).text)
    Certificate
    Name of the mine: A
    Number of the certificate: ＿＿＿＿＿＿＿＿
    By the log.
    Seal of the body＿＿＿＿＿＿＿＿　Date＿＿＿＿＿＿＿＿
    """
    named = [(begun(said(name)), text) for name, text in rows]
    seal = f"{label('seal')}{BLANK}　{label('date')}{BLANK}" if sealed else ""
    title = said(title)
    return rendered("sheet", f"{_listed([title], named)}\n{basis}\n{seal}".strip(), title=title, rows=named,
                    mark=label("form_mark"), basis=basis, seal=seal)


def conclusion(rows: Iterable[tuple[str, Any]], declared: Mapping[str, tuple[str, str]] | None = None) -> Block:
    """The formal table of a conclusion: numbered findings, each a text, or options and whether they are ticked.

    ``declared`` has by the name of a finding what the mine declares of it, and why the two differ.

    >>> print(conclusion([("Grade", "A"), ("Neutral", {"yes": False, "no": True})]).text)
    1 | Grade | A
    2 | Neutral | □ yes　■ no
    >>> print(conclusion([("Grade", "A")], {"Grade": ("AA", "offsets counted twice")}).text)
    1 | Grade | A | AA | offsets counted twice
    """
    heads = ["number", "item", "conclusion", *(("declared_by_mine", "difference_reason") if declared else ())]
    lines = [(str(place), begun(said(name)), content if isinstance(content, str) else choices(content),
              *(declared.get(name, (DASH, "")) if declared else ()))
             for place, (name, content) in enumerate(rows, start=1)]
    return rendered("conclusion", "\n".join(map(" | ".join, lines)), rows=lines, heads=list(map(heading, heads)))


def signature_block() -> Block:
    """Lines to be signed by people; the software fills in none of them.

    >>> signature_block().text.splitlines()[1]
    'Team leader: ＿＿＿＿＿＿＿＿'
    """
    title, roles = label("signature_title"), [label(role) for role in ROLES]
    return rendered("signatures", _listed([title], [(role, BLANK) for role in roles]), title=title, roles=roles,
                    heads=[heading(key) for key in ("role", "person", "signature", "date")])


def commitment() -> Block:
    """The commitment sentence of the evaluation body, as a form that it may complete and seal.

    >>> "____" in commitment().text
    True
    """
    title, sentence, remark = (label(key) for key in ("commitment_title", "commitment", "commitment_note"))
    sign = f"{label('seal')}{BLANK}　{label('date')}{BLANK}"
    return rendered("commitment", "\n".join([title, sentence, sign, remark]), title=title, sentence=sentence,
                    sign=sign, remark=remark)


def _listed(heads: list[str], rows: list[tuple[str, str]]) -> str:
    return "\n".join([*heads, *(f"{name}: {text}" for name, text in rows)])
