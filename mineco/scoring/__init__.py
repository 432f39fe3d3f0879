"""Formulas of scores: indicators, value functions, weighted sums, grade cuts.

Rule: pure functions on floats and arrays in stated units; no file, no frame, no default.
"""

from mineco.scoring.indicators import (
    abatement_share,
    amount_per_output,
    annual_reduction_rate,
    areal_rate,
    intensity,
    intensity_reduction_rate,
    intensity_to_reference,
    ratio_to_cap,
    ratio_to_path,
    relative_soil_loss,
    share,
    share_without,
    solid_waste_utilisation,
    target_achievement,
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
    "abatement_share", "amount_per_output", "annual_reduction_rate", "areal_rate", "binding_key", "bounded_score",
    "distance_to_next_grade", "effective_weights", "final_grade", "grade_by_cuts", "group_score", "highest_reachable",
    "intensity", "intensity_reduction_rate", "intensity_to_reference", "mean_rating", "offset_ratio",
    "outlying_raters", "ratio_to_cap", "ratio_to_path", "rating_spread", "relative_soil_loss", "share",
    "share_without", "solid_waste_utilisation", "target_achievement", "total_score", "value_score", "water_recycling",
]
