"""The code cells of a notebook, walked in the process of a test with every warning an error."""

import ast
import json
from pathlib import Path
from typing import Any

from tests.helpers.places import ROOT


def shown_by(name: str, language: str = "en", **given: object) -> list[Any]:
    """What each cell of a notebook shows, in order, with these parameters; what cannot be made raises."""
    notebook = json.loads((ROOT / "notebooks" / language / f"{name}.ipynb").read_text(encoding="utf-8"))
    names: dict[str, Any] = {}
    shown = []
    for number, cell in enumerate(one for one in notebook["cells"] if one["cell_type"] == "code"):
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, f"cell {number}", "exec"), names)
        if "parameters" in cell["metadata"].get("tags", ()):
            names |= given | {"language": language}
        if isinstance(last, ast.Expr):
            shown.append(eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), names))
            if hasattr(shown[-1], "_repr_mimebundle_"):
                shown[-1] = shown[-1]._repr_mimebundle_()["text/plain"]
    return shown


def without_rows(dossier: Path, *tables: str) -> Path:
    """A dossier whose tables have their headings alone."""
    for name in tables:
        path = dossier / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8")
    return dossier
