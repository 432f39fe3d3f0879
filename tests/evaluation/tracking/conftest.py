"""The example quarry with ten years, followed once for all tests."""

import datetime
from dataclasses import replace

import pytest

import mineco as mc
from tests.helpers import mines

QUARRY = "example-quarry-years"


@pytest.fixture(scope="session")
def quarry():
    return mines.example_once(QUARRY)


@pytest.fixture(scope="session")
def ten_years(quarry):
    return mc.track(quarry)


@pytest.fixture(scope="session")
def last_years_dossier(quarry):
    """The dossier of 2024, as it would have been handed in: credits for it, ratings of it, nothing of 2025."""
    dossier = quarry.dossier
    of_then = [replace(row, retired=datetime.date(2025, 2, 10)) for row in dossier.offsets if row.vintage < 2024]
    case = mines.with_mine(quarry, reporting_year=2024, report_date=datetime.date(2025, 3, 31))
    return mines.with_dossier(case, offsets=of_then, **{
        name: [row for row in getattr(dossier, name) if row.year < 2025]
        for name in ("activity", "metrics", "bases", "measures", "parcels")})
