"""Restoration areas on whoever does the work: looked at before anything is sent, and the same wherever it is done."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mineco.core.workers import ADDRESS, ClusterWorkers, Workers, open_workers
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.evaluate import THREADS, Evaluation, evaluate
from mineco.evaluation.restoration_area.land import raster_files
from mineco.evaluation.restoration_area.zones import MEMORY
from mineco.geo.windows import ThreadWorkers
from mineco.runs.batch.work import worker_signature


@contextmanager
def notebook_workers(case: Case) -> Iterator[Workers]:
    """Whoever is there for a notebook: the cluster of DASK_SCHEDULER_ADDRESS, else threads of this process.

    The workers write their tiles where temporary files go. In a run that is a folder beside its results; elsewhere
    TMPDIR names one that the whole cluster sees.

    Raises
    ------
    BadInput
        With every worker that is of another make or does not see the files, before anything is sent.
    """
    made = open_workers(None, None) if os.environ.get(ADDRESS) else ThreadWorkers(THREADS)
    try:
        if isinstance(made, ClusterWorkers):
            made.require(worker_signature, raster_files(case.dossier.folder), Path(tempfile.gettempdir()))
        yield made
    finally:
        made.close()


def evaluate_on(case: Case, count: int | None, address: str | None, folder: Path, memory: int = MEMORY) -> Evaluation:
    """The evaluation on so many processes of this machine, or on the cluster at an address.

    Parameters
    ----------
    case : Case
    count : int, optional
        Of processes; else one for each processor.
    address : str, optional
        Of a Dask scheduler; else that of DASK_SCHEDULER_ADDRESS, where no processes are asked for.
    folder : Path
        Where the workers write tiles; a cluster sees it, and the dossier, under the same path.
    memory : int
        Of a worker for one window. [bytes]

    Raises
    ------
    BadInput
        With every worker that is of another make or does not see the files, before anything is sent.
    """
    made = open_workers(count, address)
    try:
        return evaluate_with(case, made, folder, memory)
    finally:
        made.close()


def evaluate_with(case: Case, made: Workers, folder: Path, memory: int = MEMORY) -> Evaluation:
    """The same on workers that are there already."""
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(made, ClusterWorkers):
        made.require(worker_signature, raster_files(case.dossier.folder), folder)
    return evaluate(case, made, folder.resolve(), memory)
