"""Programs outside of Python that look at what is made here: a browser, an office, the tools of poppler."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest

REQUIRED = "MINECO_REQUIRE_PROGRAMS"  # 1: a missing one fails the test, instead of skipping it
CHROMIUM = "MINECO_CHROMIUM"  # another one than that on the path


def program(*names: str) -> str:
    """Where a program lies, by the first of its names that is found; without it the test is skipped, or fails."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        give_up(f"there is no {names[0]}")
    return found


def give_up(why: str) -> NoReturn:
    """Skip the test, or fail it where programs are required."""
    (pytest.fail if os.environ.get(REQUIRED) == "1" else pytest.skip)(why)
    raise AssertionError


def chinese_font() -> None:
    """Without a font of the system that has Chinese, by which a browser draws it, the test is skipped, or fails."""
    told = subprocess.run([program("fc-list"), ":lang=zh"], capture_output=True, text=True, check=True)
    if not told.stdout:
        give_up("there is no Chinese font")


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser without a window."""
    path = os.environ.get(CHROMIUM) or program("chromium", "chromium-browser", "google-chrome")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()
