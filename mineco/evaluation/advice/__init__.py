"""What a mine lacks, what it could do about it, and what that would bring: advice, which is no finding of a verifier.

Rule: nothing is promised that was not evaluated: each step is a change of the mine's own figures, with every balance
kept, that went through the whole chain. What measures are known is data (``parameters/measures``).
"""

__all__ = ["effects", "figures", "library", "outcome", "steps", "trials", "written"]
