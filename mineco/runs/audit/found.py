"""What a verification has found, and what it could not know."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mineco.core.errors import Problem
from mineco.core.formatting import DASH
from mineco.evaluation.record.compare import Difference, differences, scales
from mineco.runs.audit.documents import SAME_FOR_BYTES

QUANTITY = re.compile(r"quantities\[(\d+)\]")


@dataclass
class Verification:
    """What was found.

    ``problems`` are differences, ``obstacles`` what could not be verified, ``notices`` what a reader should know;
    ``compared``, ``files`` and ``reports`` count the numbers, files and, among these, reports that were held to what
    was made here. ``unknown`` holds, by file, the labels of what no verification can know.
    """

    root: str
    problems: list[Problem] = field(default_factory=list)
    obstacles: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
    compared: int = 0
    files: int = 0
    reports: int = 0
    largest: Difference | None = None

    @property
    def exit_status(self) -> int:
        """0 where all is as it should be, 1 where something differs, 2 where it could not be verified."""
        return 1 if self.problems else 2 if self.obstacles else 0

    def compare(self, name: str, ours: Mapping[str, Any], theirs: Mapping[str, Any], trace: Mapping[str, Any],
                note: Callable[[Problem], None] | None = None) -> None:
        """Compare one document; the scale of a number comes from the trace of the side that was not handed in."""
        for one in differences(ours, theirs, scales(trace)):
            if math.isfinite(one.size) and (self.largest is None or one.size > self.largest.size):
                self.largest = one
            if one.matters:
                (note or self.problems.append)(as_problem(name, one, _behind(theirs, one.path)))

    def compare_versions(self, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
        """Whether two runs were made on the same platform with the same versions; what is not the same is told."""
        other = [one for name in SAME_FOR_BYTES for one in differences(ours.get(name), theirs.get(name), path=name)]
        self.notices += [Problem("made_with_other", file="environment.json", row=one.path, value=one.ours,
                                 details={"other": one.theirs}) for one in other]
        return not other


def as_problem(name: str, one: Difference, column: str = "") -> Problem:
    """A difference between two documents of a name."""
    message = "result_differs" if math.isfinite(one.size) else "entry_differs"
    return Problem(message, file=name, row=one.path, column=column, value=one.ours,
                   details={"other": one.theirs, "size": f"{one.size:.2g}" if math.isfinite(one.size) else DASH})


def _behind(document: Mapping[str, Any], path: str) -> str:
    """What a quantity of a trace is: its name, and the row or the factor where it stands."""
    place = QUANTITY.match(path)
    if not place:
        return ""
    told = document["quantities"][int(place[1])] if int(place[1]) < len(document["quantities"]) else {}
    where = f"inputs/{told['file']}:{told['row']}" if "file" in told else told.get("factor", "")
    return f"{told.get('name', '')} {where}".strip()
