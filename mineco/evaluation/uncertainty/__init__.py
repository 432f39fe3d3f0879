"""How sure a result is: the spread of every datum and factor, carried through the whole evaluation.

Rule: the chain is the real one, evaluated with arrays; a spread is stated by the mine or a row of
``parameters/accounting/uncertainty.csv``, and says which. These modules know no standard.
"""

from mineco.evaluation.uncertainty.approaches import assess
from mineco.evaluation.uncertainty.found import FigureSpread, Uncertainty
from mineco.evaluation.uncertainty.inputs import Input, uncertain_inputs
from mineco.evaluation.uncertainty.shapes import draws_of, standard_deviation
from mineco.evaluation.uncertainty.slopes import deviations, slopes_of

__all__ = [
    "FigureSpread", "Input", "Uncertainty", "assess", "deviations", "draws_of", "slopes_of",
    "standard_deviation", "uncertain_inputs",
]
