"""A folder to work in with JupyterLab: copies of the notebooks of one language and of the examples, and the class data,
so that those of the installation stay as they are."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from mineco.core.errors import BadInput, Problem, file_trouble
from mineco.core.kit import kit, notebooks, parameters
from mineco.runs.course.class_data import CLASS, COURSE, write_class

START = "00-start-here.ipynb"
COPIED = {"mines": "examples", "panels": "panels", "portfolios": "portfolios",
          "years": "years"}  # of parameters/, and their copies
OWN = ("notebooks", "parameters", "templates")  # folders of the installation, in which nobody works
SETTINGS = ".lab"  # of the Lab in this folder
QUIET = {"apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False}}  # offline
OF_LANGUAGE = {"zh": {"translation-extension/plugin": {"locale": "zh_CN"}}, "en": {}}  # of the menus


def lay_out(folder: Path, language: str) -> list[Path]:
    """Copy into a folder what it does not hold yet; whatever is there stays as it is.

    Parameters
    ----------
    folder : Path             Made where it is not there.
    language : {"zh", "en"}   Of the notebooks.

    Returns
    -------
    list of Path              What was written, within the folder.

    Raises
    ------
    BadInput
        When the folder is none, is one of the installation's own, has notebooks of the other language, or cannot be
        written.
    """
    if folder.exists() and not folder.is_dir():
        raise BadInput(Problem("not_a_folder", file=str(folder)))
    if folder.resolve() == kit() or any(folder.resolve().is_relative_to(kit() / name) for name in OWN):
        raise BadInput(Problem("folder_of_the_kit", file=str(folder)))
    begun = folder / SETTINGS / "language"
    if begun.is_file() and begun.read_text("utf-8") != language:
        raise BadInput(Problem("lab_in_other_language", file=str(folder), details={"language": language}))
    try:
        return [path.relative_to(folder) for path in _written(folder, language)]
    except OSError as error:
        raise BadInput(file_trouble(error, folder)) from error


def _written(folder: Path, language: str) -> Iterator[Path]:
    (folder / SETTINGS).mkdir(parents=True, exist_ok=True)
    (folder / SETTINGS / "language").write_text(language, "utf-8")
    for source in sorted((notebooks() / language).rglob("*.ipynb")):
        place = source.relative_to(notebooks() / language)
        target = folder / place
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            text = _with_own_examples(source.read_text("utf-8"), "../" * (len(place.parts) - 1))
            target.write_text(text, "utf-8", newline="\n")
            yield target
    if not (target := folder / COURSE / CLASS).exists():
        write_class(target)
        yield target
    for name, copied in COPIED.items():
        for source in sorted((parameters() / name).iterdir()):
            target = folder / copied / source.name
            if source.is_dir() and not target.exists():
                shutil.copytree(source, target)
                yield target
    for name, chosen in (QUIET | OF_LANGUAGE[language]).items():
        target = folder / SETTINGS / "@jupyterlab" / f"{name}.jupyterlab-settings"
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(chosen), "utf-8")


def _with_own_examples(text: str, up: str) -> str:
    """A notebook whose folders are those of the copy; ``up`` leads from it to the top of that."""
    for name, copied in COPIED.items():
        text = text.replace(f"{up}../../parameters/{name}/", f"{up}{copied}/")
    return text


def lab_command(folder: Path, arguments: Sequence[str] = ()) -> list[str]:
    """The command that opens JupyterLab in a folder, at the page to start from.

    Raises
    ------
    BadInput
        When JupyterLab is not installed.

    >>> lab_command(Path("work"), ["--no-browser"])[1:4]
    ['-m', 'jupyterlab', '--no-browser']
    """
    if find_spec("jupyterlab") is None:
        raise BadInput(Problem("lab_not_installed"))
    own = (folder / SETTINGS).resolve()  # neither settings nor open tabs of other folders
    return [sys.executable, "-m", "jupyterlab", *arguments, f"--ServerApp.root_dir={folder.resolve()}",
            f"--LabApp.default_url=/lab/tree/{START}", f"--LabApp.user_settings_dir={own}",
            f"--LabApp.workspaces_dir={own / 'workspaces'}"]


def open_lab(folder: Path, arguments: Sequence[str] = ()) -> int:
    """Open JupyterLab in a folder until it is closed; what it left with."""
    return subprocess.run(lab_command(folder, arguments), check=False).returncode
