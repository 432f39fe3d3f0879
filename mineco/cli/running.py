"""A run on the command line, and what it ends with."""

import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from mineco.cli.options import MAX_LINES, print_blocks, shortened, typed


class NotebookOption(click.Option):
    """An option whose help names the notebooks that can be run, found when it is asked for."""

    def get_help_record(self, context: click.Context) -> tuple[str, str] | None:
        from mineco.runs.targets.made_for import known_notebooks

        words = {"dossier": "DOSSIER", "runs": "RUN|DOSSIER...", "batch": "BATCH"}
        known = [f"{name} ({words[one.target]})" for name, one in known_notebooks().items()]
        self.help = (self.help or "").format(known=", ".join(known))
        return super().get_help_record(context)


def run_and_tell(targets: Sequence[Path], standard_id: str, out: Path, formats: tuple[str, ...], language: str,
                 **more: Any) -> Path:
    """Make a run; on stderr notices, the result and what to look at first, on stdout folder and root hash.

    What is given besides goes to `mineco.runs.run.run` as it is.
    """
    # ended from outside, a run still stops its kernel and leaves no partial folder
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    from mineco.runs.order import PRELIMINARY, is_notebook, notebook_notices, story_of
    from mineco.runs.run import run as run_dossier

    made = run_dossier(targets, standard_id, out, formats, language, progress=True, **more)
    from mineco.core.labels import label, problem_text, set_language
    from mineco.dossier.workbook.places import by_sheet
    from mineco.evaluation.display.ending import ending, ending_of_notebook, ending_with_gaps
    from mineco.evaluation.record.manifest import root_hash
    from mineco.evaluation.record.results import notices_told

    set_language(language)
    results = json.loads((made / "results.json").read_text(encoding="utf-8"))
    story, first = story_of(results), targets[0]
    notices = shortened(by_sheet(first, notices_told(results)), MAX_LINES, f"mineco check {typed(first)}")
    for problem in (*notebook_notices(standard_id, language, story), *notices):
        click.echo(problem_text(problem, language), err=True)
    told = (ending_of_notebook(results) if is_notebook(story) else
            ending_with_gaps(recorded_gaps(made)) if story == PRELIMINARY else ending(results))
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
    from mineco.runs.targets.made_for import RESERVED

    given = json.loads((made / "parameters.json").read_text(encoding="utf-8"))
    weights = made / given["weights"] if "weights" in given else None
    options = {name: value for name, value in given.items() if name not in RESERVED}
    return check_gaps(made / "inputs", given["standard"], weights, **options)
