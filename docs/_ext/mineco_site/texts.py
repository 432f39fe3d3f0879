"""The words of the site itself, by id, in the language of the page."""

import functools
from pathlib import Path
from typing import Any

from mineco.core.yaml_reading import read_yaml


@functools.cache
def texts() -> dict[str, Any]:
    """All of ``texts.yaml``: texts by id, and lists of texts by theirs."""
    return read_yaml(Path(__file__).with_name("texts.yaml"))


def text(language: str, name: str, within: str = "") -> str:
    """One text, of a list where one is named.

    >>> text("en", "clause"), text("zh", "options", "kinds")
    ('clause', '选项')
    """
    return (texts()[within] if within else texts())[name][language]


def headings(language: str, *names: str) -> list[str]:
    """The headings of a table."""
    return [text(language, name) for name in names]
