"""A blank questionnaire for the weights of a standard: every pair of every level that is asked for, with a guide."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mineco.core.errors import Problems
from mineco.dossier.cells import columns_file, tables
from mineco.runs.blanks.dossier import table_text
from mineco.standards.load import load_standard
from mineco.standards.vocabulary import Text
from mineco.weighting.panel_rows import GROUPS
from mineco.weighting.panels import levels_of
from mineco.weighting.random_index import table_names


def new_panel(folder: Path, standard_id: str, levels: Sequence[str] = (GROUPS,), language: str = "zh") -> Path:
    """Write a blank questionnaire.

    Parameters
    ----------
    folder : Path
        A new or empty folder.
    standard_id : str
        The standard whose indicators are compared.
    levels : sequence of str
        "groups", or ids of groups whose indicators are compared.
    language : {"zh", "en"}
        The language that comes first in README.md, which holds both.

    Returns
    -------
    Path
        The folder.

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
    texts |= {"panel.yaml": settings_text(standard.id, standard.name, f"{standard.id}-panel"),
              "README.md": guide(chosen, language)}
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
    for level, names in levels.items():
        for row, column in itertools.combinations(names, 2):
            note = " / ".join(_guide_text("pair", language).format(row=names[row][language],
                                                                   column=names[column][language])
                              for language in ("zh", "en"))
            yield {"expert": "A", "level": level, "row": row, "column": column, "value": "", "note": note}


def settings_text(standard_id: str, name: Text, panel_id: str) -> str:
    """panel.yaml with its choices, each with what may stand there."""
    return f"""id: {panel_id}
name: {{zh: "{name.zh}：专家权重", en: "{name.en}: weights of experts"}}
standard: {standard_id}
illustrative: false               # 仅示例专家组为 true / true for invented answers only
method: ahp                       # ahp | delphi
priority: eigenvector             # eigenvector 特征向量法 | geometric_mean 方根法 | column_mean 和积法
aggregation: judgements           # judgements 汇总判断 (AIJ) | priorities 汇总权重 (AIP)
completion: lambda_max            # lambda_max | log_least_squares | harker: 缺的比较如何补全 / for missing comparisons
random_index: {table_names()[0]}  # {" | ".join(table_names())}
largest_judgement: 9
scale: [1, 9]                     # 德尔菲评分的最小值和最大值 / lowest and highest Delphi score
"""


def guide(levels: Mapping[str, Mapping[str, Text]], language: str) -> str:
    """README.md in both languages: how to answer, Saaty's scale, the items, the columns."""
    order = (language, "en" if language == "zh" else "zh")
    return "\n\n".join(_guide(levels, one) for one in order) + "\n"


def _guide(levels: Mapping[str, Mapping[str, Text]], language: str) -> str:
    def say(name: str) -> str:
        return _guide_text(name, language)

    parts = [f"# {say('title')}", say("intro"), f"## {say('saaty')}",
             _grid([say("value"), say("meaning")],
                   ([one["value"], one[language]] for one in columns_file("panel")["saaty"])),
             f"## {say('items')}",
             _grid([say("level"), say("item"), say("name")],
                   ([level, item, names[item][language]] for level, names in levels.items() for item in names))]
    for file, columns in tables("panel").items():
        parts += [f"## {file}", _grid([say("column"), say("blank"), say("meaning")], (
            [f"`{name}`", say("yes") if one.blank else "", {"zh": one.zh, "en": one.en}[language]]
            for name, one in columns.items()))]
    return "\n\n".join(parts)


def _guide_text(name: str, language: str) -> str:
    return columns_file("panel")["guide"][name][language]


def _grid(header: list[str], rows: Iterable[list[str]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, ["---"] * len(header), *rows])
