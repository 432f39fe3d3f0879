"""Every formula: symbols, units, source and function; what is printed is made from the function itself."""

from docutils import nodes

from mineco.core.formatting import unit_text
from mineco.core.labels import label
from mineco.evaluation.steps import formula_function, tex
from mineco.evaluation.views.words import document_text, spoken
from mineco.standards.load import load_standard, standard_ids
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import Formula
from mineco_site.make import Cell, bullets, code, displayed, math, section, table
from mineco_site.texts import headings, text


def formulas(language: str) -> list[nodes.Node]:
    """The formulas of all standards, by the module of their functions."""
    rooms: dict[str, list[nodes.Node]] = {}
    known = {name: standard for standard in map(load_standard, standard_ids()) for name in standard.formulas}
    for name, standard in sorted(known.items()):
        formula = standard.formulas[name]
        module = formula_function(formula.function).__module__.removeprefix("mineco.")
        rooms.setdefault(module, []).append(formula_section(language, standard, formula))
    return [section(f"in-{module}", text(language, module, "modules"), *made)
            for module, made in sorted(rooms.items())]


def formula_section(language: str, standard: Standard, formula: Formula) -> nodes.section:
    """One formula with its symbols and where it comes from."""
    function = formula_function(formula.function)
    colon = "：" if language == "zh" else ": "

    def told(name: str, *parts: str | nodes.Node) -> Cell:
        return [nodes.strong("", text(language, name)), colon, *parts]

    rows = [[math(formula.tex), text(language, "result"), units(formula.units)],
            *([math(symbol.tex), spoken(symbol.name), units(symbol.units)] for symbol in formula.symbols.values())]
    source = document_text(spoken(standard.references[formula.source].title), formula.locator)
    return section(
        formula.id, spoken(formula.name), displayed(f"{formula.tex} = {tex(formula)}"),
        table(headings(language, "symbol", "meaning", "units"), rows),
        bullets([told("function", code(f"{function.__module__}.{function.__name__}")),
                 told("source", f"{source} [{label(formula.status)}]"),
                 told("used_by", "; ".join(used_by(language, formula.id)) or text(language, "none"))]))


def units(given: tuple[str, ...]) -> str:
    """The units of a symbol, one for each set in which the formula is computed."""
    return " | ".join(unit_text(unit) or "1" for unit in dict.fromkeys(given))


def used_by(language: str, name: str) -> list[str]:
    """The standards that use a formula, with the clause."""
    return [f"{spoken(standard.name)} {standard.clauses[name]}"
            for standard in map(load_standard, standard_ids()) if name in standard.clauses]
