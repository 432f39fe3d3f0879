"""The command line as click knows it: usage, arguments, options and examples of each command."""

from textwrap import dedent

import click
from docutils import nodes

from mineco.cli.main import main
from mineco.core.formatting import DASH
from mineco.core.labels import CHINESE
from mineco_site.make import Cell, code, joined, paragraph, section, table
from mineco_site.texts import headings, text

BETWEEN = " / "  # the languages of a line
AS_IT_STANDS = "\b"  # click's mark of a paragraph whose lines are kept


def commands(language: str) -> list[nodes.Node]:
    """A section for each command, in alphabetic order."""
    context = click.Context(main, info_name="mineco")
    return [command_section(language, name, main.commands[name], context) for name in main.list_commands(context)]


def command_section(language: str, name: str, command: click.Command, parent: click.Context) -> nodes.section:
    """One command: what it does, how it is called, what it takes."""
    context = click.Context(command, info_name=name, parent=parent)
    usage = command.get_usage(context).partition(" ")[2].replace("\n", " ")
    rows = [row(language, one) for one in command.params if isinstance(one, click.Option) and not one.hidden]
    options = [table(headings(language, "option", "meaning", "default"), rows)] if rows else []
    return section(f"mineco-{name}", f"mineco {name}", literal(" ".join(usage.split())),
                   *described(language, command.help or ""), *options)


def described(language: str, told: str) -> list[nodes.Node]:
    """What a command says of itself in one language; paragraphs whose lines are kept, such as examples, in both."""
    made: list[nodes.Node] = []
    for part in told.split("\n\n"):
        lines = part.rstrip().splitlines()
        if lines and lines[0].strip() == AS_IT_STANDS:
            made.append(literal("\n".join(lines[1:])))
            continue
        own = [half(line.strip(), language) for line in lines
               if BETWEEN in line or bool(CHINESE.search(line)) == (language == "zh")]
        if own:
            made.append(paragraph(("" if language == "zh" else " ").join(own)))
    return made


def half(told: str, language: str) -> str:
    """The part in one language of a line that has both, Chinese first.

    >>> half("写出权重文件 / write the file", "en"), half("一句话", "zh")
    ('write the file', '一句话')
    """
    chinese, between, english = told.partition(BETWEEN)
    return english if between and language == "en" else chinese


def literal(told: str) -> nodes.literal_block:
    """Lines that are kept as they stand, less the blanks that all of them begin with."""
    told = dedent(told).strip("\n")
    return nodes.literal_block(told, told, language="text")


def row(language: str, option: click.Option) -> list[Cell]:
    """An option with what it takes and what holds where it is left out."""
    names = [code(f"{name} {option.make_metavar(click.Context(main))}" if not option.is_flag else name)
             for name in (*option.opts, *option.secondary_opts)]
    meaning = half(option.help or "", language)
    if option.multiple:
        meaning += f" ({text(language, 'several')})" if language == "en" else f"（{text(language, 'several')}）"
    shown = isinstance(option.default, str | int | float) and not option.is_flag and str(option.default)
    return [joined(names, ", "), meaning, code(str(option.default)) if shown else
            text(language, "required") if option.required else DASH]
