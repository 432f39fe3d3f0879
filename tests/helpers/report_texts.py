"""What a client reads in a report: its lines without code, formulas and pictures, and what should not stand in them."""

import csv
import re

from lxml import html

from mineco.core.labels import own_words
from tests.helpers.places import ROOT

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
WORD = re.compile(r"(?<![\w./@:-])[a-z]{3,}(?![\w./@:-])")  # an English word: no id, file, unit or address
ID = re.compile(r"\[[^\]]*\]|\([a-z_]+\)|\b\w+ = |[\w/]+\.(?:yaml|csv):[\w, –]+")  # of a factor, step, column, entry
NEITHER = set((ROOT / "tests" / "cases" / "latin-words.txt").read_text("utf-8").split())  # programs, symbols, units
COMMAND = re.compile(r"mineco (run inputs|run|check|procedure|verify)( DOSSIER)?")
UNSURE = re.compile(r"as believed|attribution unverified|book118|PyPI|github|from memory|public transcription|"
                    r"copy \w+\.|through a |凭记忆", re.IGNORECASE)
LONG = re.compile(r"\d,\d{3}\.\d{4,}|[1-9]\d*\.\d{7,}|\d\.\d{5,}×10|×10⁻¹\d|e-1\d")
COAL = re.compile(r"瓦斯|煤矿|原煤|煤价|矿井水|矸石|mine gas|mine water|coal mine|raw coal|coal price|gangue|"
                  r"drained gas")
UNIT = {"zh": re.compile(r"\byuan\b"), "en": re.compile(r"[万亿]|吨|元")}
NOTHING = re.compile(r"[:：] ?(无|none)$")
TWICE = re.compile(r"\bbelow\W+below\b")
DROPPED = "//script|//style|//*[local-name()='math']|//*[local-name()='svg']|//pre"
BLOCKS = "//tr|//p|//li|//div|//h1|//h2|//h3|//h4|//br|//figcaption|//caption|//summary"


def report_lines(page):
    """The lines of a report; the cells of a table stand apart by bars."""
    tree = html.fromstring(page)
    for one in tree.xpath(DROPPED):
        if one.getparent() is not None:
            one.drop_tree()
    for cell in tree.xpath("//td|//th"):
        cell.tail = " | " + (cell.tail or "")
    for block in tree.xpath(BLOCKS):
        block.tail = "\n" + (block.tail or "")
    lines = (re.sub(r"\s+", " ", line).strip(" |") for line in tree.text_content().split("\n"))
    return [line for line in lines if line]


def own_texts(dossier):
    """What a mine wrote in one language alone, which stands in reports in either: names of its own, a source."""
    rows = (row for path in dossier.glob("*.csv") for row in csv.reader(path.read_text("utf-8-sig").splitlines()))
    cells = {cell.strip() for row in rows for cell in row}
    return {cell for cell in cells if len(cell) > 2 and own_words(cell, "zh") == cell}


def foreign(line, language, allowed=()):
    """The words of the other language in a line, but for ids and for what may stand in either."""
    line = ID.sub("", COMMAND.sub("", _without(line, allowed)))
    return CHINESE.findall(line) if language == "en" else [one for one in WORD.findall(line) if one not in NEITHER]


def foreign_on_page(text, language, allowed=()):
    """The same of a page of a PDF, whose lines break names, with hyphens or without."""
    for one in sorted(allowed, key=len, reverse=True):
        spread = r"-?\s*".join(map(re.escape, re.sub(r"\s", "", one)))
        text = re.sub(rf"(?<![A-Za-z]){spread}(?![A-Za-z])", " ", text)
    text = re.sub(r"(?<=[,;]) *\n", " ", text)  # of a list
    text = re.sub(r"(?<=[\w/._:,-])-?\n(?=[\w/._:-])", "", text, flags=re.ASCII)
    return [word for line in text.splitlines() for word in foreign(line, language)]


def faults(lines, language, allowed, of_coal):
    """Each line that no client should read, with what is wrong."""
    looked_for = {"unsure": UNSURE, "long": LONG, "nothing": NOTHING, "twice": TWICE, "unit": UNIT[language]}
    if not of_coal:
        looked_for["coal"] = COAL
    for line in lines:
        if words := foreign(line, language, allowed):
            yield "language", words, line
        bare = _without(line, allowed)
        for name, pattern in looked_for.items():
            if found := pattern.search(bare):
                yield name, found[0], line


def _without(line, allowed):
    """A line without the texts that may stand in it, the longest taken out first."""
    for text in sorted((one for one in allowed if one in line), key=len, reverse=True):
        line = line.replace(text, "")
    return line
