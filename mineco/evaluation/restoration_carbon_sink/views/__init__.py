"""What the report on a restoration's carbon sink shows beside the shared views.

Rule: no number is made here.
"""

__all__ = ["advice", "certificate", "sink", "supervision"]
