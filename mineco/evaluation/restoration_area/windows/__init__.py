"""What is done in one window of a map of restoration areas.

Rule: a step is a function of a window and names what it reads; a task runs steps and hands back what adds up.
"""

__all__ = ["land_window", "maps", "steps", "tasks"]
