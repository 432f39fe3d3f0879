"""Cases for tests: the example dossiers, and what a mine might hand in otherwise."""

from dataclasses import replace
from functools import cache

from mineco.core.kit import parameters
from mineco.core.quantity import Datum, Quantity
from mineco.dossier.rows import ActivityRow, MetricRow, OffsetRow
from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate, open_case

WITH_GAPS = "example-iron-ore"  # what it lacks, and why, its README tells
EXAMPLES = ("tiny-quarry", "changcun-coal", "example-copper", "example-mineral-water")


def held_to(standard="carbon-neutral-mine-2025"):
    """The whole example dossiers that have ratings under a standard, in order."""
    tables = sorted((parameters() / "mines").glob("*/ratings.csv"))
    return [path.parent.name for path in tables
            if f"\n{standard}," in path.read_text("utf-8-sig") and path.parent.name != WITH_GAPS]


def example(name="tiny-quarry", **options):
    """The case of an example dossier."""
    return open_case(parameters() / "mines" / name, **options)


@cache
def example_once(name="tiny-quarry"):
    """The same, read once, for tests that draw many changes of it."""
    return example(name)


@cache
def evaluated(name="tiny-quarry"):
    """The evaluation of an example dossier as a carbon-neutral mine."""
    return evaluate(example(name))


def with_dossier(case, **fields):
    """The case with other tables."""
    return replace(case, dossier=replace(case.dossier, **fields))


def with_mine(case, **fields):
    """The case with other entries of mine.yaml."""
    return with_dossier(case, mine=case.dossier.mine.model_copy(update=fields))


def given(name, value, unit, file="activity.csv", row=99):
    """A datum of a dossier."""
    datum = Datum(file=file, row=row, given=str(value), given_unit=unit, data_source="a ledger", frequency="monthly",
                  meter="meter 1", quality="high", verified_by="a third party")
    return Quantity(value, unit, "measured", name, datum)


def activity(source, key, parameter, value, unit, year=2024, row=99):
    """A row of activity.csv."""
    name = ".".join(part for part in (source, key, parameter) if part)
    return ActivityRow(year, source, key, parameter, given(name, value, unit, row=row))


def metric(name, value, unit, year=2024):
    """A row of metrics.csv."""
    return MetricRow(year, name, given(name, value, unit, "metrics.csv"))


def offset(quantity, retired, vintage, kind="credit", serial="S-1", programme="registry", beyond=True, line=2):
    """A row of offsets.csv."""
    return OffsetRow(kind=kind, programme=programme, project="a project", serial=serial, vintage=vintage, issued=None,
                     retired=retired,
                     quantity=given(f"offset.{serial}", quantity, "tCO2e", "offsets.csv", line),
                     beyond_compliance=beyond, evidence="evidence/certificate.pdf", line=line)


def plus(case, *rows):
    """The case with more rows of activity.csv."""
    return with_dossier(case, activity=[*case.dossier.activity, *rows])


def without(case, source, parameter=None, key=None):
    """The case without the rows of a source, or one of its parameters or keys."""
    kept = [row for row in case.dossier.activity if row.source != source or parameter not in (None, row.parameter)
            or key not in (None, row.key)]
    return with_dossier(case, activity=kept)


def with_metric(case, name, value, year=None):
    """The case with another value of a metric."""
    rows = [replace(row, quantity=replace(row.quantity, value=value))
            if row.metric == name and row.year == (year or case.year) else row for row in case.dossier.metrics]
    return with_dossier(case, metrics=rows)


def written_in(case, name, unit, year):
    """The case with a metric of a year written in another unit."""
    return with_dossier(case, metrics=[replace(row, quantity=row.quantity.to(unit))
                                       if (row.metric, row.year) == (name, year) else row
                                       for row in case.dossier.metrics])


def without_figures(case, *names):
    """The case whose year has none of some metrics: 0 of each that the dossier gives."""
    for name in names:
        case = with_metric(case, name, 0.0)
    return case


def with_years(case, **factors):
    """The case with more years, each like 2023 with the amount of every source multiplied, as ``y2021=2.0``."""
    activity, metrics = list(case.dossier.activity), list(case.dossier.metrics)
    for name, factor in factors.items():
        year = int(name.removeprefix("y"))
        activity += [replace(row, year=year, quantity=replace(row.quantity, value=row.quantity.value * (
            factor if row.parameter in ("quantity", "purchased") else 1.0)))
                     for row in case.dossier.activity if row.year == 2023]
        metrics += [replace(row, year=year) for row in case.dossier.metrics if row.year == 2023]
    return with_dossier(case, activity=activity, metrics=metrics)


def years_later(case, years):
    """The case with every table and year of mine.yaml moved on: the same mine in a later reporting year."""
    mine = case.dossier.mine
    base = mine.base_year.model_copy(update={"year": mine.base_year.year + years})
    moved = with_mine(case, reporting_year=mine.reporting_year + years, base_year=base)
    tables = {name: [replace(row, year=row.year + years) for row in getattr(case.dossier, name)]
              for name in ("activity", "metrics", "measures", "parcels")}
    return with_dossier(moved, **tables)


def mapped(case, change, tables=("activity", "metrics", "measures", "offsets", "parcels")):
    """The case with every quantity of some tables changed."""
    def row_of(row):
        fields = {name: change(value) for name, value in vars(row).items() if isinstance(value, Quantity)}
        if "inputs" in vars(row):
            fields["inputs"] = {name: change(value) for name, value in row.inputs.items()}
        return replace(row, **fields)

    return with_dossier(case, **{name: [row_of(row) for row in getattr(case.dossier, name)] for name in tables})
