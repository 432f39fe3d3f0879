"""What is refused, and the words in which it is: the messages of the command line, inside a notebook."""

from collections.abc import Callable

from mineco.core.errors import BadInput
from mineco.core.labels import label, problem_text
from mineco.report.tables import Block, note, show_text


def refusal(attempt: Callable[..., object], *arguments: object, **named: object) -> Block:
    """Try a call, and show every problem for which it is refused, or that there is none.

    >>> from mineco.core import labels
    >>> from mineco.core import units
    >>> labels.set_language("en")
    >>> print(refusal(units.convert, 1.0, "t", "ha").text.partition(". ")[0])
    Refused
    - unit = t: measures something else than what is asked for here
    >>> labels.set_language("zh")
    """
    try:
        attempt(*arguments, **named)
    except BadInput as error:
        return note(label("refused"), [problem_text(problem) for problem in error.problems])
    return show_text(label("no_problem"))
