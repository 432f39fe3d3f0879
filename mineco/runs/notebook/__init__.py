"""Notebooks executed from top to bottom: an ordinary kernel, or a fork of an interpreter that is kept ready.

Rule: both give the same numbers; neither outlives its run.
"""

__all__ = ["fork", "fork_engine", "guard", "kernel", "preloaded", "printing", "warm"]
