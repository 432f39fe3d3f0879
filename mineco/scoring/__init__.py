"""Formulas of scores: indicators, value functions, weighted sums, grade cuts.

Rule: pure functions on floats and arrays in stated units, that of the result behind the first sentence; no file, no
frame, no default.
"""

from mineco.scoring.bounds import (
    at_most,
    baseline_limit,
    cap_without_own_gas,
    counted_abatement,
    larger_area,
    least_plan,
)
from mineco.scoring.emissions import (
    abatement_share,
    annual_reduction_rate,
    compound_reduction_rate,
    intensity_reduction_rate,
    share_of_emissions,
    target_achievement,
)
from mineco.scoring.indicators import (
    amount_per_output,
    areal_rate,
    intensity,
    intensity_to_reference,
    planned_areal_rate,
    ratio_to_cap,
    relative_soil_loss,
    share,
    share_without,
    solid_waste_utilisation,
    water_recycling,
)
from mineco.scoring.values import (
    binding_key,
    bounded_score,
    distance_to_next_grade,
    effective_weights,
    final_grade,
    grade_by_cuts,
    group_score,
    highest_reachable,
    mean_rating,
    offset_ratio,
    outlying_raters,
    rating_spread,
    total_score,
    value_score,
)

__all__ = [
    "abatement_share", "amount_per_output", "annual_reduction_rate", "areal_rate", "at_most", "baseline_limit",
    "binding_key",    "bounded_score", "cap_without_own_gas", "compound_reduction_rate", "counted_abatement",
    "distance_to_next_grade", "effective_weights", "final_grade", "grade_by_cuts", "group_score",
    "highest_reachable", "intensity", "intensity_reduction_rate", "intensity_to_reference", "larger_area",
    "least_plan", "mean_rating", "offset_ratio", "outlying_raters", "planned_areal_rate", "rating_spread",
    "ratio_to_cap", "relative_soil_loss", "share", "share_of_emissions", "share_without", "solid_waste_utilisation",
    "target_achievement", "total_score", "value_score", "water_recycling",
]
