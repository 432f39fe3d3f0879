"""What a mine hands in, read strictly.

Rule: everything wrong is told at once with file, row, column and value; nothing is filled in, clipped or skipped.
"""

__all__ = [
    "balances", "cells", "event_log", "mine", "mine_checks", "parcel_points", "parcel_rates", "periods", "plausibility",
    "read", "rows", "serials", "tables",
]
