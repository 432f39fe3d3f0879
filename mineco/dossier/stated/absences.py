"""What does not exist at a mine: named once under ``absent`` in mine.yaml, it stands for rows of 0 in every year.

A source is left out as if its reason were given, an item of a source or an operating figure counts as a stated zero.
Only what would be good for the mine may be absent in this way: nothing sold, used, flared or planned. What it brings
out, takes in or emits has a row of its own, if of 0.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mineco.core.errors import Problem, Problems
from mineco.core.labels import label
from mineco.core.quantity import Datum, Quantity
from mineco.core.reading.tables import Row
from mineco.dossier.mine import Mine
from mineco.dossier.models import Lines, line_of
from mineco.dossier.names import ids_named
from mineco.dossier.rows import ActivityRow, MetricRow
from mineco.dossier.texts import OwnText
from mineco.standards.load import load_standard, standard_ids
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import Named

FILE, KEY = "mine.yaml", "absent"
Figures = tuple[list[ActivityRow], list[MetricRow]]


@dataclass(frozen=True)
class Absent:
    """One name of the list: a source, an item of one, or a figure; of one year, else of all."""

    source: str = ""
    item: str = ""
    metric: str = ""
    year: int | None = None

    def meets(self, row: ActivityRow | MetricRow) -> bool:
        """Whether a row is about it."""
        if self.year not in (None, row.year):
            return False
        if isinstance(row, MetricRow):
            return row.metric == self.metric
        return row.source == self.source and self.item in ("", row.parameter)


def with_absences(mine: Mine, lines: Lines, activity: Sequence[ActivityRow], metrics: Sequence[MetricRow],
                  standard: Standard, problems: Problems) -> tuple[Mine, Figures]:
    """The mine and its figures with what it states to be absent; what is wrong with a name is noted."""
    excluded, figures = dict(mine.excluded_sources), (list(activity), list(metrics))
    rows: list[ActivityRow | MetricRow] = [*activity, *metrics]
    reason = OwnText(zh=label("stated_absent", "zh"), en=label("stated_absent", "en"))
    years = {mine.base_year.year, mine.reporting_year - 1, mine.reporting_year, *(row.year for row in rows)}
    for number, text in enumerate(mine.absent):
        line = line_of(lines, (KEY, number))
        named = _read(text, standard)
        if any(one.year not in (None, *years) for one in named) or (
                not named and _read(text.replace("＠", "@").partition("@")[0], standard)):
            problems.append(Problem("not_absent_in_that_year", FILE, line, KEY, text, {
                "years": ", ".join(map(str, sorted(years)))}))
            continue
        if not named and not any(_read(text, load_standard(other)) for other in standard_ids()):
            problems.append(Problem("not_to_be_absent", FILE, line, KEY, text, _known(standard)))
        for absent in named:
            given = next((row for row in rows if absent.meets(row) and row.quantity.value), None)
            if given is not None:
                datum = given.quantity.datum
                problems.append(Problem("absent_and_reported", FILE, line, KEY, text, {
                    "year": given.year, "from": datum.file, "line": datum.row}))
            elif absent.item or absent.metric:
                _add_zeros(absent, line, figures, standard)
            else:
                excluded.setdefault(absent.source, reason)
    return mine.model_copy(update={"excluded_sources": excluded}), figures


def without_blank_absences(rows: list[Row] | None, names: object, standard: Standard) -> list[Row] | None:
    """The rows of activity.csv or metrics.csv without those that are blank and about what the mine states to be absent.

    A form has rows of what a mine may have; their place is taken by the stated zeros. ``names`` stand there as they
    were typed, whatever else is wrong with mine.yaml; None, for rows that could not be read, stays.
    """
    if rows is None or not isinstance(names, list):
        return rows
    absent = [one for text in names if isinstance(text, str) for one in _read(text, standard)]
    return [row for row in rows if row.get("quantity") or row.get("value")
            or not any(_is_about(one, row, standard) for one in absent)]


def _is_about(absent: Absent, row: Row, standard: Standard) -> bool:
    """Whether a row as it was typed is about it."""
    if row["year"] != str(absent.year or row["year"]):
        return False
    if absent.metric or "metric" in row:
        return absent.metric in ids_named(row.get("metric", ""), standard.metrics)
    item = row["item"].replace("：", ":").rpartition(":")[2]
    return absent.source in ids_named(row["source"], standard.sources) and (
        not absent.item or absent.item in ids_named(item, standard.sources[absent.source].items))


def told_absences(mine: Mine, standard: Standard) -> Iterator[Problem]:
    """What counts as 0 because the mine says so, in one sentence."""
    named = [one for text in mine.absent for one in _read(text, standard) if one.item or one.metric]
    if named:
        names = {language: label("list_comma", language).join(_name(one, standard, language) for one in named)
                 for language in ("zh", "en")}
        yield Problem("stated_absent", FILE, column=KEY, details={"names_zh": names["zh"], "names_en": names["en"]})


def _read(text: str, standard: Standard) -> list[Absent]:
    """What a name means; nothing where it is nothing that may be absent.

    An item of several sources, as methane that is flared, is absent from all of them.
    """
    name, at, year = (part.strip() for part in text.replace("＠", "@").partition("@"))
    when = int(year) if year.isascii() and year.isdigit() else None
    if at and when is None:
        return []
    if when is None and len(sources := ids_named(name, standard.sources)) == 1:
        return [Absent(source=sources[0])]
    metrics = [one for one in ids_named(name, standard.metrics) if standard.metrics[one].may_be_absent]
    items = [(source, item) for source, known in standard.sources.items() for item, one in known.items.items()
             if one.may_be_absent and _is_called(name, source, item, standard)]
    return [*(Absent(metric=one, year=when) for one in metrics),
            *(Absent(source, item, year=when) for source, item in items)]


def _is_called(name: str, source: str, item: str, standard: Standard) -> bool:
    """Whether an item is named by itself, or behind its source and a colon."""
    first, colon, last = (part.strip() for part in name.replace("：", ":").partition(":"))
    items = standard.sources[source].items
    return item in ids_named(last, items) and source in ids_named(first, standard.sources) if colon else (
        name not in items and item in ids_named(name, items))


def _known(standard: Standard) -> dict[str, str]:
    """What may be absent beside sources: by name in each language for the message, by all of these and by id."""
    metrics = [one for one in standard.metrics.values() if one.may_be_absent]
    items = [(source, one) for source in standard.sources.values() for one in source.items.values()
             if one.may_be_absent]
    named: list[Named] = [*metrics, *(one for _, one in items)]
    names = {language: list(dict.fromkeys(one.name[language] for one in named)) for language in ("zh", "en")}
    ids = [*(one.id for one in metrics), *(f"{source.id}:{one.id}" for source, one in items)]
    return {"known": ", ".join([*ids, *names["zh"], *names["en"]]), **{
        f"known_{language}": label("list_comma", language).join(some) for language, some in names.items()}}


def _name(absent: Absent, standard: Standard, language: str) -> str:
    if absent.metric:
        name = str(getattr(standard.metrics[absent.metric], f"name_{language}"))
    else:
        source = standard.sources[absent.source]
        name = f"{getattr(source, f'name_{language}')} · {getattr(source.items[absent.item], f'name_{language}')}"
    return f"{name} {absent.year}" if absent.year else name


def _add_zeros(absent: Absent, line: int | str, figures: Figures, standard: Standard) -> None:
    """A stated zero wherever a year of the dossier, or a source that it reports in a year, has no row of it."""
    activity, metrics = figures
    if absent.metric:
        unit, there = standard.metrics[absent.metric].units[0], {row.year for row in metrics if absent.meets(row)}
        for year in sorted({row.year for row in metrics if absent.year in (None, row.year)} - there):
            metrics.append(MetricRow(year, absent.metric, _zero(unit, absent.metric, line, year)))
        return
    unit = standard.sources[absent.source].items[absent.item].units[0]
    parts = {(row.year, row.key) for row in activity if row.source == absent.source and absent.year in (None, row.year)}
    parts -= {(row.year, row.key) for row in activity if absent.meets(row)}
    for year, key in sorted(parts):
        name = ".".join(part for part in (absent.source, key, absent.item) if part)
        activity.append(ActivityRow(year, absent.source, key, absent.item, _zero(unit, name, line, year)))


def _zero(unit: str, name: str, line: int | str, year: int) -> Quantity:
    text = f"{label('stated_absent', 'zh')} / {label('stated_absent', 'en')}"
    return Quantity(0.0, unit, "assumed", name, Datum(file=FILE, row=line, column=f"{KEY}.{name}.{year}", given="0",
                                                      given_unit=unit, data_source=text, quality="low"))
