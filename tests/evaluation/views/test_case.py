"""What is printed of the case: years, options, and how the year's data came about, counted from the tables."""

import csv
from collections import Counter

import pytest

from mineco import views
from mineco.core import kit, labels
from mineco.core.labels import label
from tests.helpers import mines
from tests.helpers.printed import about, column, number, row, table

QUARRY = kit.parameters() / "mines" / "tiny-quarry"


@pytest.fixture(autouse=True)
def english():
    labels.set_language("en")
    yield
    labels.set_language("zh")


def rows(name):
    """The rows of a table with their places in the file."""
    with (QUARRY / name).open(encoding="utf-8-sig", newline="") as file:
        return list(enumerate(csv.DictReader(file), start=2))


def test_the_years_are_told_with_the_base_and_the_one_before():
    shown = views.case.years(mines.example())
    assert row(shown, label("reporting_year"))["Content"] == "2024"
    assert row(shown, label("base_year"))["Content"].startswith("2023 · ")
    assert row(shown, label("previous_year"))["Content"] == "2023"
    assert row(shown, label("structural_change"))["Content"] == "0 %"


def test_shares_of_the_data_by_kind_and_by_quality_are_counts_over_all():
    # every row of the year in activity.csv and metrics.csv is a datum: 9 and 17
    data = [one for name in ("activity.csv", "metrics.csv") for _, one in rows(name) if one["year"] == "2024"]
    expected = {label(kind): count for kind, count in Counter(one["kind"] for one in data).items()}
    expected |= {f"{label('quality')} · {label(f'quality_{quality}')}": count
                 for quality, count in Counter(one["quality"] for one in data).items()}
    shown = {one["Kind"]: one for one in table(views.case.data_quality(mines.example()))}
    assert len(data) == 26
    assert {name: int(one["Count"]) for name, one in shown.items()} == expected
    assert {name: number(one["Share"]) for name, one in shown.items()} == {
        name: about(count / 26 * 100) for name, count in expected.items()}


def test_every_row_of_the_year_is_in_the_list_of_data_with_its_place():
    shown = views.case.data_list(mines.example())
    (diesel,) = [place for place, one in rows("activity.csv") if (one["year"], one["source"]) == (
        "2024", "mobile-combustion")]
    (line,) = [one for one in table(shown) if one["Row"] == f"activity.csv:{diesel}"]
    assert line["Quantity"] == "207 t"
    expected = {f"{name}:{place}" for name in ("activity.csv", "metrics.csv") for place, one in rows(name)
                if one["year"] == "2024"}
    assert expected <= set(column(shown, "Row"))


def test_sources_reported_and_left_out_are_ticked_apart():
    case = mines.example("example-copper")
    shown = table(views.case.sources(case))
    reported = [one for one in shown if one["Included"] == "yes"]
    assert len(shown) - len(reported) == len(case.dossier.mine.excluded_sources)
    assert row(views.case.sources(case), "green power")["Scope"] == "scope 2"


def test_evidence_is_listed_with_what_it_proves():
    case = mines.example()
    (parcel,), (measure,), (credit,) = case.dossier.parcels, case.dossier.measures, case.dossier.offsets
    shown = {one["Evidence"]: one["Proves"] for one in table(views.appendix.evidence_list(case))}
    for document, proved in ((parcel.evidence, "Q1"), (measure.evidence, "electric-loader"),
                             (credit.evidence, "EX-F-2023-600001-600720")):
        assert proved in shown[document].split(", ")
