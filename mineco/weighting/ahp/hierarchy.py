"""Weights down a tree of criteria of any depth."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from mineco.core.errors import BadInput, Problem
from mineco.weighting.ahp.consistency import DEFAULT_INDEX, consistency
from mineco.weighting.ahp.groups import priorities
from mineco.weighting.ahp.priorities import Method
from mineco.weighting.judgements import judgement_matrix

PARTS = {"matrix", "weights", "names", "children"}


def hierarchy_weights(tree: Mapping[str, Any], method: Method = "eigenvector",
                      random_index: str | Mapping[int, float] = DEFAULT_INDEX) -> pd.DataFrame:
    """Local and global weights of every node of a hierarchy, with the consistency ratio of each matrix.

    Parameters
    ----------
    tree : mapping
        ``{root: node}``, where a node is ``{"matrix": …, "names": […], "children": {name: node}}``. The matrix, or
        ``"weights"`` in its place, compares what stands below; names may be left out where the matrix is a DataFrame,
        or where the children say them in its order. A child without a node of its own is a leaf. The same leaf may
        stand below several nodes: alternatives under every criterion.
    method, random_index
        As for `priority_vector` and `consistency`.

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
    """
    if len(tree) != 1:
        raise BadInput(Problem("hierarchy_root", value=", ".join(map(str, tree))))
    rows: list[tuple[str, str, float, float, float]] = []
    for name, node in tree.items():
        _descend(str(name), node, "", 1.0, 1.0, rows, method, random_index)
    return pd.DataFrame(rows, columns=["node", "parent", "local", "global", "cr"])


def _descend(name: str, node: Mapping[str, Any] | None, parent: str, local: float, share: float,
             rows: list[tuple[str, str, float, float, float]], method: Method,
             random_index: str | Mapping[int, float]) -> None:
    if node is None:
        rows.append((name, parent, local, share, np.nan))
        return
    children = node.get("children") or {}
    if (odd := set(node) - PARTS) or ("matrix" in node) == ("weights" in node):
        raise BadInput(Problem("hierarchy_node", row=name, value=", ".join(sorted(map(str, odd or node)))))
    if "matrix" in node:
        frame = judgement_matrix(node["matrix"], _names(node, children))
        names, found = list(frame.columns), consistency(frame, random_index, method)
        weights, ratio = found.weights, float(found.cr)
    else:
        weights, ratio = priorities(node["weights"])[0], np.nan
        names = list(_names(node, children) or ())
    if len(names) != len(weights) or not set(children) <= set(names):
        raise BadInput(Problem("hierarchy_children", row=name, value=", ".join(map(str, children)),
                               details={"names": ", ".join(names)}))
    rows.append((name, parent, local, share, ratio))
    for below, weight in zip(names, weights.tolist(), strict=True):
        _descend(below, children.get(below), name, weight, share * weight, rows, method, random_index)


def _names(node: Mapping[str, Any], children: Mapping[str, Any]) -> list[str] | None:
    if node.get("names") is not None:
        return [str(one) for one in node["names"]]
    return None if isinstance(node.get("matrix"), pd.DataFrame) or not children else [str(one) for one in children]
