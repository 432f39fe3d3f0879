"""Options of a case: what may be chosen, who chose, and what stands beside under the other values."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TypeVar

from mineco.core.errors import BadInput, Problems
from mineco.evaluation.case.case import Case, ChosenOption
from mineco.standards.standard import Standard

AnyEvaluation = TypeVar("AnyEvaluation")


def resolve_options(standard: Standard, dossier_options: Mapping[str, object],
                    chosen: Mapping[str, object]) -> dict[str, ChosenOption]:
    """Each option of the standard with its value and origin: command line, then mine.yaml, then the default.

    >>> from mineco.standards.load import load_standard
    >>> standard = load_standard("carbon-neutral-mine-2025")
    >>> resolve_options(standard, {"gwp": "AR5"}, {"gwp": None})["gwp"]
    ChosenOption(value='AR5', origin='mine.yaml')
    """
    problems = Problems()
    settled = {name: ChosenOption(known.default, "standard") for name, known in standard.options.items()}
    for origin, given in (("mine.yaml", dossier_options), ("command-line", chosen)):
        with problems.collect():
            settled |= _checked(standard, origin, {name: one for name, one in given.items() if one is not None})
    problems.stop()
    return settled


def parse_options(standard: Standard, given: Mapping[str, str]) -> dict[str, object]:
    """Options as somebody typed them, each in the standard's own type; what is none of its values stays as it is.

    >>> from mineco.standards.load import load_standard
    >>> parse_options(load_standard("carbon-neutral-mine-2025"), {"gwp": "ar4", "combustion_ch4_n2o": "FALSE"})
    {'gwp': 'AR4', 'combustion_ch4_n2o': False}
    """
    known = standard.options
    return {name: next((one for one in known[name].allowed if str(one).lower() == value.lower()), value)
            if name in known else value for name, value in given.items()}


def with_options(case: Case, **chosen: object) -> Case:
    """The same case under other options: the results that stand beside (readings R12, R13, R15).

    Raises
    ------
    BadInput
        With every option that the standard does not have or does not allow.
    """
    return replace(case, options={**case.options, **_checked(case.standard, "beside", chosen)})


def in_own_potentials(case: Case) -> Case:
    """The case under the set of potentials in which its dossier states CO2e: mine.yaml's, else the standard's default.

    >>> from mineco.evaluation.case import open_case
    >>> in_own_potentials(open_case("parameters/mines/tiny-quarry", gwp="AR4")).option("gwp")
    'AR6'
    """
    stated = case.dossier.mine.options.get("gwp", case.standard.options["gwp"].default)
    return case if case.option("gwp") == stated else with_options(case, gwp=stated)


def under_other_options(case: Case, names: Collection[str], evaluate: Callable[[Case], AnyEvaluation]
                        ) -> dict[tuple[str, object], AnyEvaluation | BadInput]:
    """(option, value) → the evaluation under each value that was not chosen, or why it cannot be made."""
    found: dict[tuple[str, object], AnyEvaluation | BadInput] = {}
    for name in names:
        for value in (*case.standard.options[name].allowed, *case.standard.options[name].beside):
            if value != case.option(name):
                try:
                    found[name, value] = evaluate(with_options(case, **{name: value}))
                except BadInput as error:
                    found[name, value] = error
    return found


def _checked(standard: Standard, origin: str, given: Mapping[str, object]) -> dict[str, ChosenOption]:
    """Options of one origin, each known and allowed; 1 is not true, although Python takes them for equal."""
    problems = Problems()
    for name, value in given.items():
        if name not in standard.options:
            problems.add("unknown_option", file=origin, row="options", column=name, value=value,
                         allowed=", ".join(standard.options))
        elif not any(type(value) is type(one) and value == one for one in (
                *standard.options[name].allowed, *(standard.options[name].beside if origin == "beside" else ()))):
            beside = str(value).casefold() in (str(one).casefold() for one in standard.options[name].beside)
            problems.add("option_only_beside" if beside else "option_not_allowed", file=origin, row="options",
                         column=name, value=value if isinstance(value, str | int | float) else str(value),
                         allowed=", ".join(map(str, standard.options[name].allowed)))
    problems.stop()
    return {name: ChosenOption(value, origin) for name, value in given.items()}
