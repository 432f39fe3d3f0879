"""Factors: the numbers of ``parameters/factors``, read once and looked up whole, with unit, source and status.

Rule: a suspect factor is never found unless it is chosen by its id.
"""

from mineco.standards.factors.lookup import Factors
from mineco.standards.factors.provinces import Provinces, by_province
from mineco.standards.factors.reading import AFTER, BEFORE, FACETS, OPTIONAL, load_factors

__all__ = ["AFTER", "BEFORE", "FACETS", "OPTIONAL", "Factors", "Provinces", "by_province",
           "load_factors"]
