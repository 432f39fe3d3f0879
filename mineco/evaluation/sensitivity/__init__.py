"""What a result is sensitive to: every change tried alone, and what each makes of the grade.

Rule: the chain is the real one; nothing is tried that a dossier could not be. These modules know no standard.
"""

from mineco.evaluation.sensitivity.changes import Change, Result
from mineco.evaluation.sensitivity.found import Sensitivity
from mineco.evaluation.sensitivity.inputs import at_ends, sobol, tornado
from mineco.evaluation.sensitivity.trying import try_all

__all__ = ["Change", "Result", "Sensitivity", "at_ends", "sobol", "tornado", "try_all"]
