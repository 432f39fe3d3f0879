"""A run on the command line, and what it ends with."""

import json
import signal
import sys
from pathlib import Path
from typing import Any

import click

from mineco.cli.options import MAX_LINES, shortened, typed


def run_and_tell(dossier: Path, standard_id: str, out: Path, formats: tuple[str, ...], language: str,
                 **more: Any) -> Path:
    """Evaluate a dossier; on stderr notices, the result and what to look at first, on stdout folder and root hash.

    What is given besides goes to `mineco.runs.run.run` as it is.
    """
    # jsonschema imports this if JupyterLab has brought it; its grammar takes 0.7 s, and nothing here checks an IRI
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    # ended from outside, a run still stops its kernel and leaves no partial folder
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    from mineco.runs.order import notebook_notices
    from mineco.runs.run import run as run_dossier

    made = run_dossier(dossier, standard_id, out, formats, language, progress=True, **more)
    from mineco.core.labels import label, problem_text, set_language
    from mineco.evaluation.display.ending import ending
    from mineco.evaluation.record.results import notices_told
    from mineco.runs.manifest import root_hash

    set_language(language)
    results = json.loads((made / "results.json").read_text(encoding="utf-8"))
    notices = shortened(notices_told(results), MAX_LINES, f"mineco check {typed(dossier)}")
    for problem in (*notebook_notices(standard_id, language), *notices):
        click.echo(problem_text(problem, language), err=True)
    click.echo("\n".join(["", *ending(results), ""]), err=True)
    click.echo(made)
    click.echo(f"{label('root_hash', language)}: sha256:{root_hash(made)}")
    return made
