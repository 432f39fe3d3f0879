"""What a client reads in a report: its lines without code, formulas and pictures, and what should not stand in them."""

import re

from lxml import html

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
WORD = re.compile(r"(?<![\w./@:-])[a-z]{3,}(?![\w./@:-])")  # an English word, no id, file, unit or address
NAMES = {"mineco", "papermill", "nbconvert", "numpy", "pandas", "matplotlib", "pint", "pydantic", "kappa", "max",
         "sha256", "doi"}
UNITS = {"tce", "kgce", "gce", "kcal", "degC"}
UNSURE = re.compile(r"as believed|unverified attribution|attribution unverified|book118|PyPI|github|from memory|"
                    r"public transcription|copy \w+\.|through a |凭记忆|据信|未见原文", re.IGNORECASE)
LONG = re.compile(r"\d[\d,]*\.\d{7,}|\d,\d{3}\.\d{3,}|\d\.\d+×10⁻¹\d|e-1\d")
OF_COAL = re.compile(r"瓦斯|煤矿|原煤|煤价|矿井水|矸石|mine gas|mine water|coal mine|raw coal|coal price|gangue|drained gas")
EMPTY = re.compile(r"[:：] ?(无|none)$|“[^”]*”没有可列的内容|Nothing to list")
BLOCKS = "//tr|//p|//li|//div|//h1|//h2|//h3|//h4|//br|//figcaption|//caption|//summary|//pre"


def report_lines(page):
    """The lines of a report, the cells of a table apart by bars."""
    tree = html.fromstring(page)
    for one in tree.xpath("//script|//style|//math|//*[local-name()='math']|//*[local-name()='svg']|//details//pre"):
        if one.getparent() is not None:
            one.drop_tree()
    for cell in tree.xpath("//td|//th"):
        cell.tail = " | " + (cell.tail or "")
    for block in tree.xpath(BLOCKS):
        block.tail = "\n" + (block.tail or "")
    lines = (re.sub(r"\s+", " ", line).strip(" |") for line in tree.text_content().split("\n"))
    return [line for line in lines if line]


def foreign(line, language, allowed=()):
    """The words of the other language in a line, but for ids in brackets and what may stand in either."""
    for text in sorted(allowed, key=len, reverse=True):
        line = line.replace(text, "")
    line = re.sub(r"\[[^\]]*\]", "", line)
    if language == "en":
        return CHINESE.findall(line)
    return [word for word in WORD.findall(line) if word not in NAMES | UNITS]
