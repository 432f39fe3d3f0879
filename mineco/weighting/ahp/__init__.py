"""The analytic hierarchy process: from judgement matrices to weights that can be defended (clause 9.2).

Every function takes one matrix (n, n) or a stack (k, n, n); nothing is rounded before it is shown. λmax, CI, RI and CR
come with the method and the random index that they belong to. The parts:

- `mineco.weighting.judgements`: judgement matrices, checked
- `mineco.weighting.random_index`: the random indices with their sources
- `mineco.weighting.ahp.priorities`: weights by three methods
- `mineco.weighting.ahp.incomplete`: comparisons left out
- `mineco.weighting.ahp.consistency`: consistency ratios, and the worst judgements
- `mineco.weighting.ahp.groups`: many experts
- `mineco.weighting.ahp.hierarchy`: trees of criteria
- `mineco.weighting.ahp.uncertainty`: how far weights could lie from what they are
"""

from mineco.weighting.ahp.consistency import Consistency, consistency, inconsistent_judgements
from mineco.weighting.ahp.groups import aggregate_judgements, aggregate_priorities, consensus
from mineco.weighting.ahp.hierarchy import hierarchy_weights
from mineco.weighting.ahp.incomplete import complete
from mineco.weighting.ahp.priorities import METHODS, fitting_method, priority_vector, weights_by_method
from mineco.weighting.ahp.uncertainty import WeightSpread, weight_uncertainty
from mineco.weighting.judgements import judgement_matrix

__all__ = [
    "METHODS", "Consistency", "WeightSpread", "aggregate_judgements", "aggregate_priorities", "complete", "consensus",
    "consistency", "fitting_method", "hierarchy_weights", "inconsistent_judgements", "judgement_matrix",
    "priority_vector", "weight_uncertainty", "weights_by_method",
]
