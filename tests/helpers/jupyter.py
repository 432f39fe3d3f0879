"""A running JupyterLab, and the stock commands of Jupyter, with the package of this tree."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mineco.runs.blanks.lab import lab_command
from tests.helpers.places import ROOT

TOKEN = "tests"
SECONDS = 90
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}


class Lab:
    """A running JupyterLab in a folder."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.address = folder, f"http://127.0.0.1:{port}"

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and content of what the server gives at a path."""
        try:
            with urllib.request.urlopen(f"{self.address}/{path}{'&' if '?' in path else '?'}token={TOKEN}",
                                        timeout=SECONDS) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def kernel(self, name: str) -> str:
        """What the kernel of a notebook does, such as idle; nothing where there is none yet."""
        told = {one["path"]: one["kernel"]["execution_state"] for one in json.loads(self.get("api/sessions")[1])}
        return told.get(name, "")

    def open(self, browser: Any, name: str, heard: list[str]) -> Any:
        """The page of a notebook, without those opened before; what the browser complains of is added to a list."""
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.goto(f"{self.address}/lab/tree/{name}?reset&token={TOKEN}", timeout=SECONDS * 1000)
        page.wait_for_selector(".jp-Notebook:visible", timeout=SECONDS * 1000)
        return page


@contextmanager
def lab_in(folder: Path) -> Iterator[Lab]:
    """A JupyterLab in a folder that was laid out; without it the test is skipped."""
    pytest.importorskip("jupyterlab", reason="needs the extra lab")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = lab_command(folder, ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0",
                                   f"--IdentityProvider.token={TOKEN}"])
    server = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        running, end = Lab(folder, port), time.monotonic() + SECONDS
        while time.monotonic() < end:
            try:
                running.get("api")
                break
            except OSError:
                time.sleep(0.3)
        yield running
    finally:
        server.terminate()
        server.wait(SECONDS)


def stock(folder: Path, *words: str | Path) -> None:
    """A stock command, run in a folder."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run([sys.executable, "-m", *map(str, words)], cwd=folder, env=ENVIRONMENT, capture_output=True,
                          encoding="utf-8", timeout=300, check=False)
    assert done.returncode == 0, done.stderr
