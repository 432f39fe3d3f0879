"""The what-if page of a mine opened by Voilà, from a copy of the notebook that names the mine."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from mineco.core.errors import BadInput, Problem
from mineco.core.kit import notebooks, templates
from mineco.core.labels import label
from mineco.evaluation.registry import STANDARD, check
from mineco.runs.notebook.execute import give
from mineco.runs.notebook.files import in_file, in_memory
from mineco.standards.load import standard_ids

NOTEBOOK = "what-if.ipynb"
TEMPLATE = "mineco"  # of Voilà, below templates/app/voila/templates: nothing of it comes from another host


def require_mine(dossier: Path) -> None:
    """Stop with every problem for which a mine has no page; one of another standard is told first.

    Raises
    ------
    BadInput
        As `mineco.check`.

    >>> require_mine(Path("parameters/mines/tiny-quarry"))
    """
    try:
        check(dossier, STANDARD)
    except BadInput as error:
        told = (Problem("app_of_another_standard", str(dossier), details={"standard": one})
                for one in standard_ids() if one != STANDARD and _is_whole(dossier, one))
        raise BadInput([*told, *error.problems]) from None


def _is_whole(dossier: Path, standard: str) -> bool:
    with suppress(BadInput):
        check(dossier, standard)
        return True
    return False


def write_notebook(folder: Path, dossier: Path | None, language: str) -> Path:
    """A copy of the notebook that names a mine; without one, that of the notebook itself.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     "injected-parameters" in write_notebook(Path(folder), Path("parameters"), "en").read_text("utf-8")
    True
    """
    notebook = in_memory(json.loads((notebooks() / language / NOTEBOOK).read_text("utf-8")))
    give(notebook, {} if dossier is None else {"dossier": str(dossier.resolve())})
    notebook["metadata"]["title"] = label("app_title", language)
    target = folder / NOTEBOOK
    target.write_text(in_file(notebook), "utf-8", newline="\n")
    return target


def app_command(notebook: Path, language: str, arguments: Sequence[str] = ()) -> list[str]:
    """The command by which Voilà shows a notebook, on this machine alone and behind a token.

    Raises
    ------
    BadInput
        When Voilà is not installed.

    >>> app_command(Path("what-if.ipynb"), "en", ["--no-browser"])[1:4]
    ['-m', 'voila', 'what-if.ipynb']
    """
    if find_spec("voila") is None:
        raise BadInput(Problem("app_not_installed"))
    told = {"loading": label("app_loading", language)}
    return [sys.executable, "-m", "voila", str(notebook), f"--template={TEMPLATE}", "--token",
            f"--VoilaExporter.language_code={language}",
            f"--VoilaConfiguration.resources={json.dumps(told)}", *arguments]


def open_app(dossier: Path | None, language: str, arguments: Sequence[str] = ()) -> int:
    """Show the page until it is closed; what Voilà left with."""
    with tempfile.TemporaryDirectory() as folder:
        command = app_command(write_notebook(Path(folder), dossier, language), language, arguments)
        found = os.pathsep.join(filter(None, [str(templates() / "app"), os.environ.get("JUPYTER_PATH")]))
        return subprocess.run(command, check=False, env=os.environ | {"JUPYTER_PATH": found}).returncode
