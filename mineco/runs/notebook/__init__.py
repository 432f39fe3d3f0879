"""Notebooks executed from top to bottom, in a process started for it or forked from one that is kept ready.

Rule: both give the same numbers; neither outlives its run.
"""

__all__ = ["cells", "execute", "files", "fork_engine", "interpreter", "kernel", "server", "shell", "warm"]
