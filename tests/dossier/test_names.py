"""Names are compared as a reader sees them."""

import pytest

from mineco.dossier.names import folded_name


@pytest.mark.parametrize("other", [
    "Expert A ", " expert a", "EXPERT A", "Ｅｘｐｅｒｔ Ａ", "Expert\u00a0A", "Exp\u200bert A", "Ехреrt А", "Expert Α",
    "Éxpert A", "expert-a"], ids=["blank", "blank before", "case", "width", "other blank", "no width", "Cyrillic",
                                  "Greek", "accent", "mark"])
def test_what_reads_the_same_is_one_name(other):
    assert folded_name(other) == folded_name("Expert A")


def test_what_reads_otherwise_stays_another_name():
    names = ["评价员甲", "评价员乙", "评价员 1", "评价员 2", "Expert A", "Expert B", "А. Петров", "А. Иванов"]
    assert len({folded_name(one) for one in names}) == len(names)
