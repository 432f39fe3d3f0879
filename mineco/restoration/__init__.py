"""Formulas of restored land: pure functions on floats and arrays in documented units."""

from mineco.restoration.carbon import (
    area_carbon_stock,
    biomass_gain,
    disturbance_loss,
    gain_loss_change,
    measured_soil_carbon,
    net_sequestration,
    project_gain,
    rate_change,
    reference_soil_carbon,
    soil_transition_change,
    stock_density,
    stock_difference_change,
    tree_carbon_stock,
    wood_removal_loss,
)

__all__ = [
    "area_carbon_stock",
    "biomass_gain",
    "disturbance_loss",
    "gain_loss_change",
    "measured_soil_carbon",
    "net_sequestration",
    "project_gain",
    "rate_change",
    "reference_soil_carbon",
    "soil_transition_change",
    "stock_density",
    "stock_difference_change",
    "tree_carbon_stock",
    "wood_removal_loss",
]
