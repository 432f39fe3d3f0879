"""The measurements call what the package has: also where a name stands in a text that another process runs."""

import ast
import importlib
import importlib.util
import re

import pytest

from benchmarks import archive
from tests.helpers.places import ROOT

SOURCES = sorted((ROOT / "benchmarks").glob("*.py"))


def programs(source: str) -> list[ast.Module]:
    """The file itself, and every text in it that imports something of the package."""
    tree = ast.parse(source)
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [tree, *(ast.parse(re.sub(r"\{\w+!r\}", "''", text)) for text in texts if "\nfrom mineco" in text)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_name_that_a_measurement_imports_is_there(path):
    for program in programs(path.read_text("utf-8")):
        for node in ast.walk(program):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("mineco"):
                module = importlib.import_module(node.module)
                assert [one.name for one in node.names if not hasattr(module, one.name)
                        and importlib.util.find_spec(f"{node.module}.{one.name}") is None] == []


def test_every_part_of_a_run_that_is_timed_is_one():
    assert [call for module, call in archive.PARTS.values() if not callable(getattr(module, call, None))] == []
