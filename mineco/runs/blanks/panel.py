"""A blank questionnaire for the weights of a standard: every pair of every level that is asked for, with a guide."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mineco.core import kit
from mineco.core.errors import Problems
from mineco.core.writing import table_text
from mineco.dossier.cells import columns_file, tables
from mineco.standards.load import levels_of, load_standard
from mineco.standards.standard import GROUPS
from mineco.standards.vocabulary import Text
from mineco.weighting.random_index import table_names


def new_panel(folder: Path, standard_id: str, levels: Sequence[str] = (GROUPS,), language: str = "zh") -> Path:
    """Write a blank questionnaire.

    Parameters
    ----------
    folder : Path             A new or empty folder.
    standard_id : str         The standard whose indicators are compared.
    levels : sequence of str  "groups", or ids of groups whose indicators are compared.
    language : {"zh", "en"}   The language that comes first in README.md, which holds both.

    Returns
    -------
    Path  The folder.

    Raises
    ------
    BadInput
        When something stands there already, or there is no such standard or level.
    """
    folder, problems = Path(folder), Problems()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        problems.add("folder_not_empty", value=str(folder))
        problems.stop()
    standard, known = load_standard(standard_id), levels_of(standard_id)
    for level in levels:
        if level not in known:
            problems.add("unknown_level", column="--level", value=level, known=", ".join(known))
        elif len(known[level]) < 2:
            problems.add("level_without_pairs", column="--level", value=level)
    problems.stop()
    chosen = {level: known[level] for level in dict.fromkeys(levels)}
    rows: dict[str, list[dict[str, str]]] = {
        "experts.csv": [{"expert": "A", "weight": "1"}], "judgements.csv": list(comparison_rows(chosen)),
        "scores.csv": []}
    texts = {name: table_text(list(columns), rows[name]) for name, columns in tables("panel").items()}
    forms = Environment(loader=FileSystemLoader(kit.templates() / "blanks"), undefined=StrictUndefined,
                        trim_blocks=True, keep_trailing_newline=True)
    texts["panel.yaml"] = forms.get_template("panel.yaml.jinja").render(standard=standard, indices=table_names())
    texts["README.md"] = forms.get_template("panel.md.jinja").render(
        languages=(language, "en" if language == "zh" else "zh"), levels=chosen,
        **columns_file("panel") | {"tables": tables("panel")})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "questionnaires").mkdir()
    for name, text in texts.items():
        # a byte-order mark makes Excel read Chinese; a person will open the tables there
        (folder / name).write_text(text, encoding="utf-8-sig" if name.endswith(".csv") else "utf-8", newline="")
    return folder


def comparison_rows(levels: Mapping[str, Mapping[str, Text]]) -> Iterable[dict[str, str]]:
    """A row for each comparison, the names of both items in its note.

    >>> names = dict.fromkeys("ab", Text(zh="煤", en="coal"))
    >>> [row["row"] + row["column"] for row in comparison_rows({"groups": names})]
    ['ab']
    """
    words = columns_file("panel")["guide"]["pair"]
    for level, names in levels.items():
        for row, column in itertools.combinations(names, 2):
            note = " / ".join(words[language].format(row=names[row][language], column=names[column][language])
                              for language in ("zh", "en"))
            yield {"expert": "A", "level": level, "row": row, "column": column, "value": "", "note": note}
