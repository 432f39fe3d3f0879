"""Examples in docstrings speak English, and each test begins in Chinese, the language of record."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def language_of_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """The language of what is shown, until the test sets another one."""
    from mineco.core.labels import set_language

    set_language("en" if isinstance(request.node, pytest.DoctestItem) else "zh")
    yield
    set_language("zh")


@pytest.fixture
def english(language_of_test: None) -> None:
    """The test speaks English from its beginning."""
    from mineco.core.labels import set_language

    set_language("en")
