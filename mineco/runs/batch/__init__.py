"""Many mines in one go: dossiers, or rows of a table, on this machine or on a cluster.

Rule: each mine is evaluated as it would be alone, and none takes another one with it.
"""

__all__ = [
    "adapting", "batch", "blank_table", "forms", "land", "many", "mine_table", "reading", "records", "summary",
    "table", "table_results", "work",
]
