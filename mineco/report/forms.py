"""The forms of a report: filled with what was computed, blank where a person signs."""

from collections.abc import Iterable, Mapping
from typing import Any

from mineco.core.labels import label
from mineco.report.tables import Block, choices, heading, rendered, said

BLANK = "＿" * 8  # a line to be written on
ROLES = ("team_leader", "team_member", "technical_reviewer", "approver", "seal")  # as evaluators sign, in order


def cover(fields: Mapping[str, str | None], title: str, subtitle: str = "", mark: str = "draft_mark") -> Block:
    """The cover: title, a mark, and one field per line; a field without text is a line to write on.

    >>> print(cover({"report_number": "2025-01", "evaluator": ""}, "Report").text)
    Report
    Report number: 2025-01
    Evaluation body (seal): ＿＿＿＿＿＿＿＿
    """
    rows = [(said(key), value or BLANK) for key, value in fields.items()]
    heads = [title, subtitle] if subtitle else [title]
    return rendered("cover", _listed(heads, rows), title=title, subtitle=subtitle, mark=label(mark), rows=rows)


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
    named = [((shown := said(name))[0].upper() + shown[1:], text) for name, text in rows]
    seal = f"{label('seal')}{BLANK}　{label('date')}{BLANK}" if sealed else ""
    title = said(title)
    return rendered("sheet", f"{_listed([title], named)}\n{basis}\n{seal}".strip(), title=title, rows=named,
                    mark=label("form_mark"), basis=basis, seal=seal)


def conclusion(rows: Iterable[tuple[str, Any]], title: str = "") -> Block:
    """The one-page conclusion: numbered findings, each a text, or options and whether they are ticked.

    >>> print(conclusion([("Grade", "A"), ("Neutral", {"yes": False, "no": True})]).text)
    Conclusion of the evaluation
    1 | Grade | A
    2 | Neutral | □ yes　■ no
    """
    shown = title or label("conclusion_title")
    lines = [(str(place), said(name), content if isinstance(content, str) else choices(content))
             for place, (name, content) in enumerate(rows, start=1)]
    return rendered("conclusion", "\n".join([shown, *map(" | ".join, lines)]), title=shown, rows=lines,
                    heads=[heading(key) for key in ("number", "item", "conclusion")])


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
