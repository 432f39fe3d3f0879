"""A run on the command line, and what it ends with."""

import json
import signal
import sys
from pathlib import Path
from typing import Any

import click

from mineco.cli.options import MAX_LINES, print_blocks, shortened, typed


def run_and_tell(dossier: Path, standard_id: str, out: Path, formats: tuple[str, ...], language: str,
                 **more: Any) -> Path:
    """Evaluate a dossier; on stderr notices, the result and what to look at first, on stdout folder and root hash.

    What is given besides goes to `mineco.runs.run.run` as it is.
    """
    # jsonschema imports this if JupyterLab has brought it; its grammar takes 0.7 s, and nothing here checks an IRI
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    # ended from outside, a run still stops its kernel and leaves no partial folder
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    from mineco.runs.order import is_preliminary, notebook_notices
    from mineco.runs.run import run as run_dossier

    made = run_dossier(dossier, standard_id, out, formats, language, progress=True, **more)
    from mineco.core.labels import label, problem_text, set_language
    from mineco.dossier.workbook.places import by_sheet
    from mineco.evaluation.display.ending import ending, ending_with_gaps
    from mineco.evaluation.record.results import notices_told
    from mineco.runs.manifest import root_hash

    set_language(language)
    results = json.loads((made / "results.json").read_text(encoding="utf-8"))
    notices = shortened(by_sheet(dossier, notices_told(results)), MAX_LINES, f"mineco check {typed(dossier)}")
    preliminary = is_preliminary(results)
    for problem in (*notebook_notices(standard_id, language, preliminary), *notices):
        click.echo(problem_text(problem, language), err=True)
    told = ending_with_gaps(recorded_gaps(made)) if preliminary else ending(results)
    click.echo("\n".join(["", *told, ""]), err=True)
    click.echo(made)
    click.echo(f"{label('root_hash', language)}: sha256:{root_hash(made)}")
    return made


def tell_gaps(found: Any, language: str) -> None:
    """What can be said of a dossier with gaps, and the gaps by the points that they are worth."""
    from mineco.core.labels import set_language
    from mineco.evaluation.carbon_neutral_mine.views.preliminary import gaps_table
    from mineco.evaluation.display.ending import ending_with_gaps

    set_language(language)
    click.echo("\n".join([*ending_with_gaps(found), ""]))
    print_blocks([gaps_table(found)])


def recorded_gaps(made: Path) -> Any:
    """What a preliminary run has found, made again of what it keeps, since results.json has no names."""
    from mineco.evaluation.registry import check_gaps
    from mineco.runs.archive import NOT_OPTIONS

    given = json.loads((made / "parameters.json").read_text(encoding="utf-8"))
    weights = made / given["weights"] if "weights" in given else None
    options = {name: value for name, value in given.items() if name not in NOT_OPTIONS}
    return check_gaps(made / "inputs", given["standard"], weights, **options)
