"""The forms of a report: filled with what was computed, blank where a person signs."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from mineco.core.labels import current_language, has_label, label
from mineco.report.tables import NO_MATH, Block, choices, heading

BLANK = "＿" * 8  # a line to be written on


def cover(fields: Mapping[str, str | None], title: str, subtitle: str = "", *, language: str | None = None) -> Block:
    """The cover: title, draft mark, and one field per line; a field without text is a line to write on.

    >>> print(cover({"report_number": "2025-01", "evaluator": ""}, "Report", language="en").text)
    Report
    Report number: 2025-01
    Evaluation body (seal): ＿＿＿＿＿＿＿＿
    """
    language = current_language(language)
    pairs = [(_name(key, language), value or BLANK) for key, value in fields.items()]
    lines = "".join(f'<tr><th scope="row">{escape(key)}</th><td>{escape(value)}</td></tr>\n' for key, value in pairs)
    html = (f'<div class="cover {NO_MATH}"><h1>{escape(title)}</h1>'
            + (f'<p class="subtitle">{escape(subtitle)}</p>' if subtitle else "")
            + f'<p class="mark">{label("draft_mark", language)}</p>'
            + f'<table class="fields"><tbody>\n{lines}</tbody></table></div>')
    heads = [title, subtitle] if subtitle else [title]
    return Block(html, "\n".join([*heads, *(f"{key}: {text}" for key, text in pairs)]))


def conclusion(rows: Iterable[tuple[str, Any]], title: str = "", *, language: str | None = None) -> Block:
    """The one-page conclusion: numbered findings, each a text or boxes of which some are ticked.

    Parameters
    ----------
    rows : iterable of (name, content)
        A content is a text, or (option, ticked) pairs.

    >>> print(conclusion([("Grade", "A"), ("Neutral", {"yes": False, "no": True})], language="en").text)
    Conclusion of the evaluation
    1 | Grade | A
    2 | Neutral | □ yes　■ no
    """
    language = current_language(language)
    shown = title or label("conclusion_title", language)
    lines = [(str(place), _name(name, language), content if isinstance(content, str) else choices(content))
             for place, (name, content) in enumerate(rows, start=1)]
    head = "".join(f'<th scope="col">{heading(key, language)}</th>' for key in ("number", "item", "conclusion"))
    body = "".join("<tr>" + "".join(f"<td>{_lines(cell)}</td>" for cell in line) + "</tr>\n" for line in lines)
    html = (f'<div class="conclusion"><h2>{escape(shown)}</h2><table class="form {NO_MATH}">'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>")
    return Block(html, "\n".join([shown, *(" | ".join(line) for line in lines)]))


def signature_block(*, language: str | None = None) -> Block:
    """Lines to be signed by people, in the order that evaluators use; the software fills in none of them.

    >>> signature_block(language="en").text.splitlines()[1]
    'Team leader: ＿＿＿＿＿＿＿＿'
    """
    language = current_language(language)
    roles = [label(key, language) for key in ("team_leader", "team_member", "technical_reviewer", "approver", "seal")]
    title = label("signature_title", language)
    head = "".join(f'<th scope="col">{heading(key, language)}</th>' for key in ("role", "person", "signature", "date"))
    space = "<td>　<br>　</td>"  # two lines high, also in Word
    body = "".join(f'<tr><th scope="row">{role}</th>{3 * space}</tr>\n' for role in roles)
    html = (f'<div class="signatures"><p><strong>{title}</strong></p><table class="form blank"><thead><tr>{head}</tr>'
            f"</thead>\n<tbody>\n{body}</tbody></table></div>")
    return Block(html, "\n".join([title, *(f"{role}: {BLANK}" for role in roles)]))


def commitment(*, language: str | None = None) -> Block:
    """The commitment sentence of the evaluation body, as a form that it may complete and seal.

    >>> "____" in commitment(language="en").text
    True
    """
    language = current_language(language)
    title, sentence, remark = (label(key, language) for key in ("commitment_title", "commitment", "commitment_note"))
    seal, date = label("seal", language), label("date", language)
    html = (f'<div class="commitment"><p><strong>{escape(title)}</strong></p><p>{escape(sentence)}</p>'
            f"<p>{seal}{BLANK}　{date}{BLANK}</p><p><em>{escape(remark)}</em></p></div>")
    return Block(html, f"{title}\n{sentence}\n{seal}{BLANK} {date}{BLANK}\n{remark}")


def _name(key: str, language: str) -> str:
    return label(key, language) if has_label(key) else key


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in str(text).split("\n"))
