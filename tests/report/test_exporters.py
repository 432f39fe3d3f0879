"""The exporters in JupyterLab: over HTTP, by a click, and what they refuse."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest

from mineco.runs.blanks.lab import lab_command, lay_out
from tests.helpers import browsers
from tests.helpers.places import ROOT

TOKEN = "tests"
SECONDS = 90

pytestmark = pytest.mark.slow


class Lab:
    """A running JupyterLab in a working copy with one executed notebook beside."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.address = folder, f"http://127.0.0.1:{port}"

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"{self.address}/{path}{'&' if '?' in path else '?'}token={TOKEN}",
                                        timeout=SECONDS) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, quarry_runs: tuple[Path, Path]) -> Iterator[Lab]:
    pytest.importorskip("jupyterlab", reason="needs the extra lab")
    folder = tmp_path_factory.mktemp("lab") / "work"
    lay_out(folder, "en")
    shutil.copy(quarry_runs[0] / "notebook.ipynb", folder / "executed.ipynb")
    partly = json.loads((folder / "executed.ipynb").read_text("utf-8"))
    next(cell for cell in reversed(partly["cells"]) if cell["cell_type"] == "code")["execution_count"] = None
    (folder / "partly.ipynb").write_text(json.dumps(partly), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = lab_command(folder, ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0",
                                   f"--IdentityProvider.token={TOKEN}"])
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    server = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
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


def test_each_format_of_an_executed_notebook_comes_over_http(lab):
    status, page = lab.get("nbconvert/mineco_html/executed.ipynb?download=true")
    assert status == 200
    assert b"default-src 'none'" in page
    status, pdf = lab.get("nbconvert/mineco_pdf/executed.ipynb?download=true")
    assert status == 200
    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) > 10
    status, text = lab.get("nbconvert/mineco_docx/executed.ipynb?download=true")
    assert status == 200
    assert zipfile.is_zipfile(BytesIO(text))


@pytest.mark.parametrize(("name", "said"), [
    ("carbon-neutral-mine.ipynb", r"of \d+ cells only 0 have run"),
    ("partly.ipynb", r"of \d+ cells only \d+ have run. Run it again from top to bottom")])
def test_a_notebook_that_did_not_run_whole_is_refused_in_a_sentence(lab, name, said):
    for form in ("html", "pdf", "docx"):
        status, page = lab.get(f"nbconvert/mineco_{form}/{name}?download=true")
        assert status == 500
        assert re.search(said, page.decode("utf-8"))


def test_the_menu_of_the_lab_exports_by_a_click_without_a_complaint(lab):
    heard: list[str] = []
    with browsers.chromium() as browser:
        page: Any = browser.new_page(viewport={"width": 1400, "height": 900})
        page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.goto(f"{lab.address}/lab/tree/executed.ipynb?token={TOKEN}", timeout=SECONDS * 1000)
        page.wait_for_selector(".jp-Notebook", timeout=SECONDS * 1000)
        item, end = page.locator(".lm-Menu-itemLabel", has_text="Mineco_html"), time.monotonic() + SECONDS
        while not item.is_visible() and time.monotonic() < end:  # the Lab asks for the formats when it has begun
            page.keyboard.press("Escape")
            page.locator(".lm-MenuBar-itemLabel", has_text="File").click()
            page.locator(".lm-Menu-itemLabel", has_text="Save and Export Notebook As").hover()
            page.wait_for_timeout(1000)
        loaded: list[Any] = []
        page.on("download", lambda one: loaded.append(one))
        item.click()
        while not loaded and time.monotonic() < end:
            page.wait_for_timeout(200)
        assert [one.suggested_filename for one in loaded] == ["executed.html"]
        assert b"default-src 'none'" in Path(loaded[0].path()).read_bytes()
    assert heard == []
