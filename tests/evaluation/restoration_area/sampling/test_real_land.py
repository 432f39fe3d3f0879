"""A sample of real land, of maps alone: a basin of ninety classes, of which most are rare."""

import pytest

from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.sampling.draw import lay_out
from mineco.evaluation.restoration_area.sampling.views import strata_table
from tests.helpers.from_scratch import settings
from tests.helpers.real_land import willamette
from tests.helpers.refusals import refused_with


@pytest.fixture
def basin(tmp_path):
    folder = willamette(tmp_path / "basin")
    (folder / "rasters" / "pools.csv").unlink()
    return folder


def test_a_blank_dossier_is_told_which_coordinates_to_write_and_then_draws(basin):
    with refused_with("area.yaml crs: sample_without_crs"):
        lay_out(area.open_case(basin))
    settings(basin, crs="EPSG:26910")
    drawn = lay_out(area.open_case(basin), least=10)
    # every class of the covers is in a stratum, the rare ones together; land to restore stands by itself, though rare
    whole = area.read_land(area.open_case(basin))[1]
    known = {code for one in drawn.strata for code in one.cover}
    assert known == {code for one in whole.layers.facts if one.id.startswith("cover_end") for code in one.histogram}
    assert {one.restore for one in drawn.strata if one.area_ha < 100} == {"yes"}
    assert drawn.error < 0.02
    assert max(len(line) for line in strata_table(drawn).text.splitlines()) < 200
