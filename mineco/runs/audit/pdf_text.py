"""The text of a PDF that anybody may have made, read in a process of its own with bounded time and memory."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from mineco.core.errors import BadInput, Problem

SECONDS = 300
MEMORY = 4_000_000_000  # bytes, where the system can limit them


def pdf_text(path: Path) -> str | None:
    """What the pages of a PDF say, one after the other; None where it cannot be read as one.

    Raises
    ------
    BadInput
        Where pypdf is not installed, which the extra ``audit`` brings.
    """
    try:
        made = subprocess.run([sys.executable, "-P", "-m", __name__, str(path)], capture_output=True, timeout=SECONDS,
                              env=os.environ | {"PYTHONUTF8": "1", "PYTHONPATH": str(Path(__file__).parents[3])},
                              stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        return None
    if made.returncode == NOT_INSTALLED:
        raise BadInput(Problem("pdf_not_readable_here", file=path.name))
    return None if made.returncode else made.stdout.decode(errors="replace")


NOT_INSTALLED = 3


def _main(path: str) -> None:
    with suppress(ImportError):  # Windows has none
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        import pypdf
    except ImportError:
        sys.exit(NOT_INSTALLED)
    for page in pypdf.PdfReader(path).pages:
        sys.stdout.write(page.extract_text() + "\n")


if __name__ == "__main__":
    _main(sys.argv[1])
