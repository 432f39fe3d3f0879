"""Code cells of the Chinese notebooks copied over to their English twins, and cells given their numbers anew.

    python -m tests.twins

Prose, and the cell with the parameters, whose comments are of a language, stay as they are.
"""

import json
from pathlib import Path
from typing import Any

from mineco.core.kit import notebooks


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))


def write(path: Path, notebook: dict[str, Any]) -> None:
    """A notebook as it is committed: one form for both languages, cells named in their order."""
    prefix = notebook["cells"][0]["id"].rpartition("-")[0]
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"{prefix}-{number:03d}"
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")


def copy_code(chinese: dict[str, Any], english: dict[str, Any]) -> None:
    """Put the code cells of one notebook in place of those of the other, which has as many in the same places.

    Raises
    ------
    ValueError
        When the kinds of the cells differ: prose is to be written first.
    """
    kinds = [[cell["cell_type"] for cell in one["cells"]] for one in (chinese, english)]
    if kinds[0] != kinds[1]:
        raise ValueError("the two have not the same kinds of cells; write the prose of the new ones in both languages")
    for place, cell in enumerate(chinese["cells"]):
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", []):
            english["cells"][place] = cell


def main() -> None:
    for path in sorted((notebooks() / "zh").rglob("*.ipynb")):
        chinese, twin = read(path), notebooks() / "en" / path.relative_to(notebooks() / "zh")
        english = read(twin)
        copy_code(chinese, english)
        write(path, chinese)
        write(twin, english)


if __name__ == "__main__":
    main()
