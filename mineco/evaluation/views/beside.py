"""What each standard's chapters are made of: what a conclusion tells of kit and notices, results beside each other."""

from collections.abc import Callable, Mapping
from typing import Any

from mineco import __version__
from mineco.core.errors import BadInput
from mineco.core.formatting import DASH
from mineco.core.labels import label, problem_text, sentence
from mineco.dossier.cells import word_lists
from mineco.evaluation.base import Recorded
from mineco.evaluation.case import Case
from mineco.evaluation.record.kit_used import kit_used
from mineco.evaluation.views.words import (
    client_name,
    finding_kind,
    join_names,
    named,
    spoken,
    standard_name,
    value_name,
)
from mineco.report.tables import Block, show

Line = Callable[[Any], dict[str, Any]]  # the main figures of an evaluation, as part of a row


def whom_and_how(case: Case) -> list[tuple[str, str]]:
    """The first rows of a conclusion without a cover of its own: the mine, its client, the standard and the year."""
    mine, standard = case.dossier.mine, case.standard
    names = dict.fromkeys(filter(None, (named(mine), spoken(mine.legal_entity))))  # said once where both are the same
    return [("mine_name", f"{' · '.join(names)}\n{spoken(mine.address)}"),
            ("client", client_name(mine)),
            ("standard", "\n".join(filter(None, (standard_name(standard), spoken(standard.notice), kit_line())))),
            ("evaluation_year", str(case.year))]


def kit_line() -> str:
    """That parameters and templates are not those of the version; nothing where they are."""
    others = kit_used()["files"]
    return sentence("kit_changed", version=__version__, count=len(others), first=others[0]) if others else ""


def notices_line(evaluation: Recorded) -> tuple[str, str]:
    """The row of a conclusion that counts the notices, and where they stand."""
    count = len(evaluation.notices)
    return "notices_told", label("notices_counted").format(count=count) if count else label("none")


def findings_line(case: Case) -> list[tuple[str, str]]:
    """The row of a conclusion that counts what the evaluators found, by kind; none where they hand over no list."""
    rows = case.dossier.findings
    counted = [label("findings_counted").format(
        kind=finding_kind(kind), count=sum(one.kind == kind for one in rows), state=label("findings_open").format(
            names=names) if (names := join_names(one.id for one in rows if one.kind == kind and one.closed is None))
        else label("findings_closed"))
        for kind in word_lists()["finding_kind"] if any(one.kind == kind for one in rows)]
    return [("findings_of_evaluators", "\n".join(counted))] if counted else []


def closing_sentence(case: Case) -> list[str]:
    """That the conclusion does not stand yet, or that what withheld it is closed; nothing where nothing did."""
    kinds = word_lists()["finding_kind"]
    rows = [one for one in case.dossier.findings if kinds[one.kind]["withholds"]]
    left = [one.id for one in rows if one.closed is None]
    if left:
        return [label("conclusion_withheld").format(names=join_names(left))]
    return [label("conclusion_after_closing").format(count=len(rows))] if rows else []


def results_beside(main: Any, others: Mapping[tuple[str, object], Any], line: Line, chosen: str = "as_graded") -> Block:
    """The result under the options as chosen and under the other ones; the last column says why one is refused."""
    rows = [{"option": label(chosen), "value": "", **(own := line(main))}]
    for (name, value), other in others.items():
        if isinstance(other, BadInput):
            why = "\n".join(map(problem_text, map(main.case.dossier.told, other.problems)))
            told = {**dict.fromkeys(own, DASH), list(own)[-1]: why}
        else:
            told = line(other)
        rows.append({"option": named(main.case.standard.options[name]), "value": value_name(value), **told})
    return show(rows, "results_beside")


def results_by_weights(evaluation: Any, own: Any, line: Line, caption: str = "weights_results") -> Block | None:
    """The result under a panel's weights and under the standard's own (reading R20); nothing without a panel."""
    if own is None:
        return None
    return show([{"under_weights": label(name), **line(one)}
                 for name, one in (("how_panel", evaluation), (own_weights(own.case), own))], caption)


def own_weights(case: Case) -> str:
    """The label of the weights that a standard has itself: of its annex, or of the stage of the mine."""
    return "how_stage" if case.standard.stages else "how_annex"
