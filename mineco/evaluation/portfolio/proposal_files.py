"""Proposals as files: anchors in the form of the standard's benchmarks.csv, and what every mine would score."""

from collections.abc import Iterator
from pathlib import Path

from mineco.core.formatting import format_number
from mineco.core.labels import label
from mineco.core.reading.files import sha256
from mineco.core.writing import table_bytes
from mineco.evaluation.portfolio.proposals import Anchor, Proposal, Proposals
from mineco.evaluation.portfolio.rescoring import rescored
from mineco.evaluation.record.archived import written_beside
from mineco.report.tables import Block, show
from mineco.standards.load import BENCHMARK_COLUMNS

FOLDER = "outputs"
ANCHORS, SCORES = "proposals.csv", "proposed-scores.csv"
SOURCE = "portfolio"  # the document of parameters/accounting/references.yaml that a portfolio is cited as
DIGITS = 8  # significant ones of an anchor


def benchmark_rows(found: Proposals) -> Iterator[dict[str, str]]:
    """A row of benchmarks.csv for each proposed anchor, whose place names the summaries by their digests."""
    place = "; ".join(f"{path.name} SHA-256 {sha256(path)}" for path in found.table.files)
    for one in found.made:
        kind = found.standard.mine_subtypes[one.kind]
        for anchor in one.anchors:
            told = {f"meaning_{language}": _meaning(one, anchor, language) for language in ("zh", "en")}
            yield {"id": f"{SOURCE}-{one.indicator}-{one.kind}-{anchor.score:g}", "indicators": one.indicator,
                   "subject_zh": kind.name_zh, "subject_en": kind.name_en, "value": f"{anchor.value:.{DIGITS}g}",
                   "unit": one.unit, "source": SOURCE, "locator": place, "status": "derived", "mines": one.kind, **told}


def _meaning(one: Proposal, anchor: Anchor, language: str) -> str:
    return label("proposed_anchor", language).format(
        mines=one.mines, year=one.year, worse=f"{anchor.worse:.0%}", points=f"{anchor.score:g}",
        low=format_number(anchor.low), high=format_number(anchor.high))


def hand_on(found: Proposals, results: str | Path) -> Block:
    """Write the anchors into ``outputs`` beside the results of a run, and tell the file and its digest.

    See `mineco.evaluation.record.archived.written_beside`.
    """
    return written_beside(results, FOLDER, lambda folder: _told(_write_anchors(found, folder)), "proposals_not_written")


def _write_anchors(found: Proposals, folder: Path) -> Path:
    path = folder / ANCHORS
    path.write_bytes(table_bytes(BENCHMARK_COLUMNS, benchmark_rows(found)))
    return path


def _told(path: Path) -> Block:
    return show([{"file": f"{FOLDER}/{path.name}", "content": label("output_proposals_csv"),
                  "sha256": f"{sha256(path)[:12]}…"}], "proposals_file")


def write_proposals(found: Proposals, folder: Path) -> list[Path]:
    """Write the anchors and the scores into a folder; the files that were written.

    Where nothing is proposed, the table of anchors has its heading alone, and there are no scores.
    """
    paths = [_write_anchors(found, folder)]
    if found.made:
        paths.append(folder / SCORES)
        names = [f"{name}{part}" for name in found.standard.indicators if name in {one.indicator for one in found.made}
                 for part in ("_value", "", "_proposed")]
        columns = ["mine", "year", "mine_subtype", *names, "score", "score_proposed"]
        with paths[1].open("w", encoding="utf-8-sig", newline="") as file:
            for place, rows in enumerate(rescored(found)):
                rows.reindex(columns=columns).to_csv(file, index=False, header=place == 0, lineterminator="\n")
    return paths
