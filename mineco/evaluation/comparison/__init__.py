"""What changed between two results, and how much of the change each thing explains: exchanged one after the other.

Rule: nothing is approximated and nothing is left over. Every state between the two is evaluated by the whole chain, and
the terms add up to the change that was recorded.
"""

__all__ = ["changes", "data", "explain", "found", "kits", "mixed", "rules", "sides", "views", "weights"]
