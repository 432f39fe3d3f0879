"""How long, and in how much memory, the worst malformed dossier of tests/helpers/badinputs is answered."""

import multiprocessing
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.runs.run import check_dossier
from tests.helpers.badinputs.cases import CASES
from tests.helpers.badinputs.edits import Bad

STANDARD = "carbon-neutral-mine-2025"


def answered(bad: Bad) -> tuple[float, float]:
    """Milliseconds and megabytes that the answer takes beyond what a good dossier does, in a process of its own."""
    import resource

    with tempfile.TemporaryDirectory() as name:
        dossier = Path(shutil.copytree(parameters() / "mines" / bad.base, Path(name) / "dossier"))
        bad.edit(dossier / bad.file)
        before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
        with suppress(BadInput):  # the answer that is measured
            check_dossier(dossier, STANDARD, {})
        took = time.perf_counter() - begun
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        return took * 1000, grown / (1024 if sys.platform != "darwin" else 1024**2)


def in_a_fork(bad: Bad) -> tuple[float, float]:
    """The same in a fork of this process, whose imports and tables are ready."""
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    child = fork.Process(target=_tell, args=(bad, theirs))
    child.start()
    found = ours.recv()
    child.join()
    return found


def _tell(bad: Bad, pipe: Connection) -> None:
    pipe.send(answered(bad))


def rows() -> Iterator[tuple[str, float, str]]:
    """What, value, unit."""
    check_dossier(parameters() / "mines" / "tiny-quarry", STANDARD, {})  # what is read once
    found = {bad.name: in_a_fork(bad) for bad in CASES}
    slowest, largest = (max(found, key=lambda name, place=place: found[name][place]) for place in (0, 1))
    yield f"malformed dossiers: median of {len(found)}", statistics.median(took for took, _ in found.values()), "ms"
    yield f"malformed dossiers: slowest ({slowest})", found[slowest][0], "ms"
    yield f"malformed dossiers: most memory ({largest})", found[largest][1], "MB"
