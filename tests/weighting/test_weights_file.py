"""A file of weights is read back as it was written, and refused where somebody changed it."""

import copy
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from mineco.core import kit
from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.weighting.expert_weights import weigh, weights_document
from mineco.weighting.panels import read_panel
from mineco.weighting.weights_file import WeightsFile, read_weights, weights_text

STANDARD = "carbon-neutral-mine-2025"


@cache
def weights():
    return weights_document(weigh(read_panel(kit.parameters() / "panels" / "example-groups"), draws=100))


@cache
def text():
    return weights_text(weights())


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Callable[[dict[str, Any]], None]], Path]:
    """A function that writes the file with something changed."""
    def write(change: Callable[[dict[str, Any]], None]) -> Path:
        told = yaml.safe_load(text())
        change(told)
        (tmp_path / "weights.yaml").write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), "utf-8")
        return tmp_path / "weights.yaml"
    return write


def test_what_is_written_reads_back_bit_for_bit(changed):
    assert read_weights(changed(lambda told: None), STANDARD) == weights()


@example(experts=["08", "1e3", "09"], name="0x1f")  # plain, YAML 1.1 has texts there and YAML 1.2 numbers
@given(experts=st.lists(st.from_regex(r"[0-9A-Za-z-]{1,6}", fullmatch=True), min_size=1, max_size=3, unique=True),
       name=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=8))
def test_it_reads_back_whatever_experts_and_panel_are_called(experts, name):
    told = weights().model_dump(by_alias=True)
    first = told["levels"]["groups"]
    first["experts"] = dict.fromkeys(experts, next(iter(first["experts"].values())))
    told["panel"]["name"] = {"zh": name, "en": name}
    written = WeightsFile.model_validate(told)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "weights.yaml")
        path.write_text(weights_text(written), "utf-8-sig")
        assert read_weights(path, STANDARD) == written


def test_the_same_panel_gives_the_same_bytes_and_another_seed_others():
    panel = read_panel(kit.parameters() / "panels" / "example-groups")
    assert weights_text(weights_document(weigh(panel, draws=100))) == text()
    assert weights_text(weights_document(weigh(panel, draws=100, seed=1))) != text()


def test_chinese_stays_readable():
    assert "示例专家组" in text()


def test_weights_become_sourced_percentages_of_the_standard():
    factor = weights().factors()["E2"]
    assert factor.value == 100 * weights().levels["groups"].weights["E2"].weight
    assert (factor.unit, factor.status, factor.clause) == ("%", "assumed", "9.2")
    assert "example-groups" in factor.source


def level(told: dict[str, Any]) -> dict[str, Any]:
    return told["levels"]["groups"]


def set_weight(item: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda told: level(told)["weights"][item].update(weight=value)


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "a-weight-raised": (set_weight("E1", 0.9), "level_weights_do_not_sum"),
    "a-weight-of-nothing": (set_weight("E1", 0), "bad_value"),
    "a-negative-weight": (set_weight("E1", -0.1), "bad_value"),
    "a-weight-in-words": (set_weight("E1", "heavy"), "not_a_number"),
    "an-item-gone": (lambda told: level(told)["weights"].pop("O2"), "weight_missing"),
    "an-item-more": (lambda told: level(told)["weights"].update(E9={"weight": 0.1, "low": 0.1, "high": 0.1}),
                     "unknown_panel_item"),
    "an-unknown-level": (lambda told: told["levels"].update(E9=copy.deepcopy(level(told))), "unknown_level"),
    "no-levels": (lambda told: told.update(levels={}), "bad_value"),
    "another-standard": (lambda told: told.update(standard="elsewhere-2020"), "weights_of_other_standard"),
    "another-schema": (lambda told: told.update(schema="mineco-weights/9"), "not_in_list"),
    "no-panel": (lambda told: told.pop("panel"), "missing_key"),
    "an-unknown-key": (lambda told: told.update(author="somebody"), "unknown_key"),
    "an-invented-panel-made-real": (lambda told: told.update(status="derived"), "status_not_of_panel"),
    "low-above-high": (lambda told: level(told)["weights"]["E1"].update(low=0.5, high=0.2), "low_above_high"),
    "no-hash": (lambda told: told["panel"].update(sha256="abc"), "bad_id"),
    "consensus-beyond-one": (lambda told: level(told).update(consensus=1.5), "out_of_range"),
    "a-negative-ratio": (lambda told: level(told)["experts"]["A"].update(cr=-0.1), "out_of_range"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_was_changed_is_refused_in_words(name, changed):
    change, message = CHANGES[name]
    with pytest.raises(BadInput) as refused:
        read_weights(changed(change), STANDARD)
    found = refused.value.problems
    assert message in [one.message for one in found], [str(one) for one in found]
    for one in found:
        assert one.file == "weights.yaml"
        assert "{" not in problem_text(one, "zh") + problem_text(one, "en")


@pytest.mark.parametrize("text", ["", "- a\n", "a: &b 1\n", "schema: [\n"])
def test_what_is_no_mapping_is_refused(text, tmp_path):
    (tmp_path / "weights.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput):
        read_weights(tmp_path / "weights.yaml")


def test_weights_of_a_panel_with_items_of_its_own_are_for_no_standard(changed):
    with pytest.raises(BadInput) as refused:
        read_weights(changed(lambda told: told.update(standard="")))
    assert [one.message for one in refused.value.problems] == ["weights_of_other_standard"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_folder_of_a_panel_is_no_file_of_weights_and_the_command_that_writes_one_is_named(language):
    with pytest.raises(BadInput) as refused:
        read_weights(kit.parameters() / "panels" / "example-groups")
    (problem,) = refused.value.problems
    assert (problem.message, problem.file) == ("weights_are_a_folder", "example-groups")
    assert "mineco weights" in problem_text(problem, language)
