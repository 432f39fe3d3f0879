"""docs/readings.md and its twin: how many readings each standard has, and the options that read one otherwise."""

import os
import re

import pytest

from mineco.standards.load import load_standard
from tests.helpers.places import ROOT

PAGES = {"en": ROOT / "docs" / "readings.md", "zh": ROOT / "docs" / "readings.zh.md"}
STANDARDS = ("carbon-neutral-mine-2025", "restoration-carbon-sink-2024", "restoration-area-2025")
START, END = "<!-- table -->", "<!-- end of table -->"
HEADS = {"en": "| option | what it chooses | default | also allowed | clause | readings |",
         "zh": "| 选项 | 选择什么 | 缺省 | 也可为 | 条款 | 解读 |"}


def word(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def row(name, option, language):
    others = " ".join(f"`{word(one)}`" for one in option.allowed if one != option.default)
    return (f"| `{name}` | {option.name[language]} | `{word(option.default)}` | {others} | {option.clause} | "
            f"{' '.join(option.readings)} |")


@pytest.mark.parametrize("language", PAGES)
def test_the_page_lists_every_option_that_reads_a_clause_otherwise(language):
    rows = [row(name, option, language) for standard in STANDARDS
            for name, option in load_standard(standard).options.items() if option.readings]
    table = "\n".join([HEADS[language], "|---|---|---|---|---|---|", *rows])
    before, _, rest = PAGES[language].read_text("utf-8").partition(START)
    after = rest.partition(END)[2]
    if os.environ.get("MINECO_WRITE_DOCS"):
        PAGES[language].write_text(f"{before}{START}\n{table}\n{END}{after}", "utf-8")
    assert PAGES[language].read_text("utf-8") == f"{before}{START}\n{table}\n{END}{after}"


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize("standard", STANDARDS)
def test_the_page_names_the_first_and_the_last_reading_of_a_standard(language, standard):
    named = re.search(rf"^\| `{standard}` \| (\w+) \S+ (\w+) \|", PAGES[language].read_text("utf-8"), re.MULTILINE)
    readings = list(load_standard(standard).readings)
    assert named
    assert named.groups() == (readings[0], readings[-1])
    assert readings == [f"{readings[0][0]}{number}" for number in range(1, len(readings) + 1)]
