"""What a release hands out, in ``dist/VERSION``: wheel, source, digests, packages and their licences, wheelhouse, sums.

    python -m tests.release

Everything is made of the last commit, whatever else lies in the folder, and at its time: whoever makes it again has the
same bytes. Wheelhouse and licences are those of a system and a version of Python (docs/release.md).
"""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from packaging.utils import canonicalize_name

from mineco import __version__
from mineco.evaluation.record.kit_used import DIGESTS
from tests.digests import written
from tests.helpers.places import ROOT

SUMS = "SHA256SUMS"
HANDED_OUT = ("requirements.lock", "CHANGELOG.md", "NOTICE", f"parameters/{DIGESTS}")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)
ABSENT = "not installed here"


def git(*words: str) -> bytes:
    return subprocess.run(["git", "-C", str(ROOT), *words], check=True, capture_output=True).stdout


def build(folder: Path) -> None:
    """Wheel, source and what stands beside them, of the last commit, without the packages of the wheelhouse."""
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="mineco-release-") as name:
        with tarfile.open(fileobj=io.BytesIO(git("archive", "--format=tar", "HEAD"))) as committed:
            committed.extractall(name, filter="data")
        around = os.environ | {"SOURCE_DATE_EPOCH": git("log", "-1", "--format=%ct").decode().strip()}
        subprocess.run([sys.executable, "-m", "hatchling", "build", "--directory", str(folder.resolve())], cwd=name,
                       env=around, check=True, stdout=subprocess.DEVNULL)
        for file in HANDED_OUT:
            if (Path(name) / file).is_file():  # a version under way has no digests
                shutil.copyfile(Path(name) / file, folder / Path(file).name)
    with (folder / "packages.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("package", "version", "licence"), *packages()])


def packages(lock: str = "requirements.lock") -> Iterator[tuple[str, str, str]]:
    """Name, version and licence of each pinned package, the last as its own metadata tell where it is installed.

    That a package was withdrawn, or has a known vulnerability, is known to a registry alone; see docs/release.md.
    """
    for name, version in sorted(PINNED.findall((ROOT / lock).read_text("utf-8"))):
        yield canonicalize_name(name), version, licence(name)


def licence(name: str) -> str:
    """The licence of an installed package: its expression, else its classifiers, else the first line of its text.

    >>> licence("numpy").startswith("BSD-3-Clause")
    True
    >>> licence("no-such-package")
    'not installed here'
    """
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return ABSENT
    classified = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier", []) if one.startswith("License :: ")]
    first = next(iter((told.get("License") or "").strip().splitlines()), "")
    return told.get("License-Expression") or "; ".join(classified) or first or "not told"


def fetch_wheelhouse(folder: Path) -> None:
    """Every package of the lock for this system and Python version, each held to its hash."""
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
                    "--require-hashes", "--only-binary", ":all:", "--dest", str(folder),
                    "-r", str(ROOT / "requirements.lock")], check=True)


def write_sums(folder: Path) -> None:
    """The SHA-256 of every file, in the form that ``sha256sum --check`` reads."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    lines = [f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def why_not() -> str:
    """Why no release can be made now; blank where one can."""
    if ".dev" in __version__:
        return f"{__version__} is under way: set the version first (docs/release.md)"
    if git("status", "--porcelain"):
        return "something is not committed: a release is made of a commit"
    path = ROOT / "parameters" / DIGESTS
    if not path.is_file() or path.read_text("utf-8") != written():
        return f"parameters/{DIGESTS} is not of these parameters and templates: make digests, and commit"
    return ""


if __name__ == "__main__":
    if reason := why_not():
        sys.exit(reason)
    into = ROOT / "dist" / __version__
    if into.exists():
        sys.exit(f"{into} is there already: it is replaced by nothing")
    build(into)
    fetch_wheelhouse(into / "wheelhouse")
    write_sums(into)
    print(into)
