"""The rows of volume 1's score table: which of them rest on what this tool assumes."""

import re

import pytest

from mineco.evaluation.views.score_rows import MARK, score_rows
from tests.helpers import mines

pytestmark = pytest.mark.usefixtures("english")


def test_a_row_bears_the_mark_where_an_anchor_around_its_value_or_its_rubric_is_assumed():
    rows = score_rows(mines.evaluated("tiny-quarry")).text.splitlines()
    marked = {row.split()[0]: MARK in row.split("|")[0] for row in rows if re.match(r"[EMO]\d\.\d", row)}
    # indicators.yaml: the knots at both sides of these values were read or derived; all rubrics are assumed
    assert [name for name, mark in marked.items() if not mark] == ["E1.3", "E1.4", "M1.5", "O1.2", "O2.2"]
    assert len(marked) == 24
