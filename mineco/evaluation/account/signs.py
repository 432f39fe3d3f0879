"""No emission or energy below zero: exports of bought energy have a floor (reading R27), other lines are refused."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np

from mineco.core.errors import Problems
from mineco.core.quantity import Quantity
from mineco.evaluation.account.lines import EnergyLine, GasLine
from mineco.evaluation.case import Case
from mineco.evaluation.steps import step
from mineco.standards.limits import read_term
from mineco.standards.vocabulary import Source

RENEWABLE = "renewable"  # energy of renewables, a part of that of the other carriers
DUST = 1e-6  # t: a gram, which the rounding of a difference may leave below zero


def exports_not_netted(case: Case, lines: Iterable[GasLine]) -> list[GasLine]:
    """For each carrier and basis the lines that bring exports beyond the purchase back to zero (reading R27)."""
    formula = case.standard.formulas["exports_not_netted"]
    carriers: dict[tuple[str, str], dict[str, GasLine]] = {}
    for line in lines:
        if line.source.scope == "2":
            carriers.setdefault((carrier_of(case, line.source), line.basis), {})[line.id] = line
    found = []
    for (name, basis), parts in carriers.items():
        if np.any(np.less(sum(one.mass.value for one in parts.values()), 0)):
            source = case.standard.sources[name]
            result = f"exports_{basis}" if basis else "exports"
            masses = {id_: one.mass for id_, one in parts.items()}
            mass = step(formula, f"{name}||{result}", source.clause, parts=masses)
            line = next(iter(parts.values()))
            found.append(replace(line, source=source, key="", result=result, mass=mass))
    return found


def exported_energy_not_netted(case: Case, lines: Iterable[EnergyLine]) -> list[EnergyLine]:
    """For each purchased energy the line that brings exports beyond it back to zero (reading R27).

    What the mine makes of the same carrier may be sold as well, but own renewables that are used stay energy used.
    """
    formula = case.standard.formulas["exported_energy_not_netted"]
    used = list(lines)
    purchased = {(line.source.id, line.carrier): line for line in used
                 if line.source.scope == "2" and line.carrier != RENEWABLE}
    found = []
    for (name, carrier), line in purchased.items():
        parts = {one.id: one.energy for one in used if one.carrier == carrier
                 and (one.source.id == name or one.source.scope != "2")}
        made = {one.source.id for one in used if one.carrier == carrier and one.source.scope == "none"}
        renewable = {one.id: one.energy for one in used if one.carrier == RENEWABLE and one.source.id in made}
        net = sum(one.value for one in parts.values()) - sum(one.value for one in renewable.values())
        if np.any(np.less(net, 0)):
            energy = step(formula, f"{name}||exports_energy", line.source.clause, parts=parts, renewable=renewable)
            found.append(replace(line, key="", result="exports_energy", energy=energy))
    return found


def lowered_by(case: Case, unknown: Collection[str]) -> set[str]:
    """Sources whose emissions may lie below what is known of them, with what is not known of others.

    Those of one purchased energy are netted with each other, and recovered gas is taken from where it would be lost.
    """
    sources = case.standard.sources
    carriers = {carrier_of(case, sources[name]) for name in unknown if sources[name].scope == "2"}
    netted = {one.id for one in sources.values() if one.scope == "2" and carrier_of(case, one) in carriers}
    taken = {term.source for name in unknown for limit in sources[name].limits for term in map(read_term, limit.within)
             if any(part.startswith("-=") for part in limit.parts)}
    return netted | taken


def carrier_of(case: Case, source: Source) -> str:
    """The purchased energy that a source belongs to: its own, or the one of which it is a contract."""
    return next((one.id for one in case.standard.sources.values() if one.scope == "2" for limit in one.limits
                 if source.id in {read_term(part).source for part in limit.parts}), source.id)


def netted_with(case: Case, source: Source) -> set[str]:
    """The sources from which one takes what it recovers, so that its own emissions may be below zero."""
    return {term.source for limit in source.limits if any(part.startswith("-=") for part in limit.parts)
            for term in map(read_term, limit.within) if term.source in case.standard.sources}


def refuse_negative(case: Case, year: int, lines: Iterable[GasLine],
                     rows: Mapping[tuple[str, str], Mapping[str, Quantity]], problems: Problems) -> None:
    """No source but a declared removal is below zero; what takes from others (recovered gas) has a limit that says so.

    Purchased energy is below zero only as a carrier, and has its floor already.
    """
    for line in lines:
        taken = f"-={line.result}" in {part for limit in line.source.limits for part in limit.parts}
        if line.source.scope in ("1", "3") and not taken and np.any(np.less(line.mass.value, -DUST)):
            masses = np.ravel(line.mass.value)
            datum = next(iter(rows[line.source.id, line.key].values())).datum
            problems.add("emission_below_zero", file=datum.file, row=datum.row, column="quantity",
                         value=float(masses[int(np.argmax(masses < -DUST))]), year=year, gas=line.gas, key=line.key,
                         name_zh=line.source.name_zh, name_en=line.source.name_en)
