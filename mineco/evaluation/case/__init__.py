"""What every evaluation starts from: a dossier, the standard, the factors and the options (rule: no result in here)."""

from mineco.evaluation.case.asked import (
    figures_asked,
    lacking_figure,
    missing_figure,
    missing_inputs,
    require_inputs,
    way_of,
    why_not_applicable,
)
from mineco.evaluation.case.case import (
    Case,
    ChosenOption,
    require_standard,
    require_whole,
    with_panel,
    without_panel,
)
from mineco.evaluation.case.opening import (
    QUANTITY_TABLES,
    checked_case,
    gather_case,
    open_case,
    open_case_with_gaps,
)
from mineco.evaluation.case.options import (
    in_own_potentials,
    parse_options,
    resolve_options,
    under_other_options,
    with_options,
)

__all__ = [
    "QUANTITY_TABLES", "Case", "ChosenOption", "checked_case", "figures_asked", "gather_case", "in_own_potentials",
    "lacking_figure", "missing_figure", "missing_inputs", "open_case", "open_case_with_gaps", "parse_options",
    "require_inputs", "require_standard", "require_whole", "resolve_options", "under_other_options", "way_of",
    "why_not_applicable", "with_options", "with_panel", "without_panel",
]
