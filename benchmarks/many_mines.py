"""Accounting and scoring of many mines at once, as arrays, beside the same evaluation called mine by mine."""

import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate
from mineco.evaluation.case import Case, open_case

MINES = 100_000
IN_THE_LOOP = 50  # as many as a minute allows; the time per mine does not depend on how many there are


def with_values(case: Case, changed: Callable[[int, float], Any]) -> Case:
    """The case with every activity and every operating figure changed, each by its place in the dossier."""
    rows = [*case.dossier.activity, *case.dossier.metrics]
    new = [replace(row, quantity=replace(row.quantity, value=changed(place, row.quantity.value)))
           for place, row in enumerate(rows)]
    split = len(case.dossier.activity)
    return replace(case, dossier=replace(case.dossier, activity=new[:split], metrics=new[split:]))


def rows(dossier: Path) -> Iterator[tuple[str, float, str]]:
    """What, value, unit; stops when array and loop do not agree."""
    case = open_case(dossier)
    places = len(case.dossier.activity) + len(case.dossier.metrics)
    spread = np.random.default_rng(20240101).uniform(0.95, 1.0, (places, MINES))
    many = with_values(case, lambda place, value: value * spread[place])
    evaluate(case)  # the first call reads the table of units

    begun = time.perf_counter()
    total = evaluate(many).score.total.value
    at_once = time.perf_counter() - begun

    tracemalloc.start()
    evaluate(many)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    begun = time.perf_counter()
    singly = [evaluate(with_values(case, lambda place, value, mine=mine: value * spread[place, mine])).score.total.value
              for mine in range(IN_THE_LOOP)]
    one_by_one = (time.perf_counter() - begun) / IN_THE_LOOP
    if not np.allclose(total[:IN_THE_LOOP], singly, rtol=1e-9, atol=0):
        raise SystemExit("arrays and loop give different scores")

    yield f"{MINES:,} mines as arrays", at_once, "s"
    yield "  peak memory", peak / 2**20, "MiB"
    yield "  per mine", at_once / MINES * 1e6, "µs"
    yield "row by row, per mine", one_by_one * 1e6, "µs"
    yield "row by row / arrays", one_by_one / (at_once / MINES), "times"
