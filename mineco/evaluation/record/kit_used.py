"""The parameters and templates that were used, held to those that belong to this version of the package.

What belongs to a release stands in ``parameters/digests.json``, which is written with it. In a checkout it is what the
last commit holds; where there is neither, what is installed.
"""

import functools
import hashlib
import io
import json
import os
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mineco import __version__
from mineco.core.kit import ARCHIVED_PARAMETERS, ARCHIVED_TEMPLATES, kit, kit_files
from mineco.core.reading.files import read_bytes

DIGESTS = "digests.json"
GIT_SECONDS = 60
LARGEST = 100_000_000  # bytes of a file of the kit


def digest(content: bytes) -> str:
    """SHA-256 of a file of the kit, whatever ends its lines.

    >>> digest(b"a\\r\\n") == digest(b"a\\n")
    True
    """
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def digests_of(files: Mapping[str, Path]) -> dict[str, str]:
    """The digest of each file, by its name."""
    return {name: digest(read_bytes(path, LARGEST)) for name, path in sorted(files.items())}


def changed_files(used: Mapping[str, str]) -> list[str]:
    """The names of files that are not as they belong to this version, lack, or are none of its.

    >>> used = digests_of(kit_files())
    >>> changed_files(used | {"parameters/units.txt": "0"}) == sorted({*changed_files(used), "parameters/units.txt"})
    True
    """
    own, _ = of_this_version()
    return sorted(name for name in own.keys() | used.keys() if own.get(name) != used.get(name))


@functools.cache
def kit_used() -> dict[str, Any]:
    """What results.json says of the kit: ``state`` (released, unreleased or changed), and the files that differ.

    >>> kit_used()["state"] in ("released", "unreleased", "changed")
    True
    """
    files = changed_files(digests_of(kit_files()))
    return {"state": "changed" if files else "released" if of_this_version()[1] else "unreleased", "files": files}


@functools.cache
def of_this_version() -> tuple[dict[str, str], bool]:
    """The digests of the kit that belongs to this version, and whether a release says so."""
    path = kit() / "parameters" / DIGESTS
    told = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if told.get("version") == __version__:
        return told["files"], True
    return _committed() or digests_of(kit_files(kit() / "parameters")), False


def _committed() -> dict[str, str]:
    """The digests of what the last commit of a checkout holds; none where there is no commit or no git."""
    root = kit()
    if not (root / ".git").exists():
        return {}
    names = [*(f"parameters/{name}" for name in ARCHIVED_PARAMETERS),
             *(f"templates/{name}" for name in ARCHIVED_TEMPLATES)]
    around = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        made = subprocess.run(["git", "-C", str(root), "archive", "--format=tar", "HEAD", "--", *names], env=around,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=GIT_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return {}
    found = {}
    with tarfile.open(fileobj=io.BytesIO(made.stdout)) as kept:
        for one in kept:
            content = kept.extractfile(one) if one.isfile() else None
            if content and not one.name.endswith(".py"):
                found[one.name] = digest(content.read())
    return found
