"""Many mines as one table: a row for each dossier, those that cannot be evaluated with the reason."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mineco.core.errors import BadInput, Problems, argument_problems, checked_arguments
from mineco.core.labels import problem_text
from mineco.evaluation.case import Case, open_case
from mineco.evaluation.registry import evaluate, evaluation_module
from mineco.runs.batch.many import evaluate_stacked

if TYPE_CHECKING:
    import pandas as pd


@checked_arguments()
def batch(mines: Iterable[str | Path | Case] | str | Path | Case, standard: str = "carbon-neutral-mine-2025",
          **chosen: Any) -> "pd.DataFrame":
    """Evaluate many dossiers or cases.

    Mines of one form go through the evaluation together, as arrays. For reports, many processes or a table with a row
    for each mine: ``mineco batch``.

    Parameters
    ----------
    mines : iterable of path or Case, or one of them
    standard : str
        That dossiers given as paths are held to.
    **chosen
        Options, as of `mineco.open_case`.

    Returns
    -------
    DataFrame
        A row for each mine in the order given: ``mine``, ``status`` (complete or refused), ``reason``, and for a
        complete one the year and its main figures by name.

    >>> import mineco as mc
    >>> found = mc.batch(["parameters/mines/tiny-quarry", "parameters/mines/changcun-coal", "no-such-mine"])
    >>> found["mine"].tolist(), found["status"].tolist()
    (['tiny-quarry', 'changcun-coal', 'no-such-mine'], ['complete', 'complete', 'refused'])
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    together: list[tuple[int, Case]] = []
    for one in [mines] if isinstance(mines, str | Path | Case) else mines:
        row: dict[str, Any] = {"mine": "", "status": "complete", "reason": ""}
        rows.append(row)
        row["mine"] = one.dossier.mine.id if isinstance(one, Case) else Path(str(one)).name
        try:
            Problems(argument_problems("mines", one, str | Path | Case)).stop()
            case = one if isinstance(one, Case) else open_case(one, standard, **chosen)
            row |= {"mine": case.dossier.mine.id, "year": case.year}
            if evaluation_module(case.standard.id).Evaluation.takes_arrays:
                together.append((len(rows) - 1, case))
            else:
                row |= evaluate(case).summary()
        except BadInput as error:
            _refuse(row, error)
    for (number, _), result in zip(together, evaluate_stacked([case for _, case in together]), strict=True):
        if isinstance(result, BadInput):
            _refuse(rows[number], result)
        else:
            rows[number] |= result
    return pd.DataFrame(rows)


def _refuse(row: dict[str, Any], error: BadInput) -> None:
    row |= {"status": "refused", "reason": " ".join(problem_text(one) for one in error.problems)}
