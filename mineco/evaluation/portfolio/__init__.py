"""Many mines at once: a group rolled up to its parents, and benchmarks that a portfolio would propose.

Rule: figures come from the summary of a batch; nothing here evaluates a mine anew or changes what one is held to.
"""

__all__ = ["consolidation", "holdings"]
