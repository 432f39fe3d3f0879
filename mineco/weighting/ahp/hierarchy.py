"""Weights down a tree of criteria of any depth: a mapping, or a table with a row for each comparison."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np
import pandas as pd

from mineco.core.calls import argument_problems
from mineco.core.errors import BadInput, Problem, Problems
from mineco.weighting.ahp.consistency import consistency
from mineco.weighting.ahp.groups import priorities
from mineco.weighting.ahp.priorities import Method, require_connected
from mineco.weighting.judgements import checked, judgement_matrix
from mineco.weighting.random_index import DEFAULT_INDEX

PARTS = {"matrix", "weights", "names", "children"}
COLUMNS = ("parent", "row", "column", "value")  # of a table of comparisons


def hierarchy_weights(tree: Mapping[str, Any] | pd.DataFrame, method: Method = "eigenvector",
                      random_index: str | Mapping[int, float] = DEFAULT_INDEX) -> pd.DataFrame:
    """Local and global weights of every node of a hierarchy, with the consistency ratio of each matrix.

    Parameters
    ----------
    tree : mapping or DataFrame
        ``{root: node}``, where a node is ``{"matrix": …, "names": […], "children": {name: node}}``. The matrix, or
        ``"weights"`` in its place, compares what stands below; names may be left out where the matrix is a DataFrame,
        or where the children say them in its order. A child without a node of its own is a leaf. The same leaf may
        stand below several nodes: alternatives under every criterion. Or a table as ``pd.read_csv`` reads it, with
        the columns parent, row, column and value: how many times as much the row counts for the parent as the column.
    method, random_index  As for `priority_vector` and `consistency`.

    Returns
    -------
    DataFrame
        node, parent, local, global, cr (of the node's own matrix; NaN for a leaf and for given weights): the root,
        then level by level along each branch. The weight of an alternative is the sum of its rows:
        ``frame.groupby("node")["global"].sum()``.

    >>> tree = {"goal": {"matrix": [[1, 3], [1/3, 1]], "names": ["a", "b"],
    ...                  "children": {"a": {"matrix": [[1, 1], [1, 1]], "names": ["a1", "a2"]}}}}
    >>> hierarchy_weights(tree)
       node parent  local  global   cr
    0  goal          1.00   1.000  0.0
    1     a   goal   0.75   0.750  0.0
    2    a1      a   0.50   0.375  NaN
    3    a2      a   0.50   0.375  NaN
    4     b   goal   0.25   0.250  NaN
    >>> table = pd.DataFrame([("goal", "a", "b", "3"), ("a", "a1", "a2", "1")], columns=list(COLUMNS))
    >>> hierarchy_weights(table).equals(hierarchy_weights(tree))
    True
    """
    Problems(argument_problems("tree", tree, Mapping | pd.DataFrame)).stop()
    tree = _tree(tree) if isinstance(tree, pd.DataFrame) else tree
    if len(tree) != 1:
        raise BadInput(Problem("hierarchy_root", value=", ".join(map(str, tree))))
    (name, root), = tree.items()
    rows = _rows(str(name), root, "", 1.0, 1.0, random_index, method)
    return pd.DataFrame(rows, columns=["node", "parent", "local", "global", "cr"])


def _rows(name: str, node: Mapping[str, Any] | None, parent: str, local: float, share: float, *chosen: Any
          ) -> Iterator[tuple[str, str, float, float, float]]:
    """The row of a node, then those below it; ``chosen`` are random index and method."""
    if node is None:
        yield name, parent, local, share, np.nan
        return
    Problems(argument_problems(name, node, Mapping)).stop()
    children = node.get("children") or {}
    if (odd := set(node) - PARTS) or ("matrix" in node) == ("weights" in node):
        raise BadInput(Problem("hierarchy_node", row=name, value=", ".join(sorted(map(str, odd or node)))))
    if "matrix" in node:
        frame = judgement_matrix(node["matrix"], _names(node, children))
        names, found = list(frame.columns), consistency(frame, *chosen)
        weights, ratio = found.weights, float(found.cr)
    else:
        weights, ratio = priorities(node["weights"])[0], np.nan
        names = list(_names(node, children) or ())
    if len(names) != len(weights) or not set(children) <= set(names):
        raise BadInput(Problem("hierarchy_children", row=name, value=", ".join(map(str, children)),
                               details={"names": ", ".join(names)}))
    yield name, parent, local, share, ratio
    for below, weight in zip(names, weights.tolist(), strict=True):
        yield from _rows(below, children.get(below), name, weight, share * weight, *chosen)


def _names(node: Mapping[str, Any], children: Mapping[str, Any]) -> list[str] | None:
    if node.get("names") is not None:
        return [str(one) for one in node["names"]]
    return None if isinstance(node.get("matrix"), pd.DataFrame) or not children else [str(one) for one in children]


def _tree(table: pd.DataFrame) -> dict[str, Any]:
    """The tree of a table of comparisons, its nodes linked by name; or every comparison that is in the way."""
    problems, given = Problems(), ", ".join(map(str, table.columns))
    for column in COLUMNS:
        if column not in table:
            problems.add("missing_column", column=column, given=given)
    problems.stop()
    nodes: dict[str, dict[str, Any]] = {}
    for parent, rows in table.astype(dict.fromkeys(COLUMNS[:3], str)).groupby("parent", sort=False):
        with problems.collect():
            nodes[str(parent)] = {"matrix": _matrix(str(parent), rows), "children": {}}
    problems.stop()
    below = {name: list(node["matrix"].columns) for name, node in nodes.items()}
    try:
        TopologicalSorter(below).prepare()
    except CycleError as error:
        raise BadInput(Problem("hierarchy_circle", value=" → ".join(reversed(error.args[1])))) from None
    for name, items in below.items():
        nodes[name]["children"] = {item: nodes[item] for item in items if item in nodes}
    return {name: node for name, node in nodes.items() if not any(name in items for items in below.values())}


def _matrix(parent: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The comparisons below one node as a matrix, blank where there is none."""
    items = list(dict.fromkeys(rows[["row", "column"]].to_numpy().ravel()))
    if (twice := rows[rows.duplicated(["row", "column"])]).size:
        raise BadInput(Problem("comparison_twice", parent, str(one["row"]), str(one["column"]), one["value"])
                       for one in twice.to_dict("records"))
    square = rows.pivot(index="row", columns="column", values="value").reindex(index=items, columns=items)
    try:
        found = judgement_matrix(square.astype(object))
        require_connected(checked(found, incomplete=True))
        return found
    except BadInput as error:
        raise BadInput(replace(problem, file=parent) for problem in error.problems) from None
