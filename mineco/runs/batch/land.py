"""Who does the windows of a map for a notebook, looked at before anything is sent."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mineco.core.workers import ADDRESS, ClusterWorkers, Workers, open_workers
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.evaluate import THREADS
from mineco.evaluation.restoration_area.land import raster_files
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
