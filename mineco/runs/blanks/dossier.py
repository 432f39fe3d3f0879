"""A blank dossier for a mine to fill in: every file and column, with units and notes in both languages."""

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from mineco.core import kit
from mineco.core.errors import BadInput, Problem
from mineco.dossier.cells import ColumnSpec, columns_file, tables, word_lists
from mineco.dossier.tables import PARCEL_SOURCES
from mineco.runs.blanks.land import blank_settings, land_columns, land_words
from mineco.standards.load import load_standard
from mineco.standards.procedure import Procedure, ProcedureStep, load_procedure, procedure_ids
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import Metric, Source, SourceItem

RATERS = ("A", "B")  # of a blank dossier


def guide_texts(language: str) -> dict[str, str]:
    """The words of the guide in one language, by id."""
    return {name: texts[language] for name, texts in columns_file()["guide"].items()}


def new_dossier(folder: Path, standard_id: str, language: str = "zh") -> Path:
    """Write a blank dossier.

    Parameters
    ----------
    folder : Path
        A new or empty folder.
    standard_id : str
        The standard that the mine will be held to.
    language : {"zh", "en"}
        Language of README.md; mine.yaml carries both.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    BadInput
        When something stands there already: nothing is overwritten.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(Problem("folder_not_empty", value=str(folder)))
    standard = load_standard(standard_id)
    this_year = datetime.datetime.now(tz=datetime.UTC).year
    files = {"mine.yaml": blank_mine(standard, this_year - 1), "README.md": guide(standard, language)}
    files |= {file: table_text(list(columns), blank_rows(file, standard, this_year - 1))
              for file, columns in {**tables(), **land_columns(standard_id)}.items()} | blank_settings(standard_id)
    folder.mkdir(parents=True, exist_ok=True)
    for folder_beside in ("evidence", "rasters"):
        (folder / folder_beside).mkdir()
    for name, text in files.items():
        # a byte-order mark makes Excel read Chinese; a person will open the tables there
        (folder / name).write_text(text, encoding="utf-8-sig" if name.endswith(".csv") else "utf-8", newline="")
    return folder


def blank_mine(standard: Standard, year: int) -> str:
    """mine.yaml with blanks, comments and the gates, options and disclosures of the standard."""
    text = (kit.parameters() / "dossier" / "mine.yaml").read_text(encoding="utf-8")
    known = {"types": standard.mine_types, "subtypes": standard.mine_subtypes, "stages": word_lists()["stage"],
             "roles": word_lists()["team_role"]}
    for name, entries in known.items():
        text = text.replace(f"{{{name}}}", " | ".join(entries))
    for name, number in (("year", year), ("next_year", year + 1), ("last_year", year - 1)):
        text = text.replace(f"{{{name}}}", str(number))
    return text + "\n".join(("", *_options(standard), "", *_gates(standard), "", *_experts(standard),
                             *_disclosures(standard), ""))


def _options(standard: Standard) -> Iterable[str]:
    yield "# 可选择的口径，不写即用默认值 / choices; the default where left out"
    yield "options: {}"
    for option in standard.options.values():
        allowed = " | ".join(str(one).lower() if isinstance(one, bool) else str(one) for one in option.allowed)
        default = str(option.default).lower() if isinstance(option.default, bool) else option.default
        yield f"#   {option.id}: {default:<20} # {allowed}: {option.name_zh} / {option.name_en}"


def _gates(standard: Standard) -> Iterable[str]:
    yield "prerequisites:                            # 先决条件，逐条写明并附证据 / gates, each with its proof"
    for gate in standard.prerequisites.values():
        yield f"  {gate.id}:                              # {gate.clause} {gate.name_zh} / {gate.name_en}"
        if gate.evidence:
            yield f"    # 证据 / evidence: {gate.evidence.zh} / {gate.evidence.en}"
        yield "    met: null                             # true | false"
        yield '    evidence: {zh: "", en: ""}'


def _experts(standard: Standard) -> Iterable[str]:
    """Incidents and the expert group, where the standard asks for them."""
    if "clean_years" in standard.parameters:
        yield "# 已知的生态环境破坏事件，没有的留空 / ecological damage that is known; empty where there is none"
        yield "ecological_damage: []"
        yield '# - {date: "2023-05-31", text: {zh: "", en: ""}, evidence: ""}'
        yield ""
    if "fewest_raters" in standard.parameters:
        yield "# 评价专家组：只写代号；没有利益关系写 null / the expert group, by letter; null: no conflict of interest"
        yield "raters:"
        for rater in RATERS:
            yield f'  {rater}: {{role: {{zh: "", en: ""}}, discipline: {{zh: "", en: ""}}, conflict: null}}'
        yield ""


def _disclosures(standard: Standard) -> Iterable[str]:
    yield "# 披露事项，不计分；没有的不写 / told and not scored; leave out what there is not"
    yield "disclosures: {}"
    for one in standard.disclosures.values():
        yield f"#   {one.id}:   # {one.clause} {one.name_zh} / {one.name_en}"
        yield '#     {text: {zh: "", en: ""}, evidence: ""}'


def blank_rows(file: str, standard: Standard, year: int) -> list[dict[str, str]]:
    """Rows to begin with: what may be asked for the year and the year before, with its unit and name."""
    years = (year - 1, year) if standard.keeps_account else (year,)
    if file == "activity.csv" and standard.keeps_account:
        return [{"year": str(one), "source": source.id, "item": item_text(source, item), "unit": item.units[0],
                 "note": f"{source.name_zh}：{item.name_zh} / {source.name_en}: {item.name_en}"}
                for one in years for source in activity_sources(standard)
                for item in source.items.values() if not item.factor]
    if file == "metrics.csv":
        return [{"year": str(one), "metric": metric.id, "unit": metric.units[0],
                 "note": f"{metric.name_zh} / {metric.name_en}"}
                for one in years for metric in standard.metrics.values()
                if standard.keeps_account or metric.id in standard.figures()]
    if file == "ratings.csv":
        return [{"standard": standard.id, "indicator": indicator.id, "rater": rater,
                 "note": f"{indicator.name_zh} / {indicator.name_en}"}
                for indicator in standard.indicators.values() if indicator.rubric for rater in RATERS]
    return []


def activity_sources(standard: Standard) -> list[Source]:
    """The sources that activity.csv reports; those of restored land stand in restoration.csv."""
    return [source for source in standard.sources.values() if not source.id.startswith(PARCEL_SOURCES)]


def item_text(source: Source, item: SourceItem) -> str:
    """How an item is written in activity.csv, with a placeholder for the key.

    >>> from mineco.standards.load import load_standard
    >>> source = load_standard("carbon-neutral-mine-2025").sources["stationary-combustion"]
    >>> item_text(source, source.items["ncv"])
    '<fuel>:ncv'
    """
    if not source.key:
        return item.id
    return f"<{source.key}>" if item.main else f"<{source.key}>:{item.id}"


def table_text(columns: Sequence[str], rows: Iterable[dict[str, str]]) -> str:
    """CSV text with a header.

    >>> table_text(["year", "item"], [{"year": "2024", "item": "coal, raw"}])
    'year,item\\r\\n2024,"coal, raw"\\r\\n'
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def guide(standard: Standard, language: str) -> str:
    """README.md: every column, source, figure, rubric and step with what it means."""
    say = guide_texts(language)
    parts = [f"# {say['title']}", f"{standard.name[language]} ({standard.id})", say["intro"]]
    for file, columns in {**tables(), **land_columns(standard.id)}.items():
        parts += [f"## {file}", _grid([say["column"], say["unit"], say["blank"], say["words"], say["note"]],
                                      (_column_row(name, column, language) for name, column in columns.items()))]
    parts += [f"## {say['sources']}", _grid(
        [say["source"], say["clause"], say["item"], say["unit"], say["name"], say["factor"]],
        (_item_row(source, item, language) for source in activity_sources(standard) for item in source.items.values()))]
    parts += [f"## {say['metrics']}", _grid([say["metric"], say["unit"], say["name"], say["meaning"]],
                                            (_metric_row(one, language) for one in standard.metrics.values()))]
    parts += [f"## {say['ratings']}", _grid([say["indicator"], say["level"], say["meaning"]], (
        [f"{one.id} {one.name[language]}", str(level.score), level[language]]
        for one in standard.indicators.values() if one.rubric for level in standard.rubrics[one.rubric].levels))]
    parts += [f"## {say['events']}", _grid([say["step"], say["clause"], say["name"]], (
        [one.id, phase.clause, f"{phase.name[language]}: {one.name[language]}"]
        for phase in standard.phases.values() for one in phase.steps.values()))] if standard.phases else []
    if standard.id in procedure_ids():
        parts += [f"## {say['events']}", say["procedure"], _grid(
            [say["step"], say["clause"], say["name"], say["role"], say["result"], say["evidence"]],
            (_step_row(step, load_procedure(standard.id), language)
             for step in load_procedure(standard.id).steps.values()))]
    for word, rows in land_words(standard.id, language):
        parts += [f"## {say[word]}", _grid([say["metric"], say["unit"], say["name"]], rows)]
    return "\n\n".join(parts) + "\n"


def _step_row(step: ProcedureStep, procedure: Procedure, language: str) -> list[str]:
    roles = ", ".join(f"{name} ({procedure.roles[name].name[language]})" for name in step.roles)
    results = [f"{name} ({one[language]})" for name, one in step.outcomes.items()]
    if step.takes != "outcome":
        results = [] if step.takes == "nothing" else [guide_texts(language)[f"takes_{step.takes.rpartition('-')[2]}"]]
    return [f"`{step.id}`", step.clause, step.name[language], roles, ", ".join(results), step.evidence[language]]


def _column_row(name: str, column: ColumnSpec, language: str) -> list[str]:
    allowed = word_lists()[column.one_of] if column.one_of else {}
    return [f"`{name}`", column.unit, guide_texts(language)["yes"] if column.blank else "",
            ", ".join(f"{word} ({names[language]})" if names[language] != word else word
                      for word, names in allowed.items()),
            {"zh": column.zh, "en": column.en}[language]]


def _item_row(source: Source, item: SourceItem, language: str) -> list[str]:
    say = guide_texts(language)
    without = say["given"] if item.factor else say["optional"] if item.optional else say["needed"]
    return [f"`{source.id}` {source.name[language]}", source.clause, f"`{item_text(source, item)}`",
            " / ".join(item.units), item.name[language], without]


def _metric_row(metric: Metric, language: str) -> list[str]:
    return [f"`{metric.id}`", " / ".join(metric.units), metric.name[language], metric.meaning[language]]


def _grid(header: list[str], rows: Iterable[list[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
