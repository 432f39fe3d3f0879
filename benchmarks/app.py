"""The what-if page: from a move of a slider to its figures, in the process of the page and in a browser."""

import statistics
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

MOVES = 20
MINES = ("tiny-quarry", "changcun-coal", "example-quarry-years")  # the last with ten years and their quarters
BROWSER = "changcun-coal"


def rows(mines: Path = Path("parameters/mines")) -> Iterator[tuple[str, float, str]]:
    """What, value, unit; processor times in the process, and by the clock what a person waits for in the browser."""
    if lacking("measured", "ipywidgets"):
        return
    for name in MINES:
        spent = in_process(mines / name)
        yield f"what-if page of {name}: a move of a slider, processor time, median", statistics.median(spent), "ms"
        yield "  longest", max(spent), "ms"
    waited = in_browser((mines / BROWSER).resolve())
    if waited:
        yield f"what-if page of {BROWSER} in Chromium: from the key to painted figures, median", (
            statistics.median(waited)), "ms"
        yield "  longest", max(waited), "ms"


def lacking(what: str, *modules: str) -> bool:
    """Whether something that a measurement needs is not installed, which is then said."""
    lacks = [one for one in modules if find_spec(one) is None]
    if lacks:
        print(f"what-if page: not {what}, since there is no {', '.join(lacks)} (extras app and dev)")
    return bool(lacks)


def in_process(mine: Path) -> list[float]:
    """Processor time of moves of the first slider. [ms]"""
    from mineco.runs.app.page import Page

    page = Page(mine)
    move = next(iter(page.moves.values()))
    spent = []
    for number in range(MOVES):
        begun = time.process_time()
        move.slider.value = move.first * (0.5 + number / MOVES)
        spent.append((time.process_time() - begun) * 1000)
    return spent


def in_browser(mine: Path) -> list[float]:
    """Time by the clock from a key at the first slider until its result is painted; none without a browser. [ms]"""
    if lacking("measured in a browser", "voila", "playwright", "pytest"):
        return []
    import pytest

    from tests.helpers import app
    from tests.helpers.programs import chromium

    try:
        with app.app_of(mine, "en") as address, chromium() as browser:
            page = app.opened(browser, address, 1200, [], [])
            return [page.evaluate(app.MOVED, [0, "ArrowLeft"]) for _ in range(MOVES)]
    except (pytest.skip.Exception, pytest.fail.Exception) as error:
        print(f"what-if page: not measured in a browser: {error}")
        return []


if __name__ == "__main__":
    for what, value, unit in rows():
        print(f"{what:<95}  {value:>8.1f}  {unit}")
