"""What a run is asked for, and what is wrong with the order itself before a file is touched."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mineco.core.errors import Problem, Problems
from mineco.core.kit import notebooks, parameters
from mineco.dossier.workbook.papers import papers_at
from mineco.runs.archive import utc_now
from mineco.runs.notebook.cells import bare
from mineco.standards.load import undated

FORMATS = ("html", "pdf", "docx")
LANGUAGES = ("zh", "en")
ENGINES = ("fork",)
WEIGHTS = "weights.yaml"  # the copy of a file of weights that a run keeps


@dataclass(kw_only=True)
class Order:
    """What was asked for, and how far it came: a dossier that is refused has not been run."""

    dossier: Path
    standard_id: str
    out: Path
    formats: tuple[str, ...]
    language: str
    options: dict[str, Any]
    progress: bool
    engine: str | None
    timeout: float
    weights: Path | None = None
    preliminary: bool = False
    look: Path | None = None
    start: str = field(default_factory=utc_now)
    found: bool = True  # the folder of runs was there
    begun: bool = False


def notebook_of(standard_id: str, language: str = "zh", preliminary: bool = False) -> Path:
    """The notebook that tells the story of a standard in a language: named like it, without the edition.

    >>> notebook_of("carbon-neutral-mine-2025", "en").parts[-2:]
    ('en', 'carbon-neutral-mine.ipynb')
    >>> notebook_of("carbon-neutral-mine-2025", preliminary=True).name
    'carbon-neutral-mine-preliminary.ipynb'
    """
    return notebooks() / language / f"{undated(standard_id)}{'-preliminary' if preliminary else ''}.ipynb"


def is_preliminary(results: Mapping[str, Any]) -> bool:
    """Whether a document of results is that of a preliminary run.

    >>> is_preliminary({"status": "preliminary"}), is_preliminary({})
    (True, False)
    """
    return results.get("status") == "preliminary"


def notebook_notices(standard_id: str, language: str = "zh", preliminary: bool = False) -> tuple[Problem, ...]:
    """That the notebook of a standard holds outputs, of which a run keeps none.

    >>> notebook_notices("carbon-neutral-mine-2025", "en")
    ()
    """
    path = notebook_of(standard_id, language, preliminary)
    given = json.loads(path.read_text(encoding="utf-8"))
    name = "/".join(path.parts[-3:])  # notebooks/zh/…, wherever the installation lies
    return () if bare(given) == given else (Problem("notebook_held_outputs", file=name),)


def refuse(order: Order) -> None:
    """What is wrong with the order itself, before a file is touched."""
    problems = Problems()
    with problems.collect():
        papers_at(order.dossier)
    if not problems and order.out.resolve().is_relative_to(order.dossier.resolve()):
        problems.add("out_inside_dossier", file=str(order.out), value=str(order.dossier))
    if not (parameters() / "standards" / order.standard_id / "standard.yaml").is_file():
        from mineco.standards.load import standard_ids

        problems.add("choice_not_allowed", column="standard", value=order.standard_id,
                     allowed=", ".join(standard_ids()))
    elif order.preliminary:
        from mineco.evaluation.registry import require_preliminary

        with problems.collect():
            require_preliminary(order.standard_id)
    engines = (order.engine,) if order.engine else ()
    for column, given, allowed in (("formats", order.formats, FORMATS), ("lang", (order.language,), LANGUAGES),
                                   ("engine", engines, ENGINES)):
        for value in given:
            if value not in allowed:
                problems.add("choice_not_allowed", column=column, value=value, allowed=", ".join(allowed))
    problems.stop()
