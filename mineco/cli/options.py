"""What the commands have in common: options, how problems are told, and how rubbish is looked for."""

import atexit
import codecs
import errno
import functools
import gc
import io
import itertools
import re
import signal
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from mineco.core.errors import BadInput, Problem, file_trouble
from mineco.core.writing import text_width

if TYPE_CHECKING:
    from mineco.report.tables import Block

STANDARD = "carbon-neutral-mine-2025"
BAD_INPUT = 2
PLAIN = {"−": "-", "–": "-"}  # that Unicode knows no plain form of
TYPED_AS_IT_IS = re.compile(r"[\w./\\:~-]+")
MAX_LINES = 10  # of problems printed, where not all are asked for

language_option = click.option("--lang", "language", type=click.Choice(["zh", "en"]), default="zh", show_default=True,
                               help="报告与提示的语言 / language of reports and messages")
standard_option = click.option("--standard", "standard_id", default=STANDARD, show_default=True, metavar="ID",
                               help="标准编号，见 mineco standards / which standard, see `mineco standards`")

preliminary_option = click.option("--preliminary", is_flag=True,
                                  help="资料不全时的初步评价：得分区间，不评级 / data are missing: a range, no grade")


# A command keeps nearly all that it makes until it ends, and so do the processes of a batch, which import this: rubbish
# is looked for seldom, and at the end not at all.
gc.set_threshold(100_000)  # objects
atexit.register(gc.freeze)


def write_any_character() -> None:
    """Let what the code page of a console or of a pipe cannot write, such as ₂ in cp936, appear as what is near it."""
    codecs.register_error("nearest", nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="nearest")


def nearest(error: UnicodeError) -> tuple[str, int]:
    """What stands for characters that an encoding does not have: their plain form, else a question mark.

    >>> codecs.register_error("nearest", nearest)
    >>> "tCO₂e −5 m³ 煤 ⚠".encode("cp936", "nearest").decode("cp936")
    'tCO2e -5 m3 煤 ?'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    marks = error.object[error.start:error.end]
    plain = "".join(PLAIN.get(mark, unicodedata.normalize("NFKC", mark)) for mark in marks)
    return plain.encode(error.encoding, "replace").decode(error.encoding), error.end


def report_bad_input(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--lang``; print the problems of a BadInput in that language, all or ten lines of them, and leave with 2.

    So with what the system refuses, such as to write to a disk that is full.
    """

    @language_option
    @functools.wraps(command)
    def run_command(*arguments: Any, language: str, **options: Any) -> None:
        try:
            command(*arguments, language=language, **options)
        except BadInput as error:
            from mineco.core.labels import problem_text

            dossier = options.get("dossier") or next(iter(options.get("targets", ())), None)
            told_elsewhere = ("panel" in options or dossier) and not options.get("show_all")
            most = MAX_LINES if told_elsewhere else sys.maxsize
            again = f"weights {typed(options['panel'])}" if "panel" in options else f"check {typed(dossier)}"
            for problem in shortened(error.problems, most, f"mineco {again}"):
                click.echo(problem_text(problem, language), err=True)
            if options.get("preliminary") is False and not options.get("notebook") and _only_gaps(
                    error.problems, dossier, options):
                from mineco.core.labels import sentence

                again = f"mineco run {typed(dossier)} --preliminary --lang {language}"
                click.echo(sentence("only_gaps", language, command=again), err=True)
            sys.exit(BAD_INPUT)
        except OSError as error:
            from mineco.core.labels import problem_text

            if error.errno == errno.EPIPE:  # whoever reads has enough: click ends quietly
                raise
            click.echo(problem_text(file_trouble(error), language), err=True)
            sys.exit(BAD_INPUT)
        except KeyboardInterrupt:
            sys.exit(128 + signal.SIGINT)

    return run_command


def _only_gaps(problems: Sequence[Problem], dossier: Any, options: Mapping[str, Any]) -> bool:
    """Whether what is refused is only not whole yet, so that a preliminary evaluation can be made of it."""
    from mineco.core.labels import nothing_wrong
    from mineco.evaluation.case import parse_options
    from mineco.evaluation.registry import check_gaps
    from mineco.standards.load import load_standard

    if not nothing_wrong(problems):
        return False
    try:
        chosen = parse_options(load_standard(options["standard_id"]), chosen_options(options["gwp"], options["pairs"]))
        check_gaps(dossier, options["standard_id"], options.get("weights"), **chosen)
    except BadInput:
        return False
    return True


def shortened(problems: Sequence[Problem], most: int, command: str) -> list[Problem]:
    """As many problems as fit, the first of each kind before others of its kind, and how many are left out.

    >>> many = [Problem("not_a_year", "activity.csv", row) for row in range(2, 9)]
    >>> [str(one) for one in shortened([*many, Problem("missing_file", "mine.yaml")], 3, "mineco check x")]
    ['activity.csv 2: not_a_year', 'mine.yaml: missing_file', 'more_problems']
    """
    if len(problems) <= most:
        return list(problems)
    kinds: dict[tuple[str, str, str], int] = {}
    for place, one in enumerate(problems):
        kinds.setdefault((one.message, one.file, one.column), place)
    first = list(dict.fromkeys([*kinds.values(), *range(len(problems))]))[:most - 1]
    rest = Problem("more_problems", details={"more": len(problems) - len(first), "command": command})
    return [*(problems[place] for place in sorted(first)), rest]


def typed(path: object) -> str:
    """A path as one types it on any command line, in quotes where it needs them.

    >>> typed("runs/矿-1"), typed("我的 矿山")
    ('runs/矿-1', '"我的 矿山"')
    """
    return str(path) if TYPED_AS_IT_IS.fullmatch(str(path)) else f'"{path}"'


def print_blocks(blocks: Iterable["Block"]) -> None:
    """What the views show, as text, the cells of neighbouring rows below each other."""
    from mineco.report.tables import BETWEEN, below

    click.echo(in_columns(below(blocks).text, BETWEEN))


def in_columns(text: str, between: str) -> str:
    """Lines whose cells line up with those of their neighbours.

    >>> print(in_columns("煤 | 1.5\\ncoal | 20", " | "))
    煤    1.5
    coal  20
    """
    lines = []
    for _, rows in itertools.groupby((line.split(between) for line in text.splitlines()), key=len):
        table = list(rows)
        rooms = [max(map(text_width, column)) for column in zip(*table, strict=True)]
        lines += ["  ".join(cell + " " * (room - text_width(cell))
                            for cell, room in zip(row, rooms, strict=True)).rstrip() for row in table]
    return "\n".join(lines)


def chosen_options(gwp: str | None, pairs: tuple[str, ...]) -> dict[str, str]:
    """Options of the standard as typed: ``--gwp AR4`` and ``--option NAME=VALUE``.

    >>> chosen_options("AR4", ("scope2_basis=market",))
    {'scope2_basis': 'market', 'gwp': 'AR4'}
    """
    odd = [Problem("option_not_a_pair", column="--option", value=pair) for pair in pairs if "=" not in pair]
    if odd:
        raise BadInput(odd)
    chosen = dict(pair.split("=", 1) for pair in pairs)
    return chosen | ({"gwp": gwp} if gwp else {})


def evaluation_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that an evaluation and its check have in common."""
    for option in (
        click.option("--option", "pairs", multiple=True, metavar="NAME=VALUE",
                     help="标准的其他选项，可重复 / another option of the standard; may be repeated"),
        click.option("--gwp", metavar="SET", help="全球变暖潜能值：AR6、AR5、AR4…… / set of warming potentials"),
        standard_option,
    ):
        command = option(command)
    return command
