"""The teacher's guide as Markdown: minutes, prerequisites, errors that people make, marks, and a dry run."""

from mineco.core.kit import templates
from mineco.runs.course.checking import unit_said
from mineco.runs.course.exercises import Exercise
from mineco.runs.course.lessons import read_course, teaching


def guide(language: str, answers: bool = False) -> str:
    """The guide in one language, with the answers where it is for teachers alone.

    >>> "| Lesson 1: What counts as an emission |" in guide("en"), "72.9" in guide("en"), "72.9" in guide("en", True)
    (True, False, True)
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    course = read_course(language)
    titles = {one.name: one.title for one in course}
    made = Environment(loader=FileSystemLoader(templates() / "course"), trim_blocks=True, lstrip_blocks=True,
                       undefined=StrictUndefined, keep_trailing_newline=True)  # Markdown: its renderer escapes
    return str(made.get_template(f"guide.{language}.md.jinja").render(
        course=course, answers=answers, pace=teaching()["pace"], marks=teaching()["marks"], written=_written,
        needs={one.name: [titles[name].split("　")[0].split(":")[0] for name in one.plan["needs"]] for one in course},
        unit=lambda one: unit_said(one.unit, language)))


def _written(answer: object, one: Exercise) -> str:
    """An answer as one would type it."""
    if one.within is not None:
        return f"{answer:.10g}"
    return ", ".join(sorted(answer)).upper() if isinstance(answer, frozenset) else str(answer)
