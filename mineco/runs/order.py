"""What a run is asked for, and what is wrong with the order itself before a file is touched."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from mineco.core.errors import Problem, Problems
from mineco.core.kit import notebooks, parameters
from mineco.runs.archive import utc_now
from mineco.runs.notebook.cells import bare
from mineco.runs.targets.made_for import MadeFor, made_for
from mineco.runs.targets.taking import refuse_targets
from mineco.standards.load import standard_ids, undated

FORMATS = ("html", "pdf", "docx")
LANGUAGES = ("zh", "en")
ENGINES = ("fork",)
PRELIMINARY = "preliminary"
EVALUATION = MadeFor("", {"dossier": ""})  # what the notebook of a standard is run on


@dataclass(kw_only=True)
class Order:
    """What was asked for, and how far it came: a dossier that is refused has not been run."""

    targets: tuple[Path, ...]
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
    notebook: str = ""  # the name of one beside those of the standards
    look: Path | None = None
    start: str = field(default_factory=utc_now)
    found: bool = True  # the folder of runs was there
    begun: bool = False

    @property
    def named(self) -> str:
        """The targets as they were named, in one text."""
        return "; ".join(map(str, self.targets))

    @property
    def story(self) -> str:
        """As `story_of` tells it of the results that will come."""
        return self.notebook or (PRELIMINARY if self.preliminary else "")

    @cached_property
    def made_for(self) -> MadeFor:
        """What the notebook is made for."""
        return made_for(self.notebook) if self.notebook else EVALUATION


def is_notebook(story: str) -> bool:
    """Whether a story is that of a notebook beside those of the standards."""
    return story not in ("", PRELIMINARY)


def notebook_of(standard_id: str, language: str = "zh", story: str = "") -> Path:
    """The notebook of a story in a language: that of a standard is named like it, without the edition.

    >>> notebook_of("carbon-neutral-mine-2025", "en").parts[-2:]
    ('en', 'carbon-neutral-mine.ipynb')
    >>> [notebook_of("carbon-neutral-mine-2025", story=one).name for one in ("preliminary", "sensitivity")]
    ['carbon-neutral-mine-preliminary.ipynb', 'sensitivity.ipynb']
    """
    of_standard = f"{undated(standard_id)}-{PRELIMINARY}" if story == PRELIMINARY else undated(standard_id)
    return notebooks() / language / f"{story if is_notebook(story) else of_standard}.ipynb"


def notebook_in(standard_id: str, language: str = "zh", story: str = "") -> dict[str, Any]:
    """The notebook of `notebook_of` itself, without what an execution may have left in it.

    >>> notebook_in("carbon-neutral-mine-2025")["cells"][0]["cell_type"]
    'markdown'
    """
    return bare(json.loads(notebook_of(standard_id, language, story).read_text(encoding="utf-8")))


def story_of(results: Mapping[str, Any]) -> str:
    """Which story a document of results tells: that of a notebook by its name, a preliminary one, or an evaluation.

    >>> [story_of(one) for one in ({"kind": "sensitivity"}, {"status": "preliminary"}, {})]
    ['sensitivity', 'preliminary', '']
    """
    kind = results.get("kind")
    return kind if isinstance(kind, str) else PRELIMINARY if results.get("status") == PRELIMINARY else ""


def notebook_notices(standard_id: str, language: str = "zh", story: str = "") -> tuple[Problem, ...]:
    """That a notebook holds outputs, of which a run keeps none.

    >>> notebook_notices("carbon-neutral-mine-2025", "en")
    ()
    """
    path = notebook_of(standard_id, language, story)
    given = json.loads(path.read_text(encoding="utf-8"))
    name = "/".join(path.parts[-3:])  # notebooks/zh/…, wherever the installation lies
    return () if bare(given) == given else (Problem("notebook_held_outputs", file=name),)


def refuse(order: Order) -> None:
    """What is wrong with the order itself, before a file is touched."""
    problems = Problems()
    with problems.collect():
        problems += _wrong_targets(order, order.made_for)
    if not (parameters() / "standards" / order.standard_id / "standard.yaml").is_file():
        problems.add("choice_not_allowed", column="standard", value=order.standard_id,
                     allowed=", ".join(standard_ids()))
    elif order.preliminary and not order.notebook:
        from mineco.evaluation.registry import require_preliminary

        with problems.collect():
            require_preliminary(order.standard_id)
    if order.notebook and not any(one.message == "notebook_unknown" for one in problems):
        problems += _unfit(order, order.made_for)
    problems += format_problems(order.formats)
    engine = [("engine", order.engine, ENGINES)] if order.engine else []
    for column, value, allowed in (("lang", order.language, LANGUAGES), *engine):
        if value not in allowed:
            problems.add("choice_not_allowed", column=column, value=value, allowed=", ".join(allowed))
    problems.stop()


def format_problems(given: Iterable[str], column: str = "formats") -> list[Problem]:
    """What is wrong with the forms that a report is asked for in: none named, or one that there is not.

    >>> [one.message for names in ((), ("",), ("html", "odt")) for one in format_problems(names)]
    ['no_format', 'no_format', 'choice_not_allowed']
    """
    known = {"allowed": ", ".join(FORMATS)}
    if not any(map(str, given)):
        return [Problem("no_format", column=column, details=known)]
    return [Problem("choice_not_allowed", column=column, value=one, details=known)
            for one in dict.fromkeys(given) if one not in FORMATS]


def _wrong_targets(order: Order, notebook: MadeFor) -> Iterator[Problem]:
    """What is wrong with the targets, and with where the run would be put."""
    if len(order.targets) != 1 and not (notebook.several and order.targets):
        yield Problem("targets_not_one", value=order.named, details={"count": len(order.targets)})
    wrong = refuse_targets(notebook, order.targets)
    yield from wrong
    if not wrong and notebook.target != "batch":  # whose runs lie in it
        yield from (Problem("out_inside_dossier", file=str(order.out), value=str(one)) for one in order.targets
                    if order.out.resolve().is_relative_to(one.resolve()))


def _unfit(order: Order, notebook: MadeFor) -> Iterator[Problem]:
    """What is asked for that a notebook does not take."""
    usual = str(notebook.declared["standard"])
    editions = [one for one in standard_ids() if undated(one) == undated(usual)]
    if order.standard_id not in editions:
        yield Problem("choice_not_allowed", column="standard", value=order.standard_id,
                      details={"allowed": ", ".join(editions)})
    for column, unfit in (("--preliminary", order.preliminary),
                          ("--weights", order.weights and "weights" not in notebook.declared)):
        if unfit:
            yield Problem("option_not_of_notebook", column=column, details={"notebook": notebook.name})
