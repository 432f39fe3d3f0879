"""What things are called in both languages, and what mineco says when something is wrong."""

from typing import Any

from docutils import nodes

from mineco.core import kit
from mineco.core.yaml_reading import read_yaml
from mineco_site.make import code, table
from mineco_site.texts import headings

SHORT = 60  # characters of Chinese: what is longer is a sentence, and no term


def glossary(language: str) -> list[nodes.Node]:
    """Terms in Chinese and in English: the labels of reports that are no sentences."""
    labels = read_yaml(kit.parameters() / "labels.yaml")
    pairs = {(entry["zh"], entry["en"]): name for name, entry in labels.items()
             if "{" not in entry["zh"] and len(entry["zh"]) < SHORT and not entry["zh"].endswith(("。", "；"))
             and entry["zh"] != entry["en"]}
    order = sorted(pairs, key=lambda pair: pair[1].casefold()) if language == "en" else list(pairs)
    first = ("english", "chinese") if language == "en" else ("chinese", "english")
    rows = [[*(pair if language == "zh" else pair[::-1]), code(pairs[pair])] for pair in order]
    return [table(headings(language, *first, "id"), rows, kind="filtered")]


def messages(language: str) -> list[nodes.Node]:
    """Every problem that mineco tells of: what is wrong, and what to do."""
    told: dict[str, Any] = read_yaml(kit.messages())
    rows = [[one["wrong"][language], one["remedy"][language], code(name)]
            for name, one in told.items() if "wrong" in one]
    return [table(headings(language, "wrong", "remedy", "id"), rows, kind="filtered")]
