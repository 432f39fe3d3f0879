"""Names are compared as a reader sees them."""

import pytest

from mineco.dossier.names import folded_name, ids_named
from mineco.standards.load import load_standard


@pytest.mark.parametrize("other", [
    "Expert A ", " expert a", "EXPERT A", "Ｅｘｐｅｒｔ Ａ", "Expert\u00a0A", "Exp\u200bert A", "Ехреrt А", "Expert Α",
    "Éxpert A", "expert-a"], ids=["blank", "blank before", "case", "width", "other blank", "no width", "Cyrillic",
                                  "Greek", "accent", "mark"])
def test_what_reads_the_same_is_one_name(other):
    assert folded_name(other) == folded_name("Expert A")


def test_what_reads_otherwise_stays_another_name():
    names = ["评价员甲", "评价员乙", "评价员 1", "评价员 2", "Expert A", "Expert B", "А. Петров", "А. Иванов"]
    assert len({folded_name(one) for one in names}) == len(names)


def test_a_source_that_was_renamed_is_still_known_by_its_former_names():
    sources = load_standard("carbon-neutral-mine-2025").sources
    for name in ("井工开采甲烷（实测）", "underground mining CH4 (measured)", "井工开采甲烷（按风排量与抽采量）"):
        assert ids_named(name, sources) == ["underground-methane"]


def test_no_name_of_a_source_says_how_good_the_figures_of_a_mine_are():
    # an import may write modelled figures there, whose kind tells that they are assumed
    for one in load_standard("carbon-neutral-mine-2025").sources.values():
        assert "实测" not in one.name_zh
        assert "measured" not in one.name_en
