"""A batch that a notebook is run on: of all its records the summary is kept, which has a row for each mine and year.

The holdings of a group that lie beside it are kept too."""

import shutil
from pathlib import Path

from mineco.core.errors import Problem

SUMMARY = "summary.parquet"
KEPT = (SUMMARY, "group.csv")  # files of a batch that a run copies, the second where there is one
COLUMNS = {"mine", "status"}  # that every summary has


def refuse_batch(folder: Path) -> list[Problem]:
    """That a folder is none of a batch that has been finished."""
    return [] if (folder / SUMMARY).is_file() else [
        Problem("not_a_batch", file=str(folder), details={"missing": SUMMARY})]


def copy_batch(folder: Path, inputs: Path) -> None:
    """Copy what is kept of a batch: the summary, and the holdings of a group that lie beside it."""
    inputs.mkdir()
    for name in [one for one in KEPT if one == SUMMARY or (folder / one).is_file()]:
        shutil.copyfile(folder / name, inputs / name, follow_symlinks=False)


def batch_problems(folder: Path) -> list[Problem]:
    """That a summary cannot be read, lacks what every summary has, or has no row."""
    import pyarrow
    from pyarrow import parquet

    path = folder / SUMMARY
    try:
        if path.is_symlink():
            raise OSError("a link")
        about = parquet.read_metadata(path)
        missing = COLUMNS - set(about.schema.names)
    except (OSError, pyarrow.ArrowException) as error:
        return [Problem("summary_not_readable", file=SUMMARY, details={"reason": str(error)})]
    if missing:
        return [Problem("summary_not_readable", file=SUMMARY, details={"reason": f"− {', '.join(sorted(missing))}"})]
    return [] if about.num_rows else [Problem("summary_empty", file=SUMMARY)]

