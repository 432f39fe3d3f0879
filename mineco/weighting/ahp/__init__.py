"""The analytic hierarchy process: from judgement matrices to weights that can be defended (clause 9.2).

Every function takes one matrix (n, n) or a stack (k, n, n); nothing is rounded before it is shown. λmax, CI, RI and CR
come with the method and the random index that they belong to. Judgements are checked by `mineco.weighting.judgements`;
the random indices with their sources are in `mineco.weighting.random_index`. The parts:

- `mineco.weighting.ahp.priorities`: weights by three methods, and comparisons left out
- `mineco.weighting.ahp.consistency`: consistency ratios, the worst judgements, the methods side by side
- `mineco.weighting.ahp.groups`: many experts, and how far their weights could lie from what they are
- `mineco.weighting.ahp.hierarchy`: trees of criteria
"""

from mineco.weighting.ahp.consistency import Consistency, consistency, inconsistent_judgements, weights_by_method
from mineco.weighting.ahp.groups import (
    WeightSpread,
    aggregate_judgements,
    aggregate_priorities,
    consensus,
    weight_uncertainty,
)
from mineco.weighting.ahp.hierarchy import hierarchy_weights
from mineco.weighting.ahp.priorities import METHODS, complete, priority_vector
from mineco.weighting.judgements import judgement_matrix

__all__ = [
    "METHODS", "Consistency", "WeightSpread", "aggregate_judgements", "aggregate_priorities", "complete", "consensus",
    "consistency", "hierarchy_weights", "inconsistent_judgements", "judgement_matrix", "priority_vector",
    "weight_uncertainty", "weights_by_method",
]
