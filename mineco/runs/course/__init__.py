"""The course: exercises that lessons ask and check, and what a teacher hands out.

Rule: what a student's notebook shows never holds an answer; answers, solutions and marks lie in ``parameters/course``.
"""

from mineco.core.lazy import lazy_names

__all__ = [
    "checking", "class_data", "exercises", "exporter", "fitting", "guide", "hand_out", "lessons", "slides", "solved",
    "wrong_report",
]
__getattr__, __dir__ = lazy_names(__name__, {"check": "mineco.runs.course.checking:check"})
