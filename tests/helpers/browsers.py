"""A browser for tests that look at a page."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

CHROMIUM = os.environ.get("MINECO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser; without one the test is skipped, or fails where one is required."""
    if CHROMIUM is None:
        if os.environ.get("MINECO_REQUIRE_BROWSER") == "1":
            pytest.fail("MINECO_REQUIRE_BROWSER is 1 and there is no chromium")
        pytest.skip("no chromium; MINECO_CHROMIUM names one")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()
