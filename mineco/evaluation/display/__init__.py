"""How results show themselves in a notebook: a line, the report's own view, and a table to compute with.

Rule: no number is made here. A line and a table come without the drawing of figures that views bring with them.
"""

from mineco.core.lazy import lazy_names

__all__ = ["blocks", "choices", "comparisons", "ending", "frames", "lines", "paths", "portfolio", "tracking", "zones"]
__getattr__, __dir__ = lazy_names(__name__, {"line": "mineco.evaluation.display.lines:line",
                                             "block": "mineco.evaluation.display.blocks:block",
                                             "frame": "mineco.evaluation.display.frames:frame"})
