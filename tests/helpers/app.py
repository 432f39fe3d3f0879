"""The what-if page of a mine, shown by Voilà as ``mineco app`` opens it."""

import importlib.util
import os
import signal
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

from tests.helpers.jupyter import ENVIRONMENT
from tests.helpers.programs import give_up

SECONDS = 120
TOKEN = "tests"
# A key at a slider, and the milliseconds until its result is painted.
MOVED = """([place, key]) => new Promise(done => {
  const handle = document.querySelectorAll(".noUi-handle")[place], begun = performance.now();
  new MutationObserver((_, seen) => {
    seen.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));
  }).observe(document.querySelector(".mineco-sticky"), {childList: true, subtree: true});
  handle.focus();
  handle.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
})"""


@contextmanager
def app_of(mine: Path, language: str) -> Iterator[str]:
    """The address of the page, once the server answers; without Voilà the test is skipped, or fails."""
    if importlib.util.find_spec("voila") is None:
        give_up("needs the extra app")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mineco", "app", str(mine), "--lang", language, "--", "--no-browser",
               f"--port={port}", f"--Voila.token={TOKEN}"]
    server = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              start_new_session=True)
    address, end = f"http://localhost:{port}", time.monotonic() + SECONDS
    try:
        while time.monotonic() < end and server.poll() is None:
            try:
                urllib.request.urlopen(f"{address}/voila/static/voila.js", timeout=5).close()
                break
            except urllib.error.URLError:
                time.sleep(0.3)
        yield f"{address}/?token={TOKEN}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # Voilà and its kernel too
        server.wait(SECONDS)


def opened(browser: Any, address: str, width: int, heard: list[str], asked: list[str]) -> Any:
    """The page, laid out; what the browser complains of and which addresses it asks for are added to the lists."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, timeout=SECONDS * 1000)
    page.wait_for_selector(".mineco-table", timeout=SECONDS * 1000)
    page.wait_for_selector(".noUi-handle[aria-label]", timeout=SECONDS * 1000)
    return page
