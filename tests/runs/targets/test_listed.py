"""Copies of several targets lie in folders of different names on every system."""

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from mineco.runs.targets.listed import INPUTS, TARGET, names_of

FOLDERS = st.text(st.sampled_from("aAbé矿 .-_;@#%/2"), min_size=1, max_size=6).map(lambda name: name.replace("/", "∕"))


@example(["Pit", "pit", "pit-2"])
@given(st.lists(FOLDERS, min_size=1, max_size=6))
def test_no_two_targets_share_a_folder_even_where_case_does_not_count(names):
    found = names_of([Path(f"/{number}/{name}") for number, name in enumerate(names)])
    assert len({name.casefold() for name in found}) == len(names)
    assert all(TARGET.fullmatch(f"{INPUTS}/{name}") for name in found)
