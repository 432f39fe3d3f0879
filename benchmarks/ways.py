"""The cheapest way up: every set of seventeen measures by arrays, beside one set written into files and evaluated."""

from collections.abc import Iterator
from typing import Any

import mineco as mc
from benchmarks.ahp import fastest

COUNT = 17
QUARRY = "parameters/mines/tiny-quarry"


def rows() -> Iterator[tuple[str, float, str]]:
    """What, value, unit; stops when a way does not give in files what it says. Ratios are from this one run."""
    evaluation, measures = mc.evaluate(QUARRY), {f"own-{number}": saving(number) for number in range(COUNT)}
    costs = {f"own-{number}": 20.0 + 7 * number % 31 for number in range(COUNT)}
    found = mc.path(evaluation, measures={"measures": measures}, costs=costs)
    took = fastest(lambda: mc.path(evaluation, measures={"measures": measures}, costs=costs), 3)
    changes = found.routes[0].changes
    alone = fastest(lambda: mc.evaluate(mc.what_if(evaluation.case, **changes)), 3)
    after = mc.evaluate(mc.what_if(evaluation.case, **changes))
    if abs(float(after.score.total) - found.routes[0].outcome.score) > 1e-9:
        raise AssertionError("a way does not give what it says")
    yield f"the cheapest of {found.tried:,} sets of {COUNT} measures", took, "s"
    yield "  one set written into files and evaluated", alone, "s"
    yield "  as many of them, over all sets by arrays", found.tried * alone / took, ""


def saving(number: int) -> dict[str, Any]:
    """A measure that saves some power or some diesel."""
    path = "activity.electricity..purchased" if number % 2 else "activity.mobile-combustion.diesel.quantity"
    text = {"zh": f"措施 {number}", "en": f"measure {number}"}
    return {"name": text, "group": "management", "order": 2, "applies_to": ["all"], "evidence": text,
            "acts": [{"amount": {"of": [path]}, "changes": [{"path": path, "per": -1}]}],
            "share": {"value": 0.01 + 0.001 * number, "from": 0.01, "to": 0.1, "status": "assumed"}, "lead_years": 1}
