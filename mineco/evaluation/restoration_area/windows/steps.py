"""The steps by which land is measured, each a function of a window; a notebook may put another in the place of one."""

import numpy as np
from numpy.typing import NDArray

from mineco.core.number import Number
from mineco.evaluation.restoration_area.windows.land_window import LandWindow
from mineco.restoration.maps import series, terrain
from mineco.restoration.maps.transition import class_places

PRACTICE = 1.0  # P of RUSLE where nothing is done against erosion


def cover(land: LandWindow) -> NDArray[np.float64]:
    """Share of ground that plants cover, by the mean NDVI of the last years. [1]"""
    return series.vegetation_cover(land.ndvi_last, *land.plan.ends)


def trend(land: LandWindow) -> series.Trend:
    """Trend of NDVI with its test. [1/yr]"""
    return series.trend(land.ndvi, land.years, land.plan.fewest, land.plan.correlated)


def change(land: LandWindow) -> NDArray[np.float64]:
    """How bad the change of land is, from its class at the start and at the end. [1]"""
    before, after = (class_places(one, land.plan.codes) for one in (land.cover_start, land.cover_end))
    return land.plan.change[before, after]


def slope(land: LandWindow) -> Number:
    """Slope as an angle. [°]"""
    return terrain.slope_degrees(land.tangent)


def soil_loss(land: LandWindow) -> Number:
    """Soil lost to water: in t/(ha yr) where rain and soil are known, else beside a bare standard plot."""
    topography = terrain.steepness_factor(land.tangent) * terrain.length_factor(land.slope_length, land.tangent)
    protection = terrain.cover_factor(land.found["cover"])
    if land.plan.relative_loss:
        return terrain.soil_loss_index(topography, protection, PRACTICE)
    return terrain.soil_loss(land.read("erosivity"), land.read("erodibility"), topography, protection, PRACTICE)


def residual_trend(land: LandWindow) -> NDArray[np.float64]:
    """Trend of NDVI that rain does not explain; NaN where rain is not known. [1/yr]"""
    if land.response is None:
        return np.full(land.window.padded, np.nan)
    return series.sen_slope(land.response.residuals, land.years, land.plan.fewest)


STEPS = {"cover": cover, "trend": trend, "change": change, "slope": slope, "soil_loss": soil_loss,
         "residual_trend": residual_trend}
