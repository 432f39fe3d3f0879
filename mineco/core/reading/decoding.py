"""Bytes of a text file to text: UTF-8, GB18030 or UTF-16 with its mark, decided on the whole file, or refused."""

import codecs
import re
import unicodedata
from collections import Counter

from mineco.core.errors import BadInput, Problem

# Non-ASCII characters that a UTF-8 file in Chinese or English may hold beside the repertoire of GB 2312.
SYMBOLS = set("°±²³µμ·×÷§©®€£¥–—‘’“”…‰₀₁₂₃₄₅₆₇₈₉⁰¹⁴⁵⁶⁷⁸⁹⁻⁺ₓ℃→←≤≥≈−∑ΔαβγδεηθλπρσφωΣ™№■□✓")

# What a file is that bears the name of a table or a text, by its first bytes: the message says how it came to be there.
PACKED = re.compile(rb"PK\x03\x04")
TEXT = re.compile(rb"[^\x00-\x08\x0e-\x1f]+\Z")  # no byte that a text cannot have
OTHER_FORMS = {
    "html_page": re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?"
                            rb"<(!doctype|html|head|meta|body|table|div|script)\b", re.IGNORECASE | re.DOTALL),
    "pointer_file": re.compile(rb"version https://git-lfs\.github\.com/spec|(\.\./)*(\.git)?/?annex/objects/"),
    "old_or_locked_workbook": re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "other_kind_of_file": re.compile(rb"%PDF-|\x89PNG|\xff\xd8\xff|GIF8|\x1f\x8b|Rar!|7z\xbc\xaf|SQLite format|PAR1"),
}

LETTER_IN_WORD = re.compile(r"(?:(?<=[A-Za-z])|(?<=\s)|^)[À-ÖØ-öø-ɏ](?=[A-Za-z])|(?<=[A-Za-z])[À-ÖØ-öø-ɏ](?=\s|$)")


def forbidden(mark: str) -> bool:
    """Whether a character may not stand in any file: control, formatting, private use, line separators, a lost one.

    >>> forbidden(chr(0x202E)), forbidden("矿")
    (True, False)
    """
    if mark < "\x7f":
        return mark < " " and mark not in "\t\n"
    return unicodedata.category(mark) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp") or mark == "\ufffd"


def require_no_other_form(begin: bytes, file: str = "", workbook: bool = False) -> None:
    """Stop where the first bytes of a file are not those of what its name says, with what they are.

    >>> require_no_other_form(b"<!DOCTYPE html><html>", "mines.csv")
    Traceback (most recent call last):
    mineco.core.errors.BadInput: mines.csv: is a web page under the name of a table: a page that was shown was saved, \
not the file itself. Download the file itself, or open the page in Excel and save it as .xlsx or as CSV (UTF-8).
    """
    forms = OTHER_FORMS | ({"text_as_workbook": TEXT} if workbook else {"workbook_as_text": PACKED})
    for message, known in forms.items():
        if known.match(begin):
            raise BadInput(Problem(message, file=file))


def decode(raw: bytes, file: str = "") -> str:
    """Text from bytes in UTF-8, GB18030 or marked UTF-16, decided on the whole file; refused where two make sense.

    The GB18030 bytes of 原煤 are also valid UTF-8 (ԭú), so validity alone does not decide: where both decodings
    are valid, the one whose characters are plausible is taken, and the file is refused if that is not exactly one.

    >>> decode("原煤".encode("gb18030")), decode("原煤".encode("utf-8"))
    ('原煤', '原煤')
    """
    return raw.decode(encoding_of(raw, file)).replace("\r\n", "\n").replace("\r", "\n")


def encoding_of(raw: bytes, file: str = "") -> str:
    """The encoding in which `decode` reads bytes: utf-8, utf-8-sig, gb18030, or utf-16 where its mark is there."""
    require_no_other_form(raw[:4096], file)
    marked = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not raw.startswith(codecs.BOM_UTF32_LE)
    if marked and _decoded(raw, "utf-16") is not None:
        return "utf-16"
    utf8, gb = _decoded(raw, "utf-8"), _decoded(raw, "gb18030")
    if raw.startswith(codecs.BOM_UTF8) or raw.isascii() or gb is None:
        found = ["utf-8-sig" if raw.startswith(codecs.BOM_UTF8) else "utf-8"] if utf8 is not None else []
    else:
        found = ["utf-8"] if utf8 is not None and _plausible_utf8(utf8, gb) else []
        found += ["gb18030"] if _plausible_gb(gb) and not (utf8 is not None and _symbols_only(utf8, gb)) else []
    if len(found) == 2 and utf8 is not None and gb is not None and _everyday(utf8) and not _everyday(gb):
        found = ["utf-8"]
    if len(found) != 1:
        raise BadInput(Problem("unknown_encoding" if not found else "ambiguous_encoding", file=file))
    return found[0]


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _in_gb2312(mark: str) -> bool:
    try:
        mark.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _everyday(text: str) -> bool:
    """Whether all characters are of the 3,755 most used ones, or punctuation.

    山西 is, and 灞辫タ, as GB18030 reads its UTF-8, is not: the first of three bytes of UTF-8 is E0 or more, and in
    GB 2312 that of these characters is less.
    """
    return all(mark.isascii() or mark in SYMBOLS or mark in "，。、：；（）《》“”！？・·" or (
        _in_gb2312(mark) and 0xB0 <= mark.encode("gb2312")[0] <= 0xD7) for mark in text)


def _rare_name(mark: str) -> bool:
    """An ideograph of the extensions of Unicode, as in 䶮: no other text reads as one by accident."""
    return "\u3400" <= mark < "\u4e00" or (mark >= "\u4e00" and len(mark.encode("gb18030")) == 4)


def _plausible_gb(text: str) -> bool:
    """Characters of everyday use, not merely single ones inside words of ASCII letters (Größe in Latin-1)."""
    if not re.search(r"[^\x00-\x7f]{2}|(?<![A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?![A-Za-z])", text):
        return False
    marks = {mark: times for mark, times in Counter(text).items() if not mark.isascii()}
    good = sum(times for mark, times in marks.items() if _in_gb2312(mark) or _rare_name(mark))
    return good >= 0.9 * sum(marks.values())


def _plausible_utf8(text: str, gb: str) -> bool:
    """Chinese in three-byte sequences, or technical symbols, or European letters inside a word of ASCII letters."""
    if _symbols_only(text, gb):
        return True
    marks = {mark: times for mark, times in Counter(text).items() if not mark.isascii()}
    # three bytes in the right form are no accident
    good = sum(times for mark, times in marks.items() if mark in SYMBOLS or mark >= "\u0800")
    good += len(LETTER_IN_WORD.findall(text))
    return good >= 0.9 * sum(marks.values())


def _symbols_only(text: str, gb: str) -> bool:
    """Whether a UTF-8 text holds technical symbols only, which as GB18030 would be lone characters: m³ as m鲁.

    One that stands by itself says neither: λ has the bytes of 位.
    """
    marks = {mark for mark in text if not mark.isascii()}
    alone = r"[\u4e00-\u9fff]{2}|(?<![A-Za-z0-9])[\u4e00-\u9fff](?![A-Za-z0-9])"
    return marks <= SYMBOLS and re.search(alone, gb) is None
