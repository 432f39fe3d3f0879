"""How results show themselves in a notebook: a line, the report's own view, and a table to compute with.

Rule: no number is made here; `appearances` fills the table of `mineco.core.lazy` when the first object is shown.
"""

__all__ = ["appearances", "blocks", "frames", "lines"]
