"""The analytic hierarchy process: from judgement matrices to weights that can be defended (clause 9.2).

Every function takes one matrix (n, n) or a stack (k, n, n); nothing is rounded before it is shown. λmax, CI, RI and CR
come with the method and the random index that they belong to. The parts:

- `mineco.judgements`: judgement matrices, checked
- `mineco.random_index`: the random indices with their sources
- `mineco.ahp_priorities`: weights by three methods
- `mineco.ahp_incomplete`: comparisons left out
- `mineco.ahp_consistency`: consistency ratios, and the worst judgements
- `mineco.ahp_groups`: many experts
- `mineco.ahp_hierarchy`: trees of criteria
- `mineco.ahp_uncertainty`: how far weights could lie from what they are
"""

from mineco.ahp_consistency import Consistency, consistency, inconsistent_judgements
from mineco.ahp_groups import aggregate_judgements, aggregate_priorities, consensus
from mineco.ahp_hierarchy import hierarchy_weights
from mineco.ahp_incomplete import complete
from mineco.ahp_priorities import METHODS, fitting_method, priority_vector, weights_by_method
from mineco.ahp_uncertainty import WeightSpread, weight_uncertainty
from mineco.judgements import judgement_matrix

__all__ = [
    "METHODS", "Consistency", "WeightSpread", "aggregate_judgements", "aggregate_priorities", "complete", "consensus",
    "consistency", "fitting_method", "hierarchy_weights", "inconsistent_judgements", "judgement_matrix",
    "priority_vector", "weight_uncertainty", "weights_by_method",
]
