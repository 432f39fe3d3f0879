"""docs/advice.md and its twin: the table of measures, from the data, and code that runs."""

import os
import re
from pathlib import Path

import pytest

from mineco.core import labels
from mineco.core.labels import label
from mineco.evaluation.advice.library import load_library
from tests.helpers import mines
from tests.helpers.places import ROOT

PAGES = {"en": ROOT / "docs" / "advice.md", "zh": ROOT / "docs" / "advice.zh.md"}
HEADS = {"en": ("id", "measure", "for", "share (range, status)", "condition"),
         "zh": ("编号", "措施", "适用", "份额（范围，状态）", "条件")}
START, END = "<!-- table -->", "<!-- end of table -->"


@pytest.fixture(autouse=True)
def chinese_again():
    yield
    labels.set_language("zh")


def table(language):
    labels.set_language(language)
    standard, comma = mines.example_once().standard, {"en": ", ", "zh": "、"}[language]
    every = {"en": "all", "zh": "全部"}[language]
    rows = ["| " + " | ".join(HEADS[language]) + " |", "|---|---|---|---|---|"]
    for one in load_library().measures.values():
        kinds = comma.join(standard.mine_subtypes[kind].name[language] if kind != "all" else every
                           for kind in one.applies_to)
        share = f"{one.share.value:g} ({one.share.least:g}–{one.share.most:g}, {label(one.share.status)})"
        conditions = "; ".join(condition.says[language] for condition in one.conditions)
        rows.append(f"| `{one.id}` | {one.name[language]} | {kinds} | {share} | {conditions} |")
    return "\n".join(rows)


@pytest.mark.parametrize("language", PAGES)
def test_the_page_holds_the_table_that_the_data_give(language):
    page: Path = PAGES[language]
    text = page.read_text(encoding="utf-8")
    head, _, rest = text.partition(START)
    _, _, tail = rest.partition(END)
    wanted = f"{head}{START}\n{table(language)}\n{END}{tail}"
    if os.environ.get("MINECO_WRITE_DOCS"):  # how the page is made anew
        page.write_text(wanted, encoding="utf-8", newline="\n")
    assert page.read_text(encoding="utf-8") == wanted


@pytest.mark.parametrize("language", PAGES)
def test_the_code_of_the_page_runs(language, monkeypatch):
    monkeypatch.chdir(ROOT)
    code = "".join(re.findall(r"```python\n(.*?)```", PAGES[language].read_text("utf-8"), re.DOTALL))
    scope: dict[str, object] = {}
    exec(code, scope)
    advice, after, step = (scope[name] for name in ("advice", "after", "step"))
    assert float(after.score.total) - advice.together.before.score == pytest.approx(step.trial.effect.points, abs=1e-9)
