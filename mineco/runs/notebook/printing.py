"""How much the cells of a notebook may print, counted where they print it: what is read from a pipe is already made."""

from typing import Any

MAX_OUTPUT = 50_000_000  # characters of all cells together: a report with a hundred figures is a tenth of it


class TooMuchOutput(RuntimeError):
    """Raised in the cell that prints without end."""


def limit(stream: type[Any], most: int) -> None:
    """Let all streams of a class together write so many characters and no more.

    >>> import io
    >>> class Stream(io.StringIO): pass
    >>> limit(Stream, 3)
    >>> Stream().write("abc")
    3
    >>> Stream().write("d")
    Traceback (most recent call last):
    mineco.runs.notebook.printing.TooMuchOutput: more than 3 characters
    """
    write, left = stream.write, [most]

    def counted(self: Any, text: str) -> Any:
        left[0] -= len(text)
        if left[0] < 0:
            raise TooMuchOutput(f"more than {most:,} characters")
        return write(self, text)

    stream.write = counted
