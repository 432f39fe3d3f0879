"""YAML says what it seems to say, or is refused."""

from pathlib import Path

import pytest

from mineco.core.errors import BadInput
from mineco.core.yaml_reading import read_yaml, read_yaml_lines


def messages(action, *arguments) -> list[str]:
    with pytest.raises(BadInput) as refused:
        action(*arguments)
    return [problem.message for problem in refused.value.problems]


def written(folder: Path, content: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def yaml(folder: Path, content: str):
    return read_yaml(written(folder, content, "mine.yaml"))


@pytest.mark.parametrize(("content", "expected"), [
    ("a: &x 1\nb: 2\n", "yaml_anchor"),
    ("a: &x [1]\nb: *x\n", "yaml_anchor"),
    ("a: !!binary aGVsbG8=\n", "yaml_tag"),
    ("a: !!set {x}\n", "yaml_tag"),
    ("a: !!python/object/apply:os.system [ls]\n", "yaml_tag"),
    ("a: 1\na: 2\n", "duplicate_key"),
    ("a: {b: 1, b: 1}\n", "duplicate_key"),
    ("1: 2\n", "key_not_text"),
    ("true: 2\n", "key_not_text"),
    ("[a]: 2\n", "key_not_text"),
    ("a: 1\n---\na: 2\n", "several_documents"),
    ("- 1\n", "not_a_mapping"),
    ("", "not_a_mapping"),
    ("a: [1\n", "not_yaml"),
    ("a: 1\n b: 2\n", "not_yaml"),
    ("a: 010\n", "unquoted_number"),
    ("a: .inf\n", "unquoted_number"),
    ("a: .nan\n", "unquoted_number"),
    ("a: 0x1F\n", "unquoted_number"),
    ("a: " + "[" * 30 + "]" * 30 + "\n", "yaml_too_deep"),
])
def test_yaml_that_hides_something_is_refused(tmp_path, content, expected):
    assert expected in messages(yaml, tmp_path, content)


def test_a_yaml_bomb_is_refused_in_no_time(tmp_path):
    levels = "\n".join(f"{chr(97 + n)}: &{chr(97 + n)} [{', '.join(['*' + chr(96 + n)] * 9)}]" for n in range(1, 10))
    assert set(messages(yaml, tmp_path, f"a: &a [x]\n{levels}\n")) == {"yaml_anchor"}


def test_plain_words_of_old_yaml_stay_text(tmp_path):
    assert yaml(tmp_path, "a: NO\nb: 12:30:45\nc: 2024-01-01\nd: on\ne: '5.10'\nf: 1_000\n") == {
        "a": "NO", "b": "12:30:45", "c": "2024-01-01", "d": "on", "e": "5.10", "f": "1_000"}


def test_numbers_and_truth_of_yaml_1_2_are_read(tmp_path):
    assert yaml(tmp_path, "a: 8\nb: 1.5e6\nc: true\nd:\ne: -0.5\n") == {
        "a": 8, "b": 1500000.0, "c": True, "d": None, "e": -0.5}


def test_every_value_of_a_yaml_file_knows_its_line(tmp_path):
    _, lines = read_yaml_lines(written(tmp_path, "a: 1\nb:\n  c:\n    - x\n    - y\n", "mine.yaml"))
    assert (lines["a",], lines["b", "c"], lines["b", "c", 1]) == (1, 4, 5)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=1+1", "$x_1$", "{value}", "%s", "'; DROP TABLE", "NA"])
def test_a_hostile_name_is_plain_text(tmp_path, name):
    quoted = name.replace("'", "''")
    assert yaml(tmp_path, f"name: '{quoted}'\n") == {"name": name}
