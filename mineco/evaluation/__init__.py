"""From a dossier to a grade: accounts, ledgers, indicators, score, and for each standard a folder of its own.

Rule: what standards share lies here and knows none of them; the folders of the standards do not know each other;
`registry` alone tells them apart.
"""

__all__ = [
    "account", "advice", "base", "carbon_neutral_mine", "case", "chapters", "comparison", "display", "draws",
    "indicator_results", "ledgers", "path", "places", "portfolio", "record", "registry", "restoration_area",
    "restoration_carbon_sink", "reweighting", "score", "sensitivity", "sheets", "shortfall", "stage_weights", "steps",
    "tracking", "uncertainty", "variants", "views", "volume",
]
