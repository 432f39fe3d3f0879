"""What an account of a year holds: masses by gas and energy by carrier, line by line, and their sums in CO2e."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from mineco.core.lazy import Brief, Shown
from mineco.core.quantity import Quantity
from mineco.evaluation.case import Case
from mineco.evaluation.steps import step
from mineco.standards.vocabulary import Source

NOT_COUNTED = ("CO2_biogenic", "HCFC22")  # reported apart, outside every total: R22 is no gas of clause 6.2


@dataclass(frozen=True, repr=False)
class Line(Brief):
    """What one step of one source with one key comes to."""

    source: Source
    key: str
    result: str  # id of the step among the source's results

    @property
    def id(self) -> str:
        """Source, key and step, apart: unique in an account."""
        return f"{self.source.id}|{self.key}|{self.result}"


@dataclass(frozen=True, repr=False)
class GasLine(Line):
    """The mass of one gas from one source."""

    gas: str
    basis: str  # "location" or "market" for purchased energy, else ""
    mass: Quantity  # [t of the gas]


@dataclass(frozen=True, repr=False)
class EnergyLine(Line):
    """The energy that one source uses, in standard coal."""

    carrier: str  # fuel, electricity, heat, renewable
    energy: Quantity  # [tce]


@dataclass(frozen=True, repr=False)
class Account(Shown):
    """All gases and all energy of a year; CO2e comes last, from masses kept by gas."""

    case: Case
    year: int
    lines: tuple[GasLine, ...]
    energy_lines: tuple[EnergyLine, ...]

    @cached_property
    def _sums(self) -> dict[str, Quantity]:
        """What was summed before: an evaluation asks for the same sums a dozen times."""
        return {}

    def _once(self, name: str, summed: Callable[[], Quantity]) -> Quantity:
        if name not in self._sums:
            self._sums[name] = summed()
        return self._sums[name]

    def select(self, scopes: Iterable[str], basis: str = "location") -> list[GasLine]:
        """The lines of some scopes, those of purchased energy on one basis, biogenic CO2 left out."""
        return [line for line in self.lines
                if line.source.scope in scopes and line.basis in ("", basis) and line.gas not in NOT_COUNTED]

    def co2e(self, name: str, lines: Iterable[GasLine]) -> Quantity:
        """Masses of some lines, summed by gas, weighted by their warming potential. [t CO2e]"""
        return sum_co2e(self.case, name, lines)

    def scope(self, scope: str, basis: str = "location") -> Quantity:
        """Emissions of one scope. [t CO2e]"""
        name = f"scope{scope}_{basis}" if scope == "2" else f"scope{scope}"
        return self._once(f"{name} {basis}", lambda: self.co2e(name, self.select([scope], basis)))

    def emissions(self, basis: str | None = None) -> Quantity:
        """Scopes 1 and 2 on the basis that the option names: what is graded (R15, R16). [t CO2e]"""
        chosen = basis or str(self.case.option("scope2_basis"))

        def summed() -> Quantity:
            parts = {"scope1": self.scope("1"), "scope2": self.scope("2", chosen)}
            return step(self.case.standard.formulas["total_emissions"], "emissions", clause="7.1 a", parts=parts)

        return self._once(f"emissions {chosen}", summed)

    def energy(self, name: str = "energy", carriers: Iterable[str] = ("fuel", "electricity", "heat"),
               scopes: Iterable[str] = ("1", "2", "3", "none")) -> Quantity:
        """Energy used: all carriers or some, from sources of all scopes or some. [tce]"""
        parts = {line.id: line.energy
                 for line in self.energy_lines if line.carrier in carriers and line.source.scope in scopes}
        return step(self.case.standard.formulas["total_energy"], name, clause="A.1", parts=parts)


def sum_co2e(case: Case, name: str, lines: Iterable[GasLine]) -> Quantity:
    """Masses of lines, summed by gas, weighted by their warming potential. [t CO2e]"""
    masses: dict[str, dict[str, Quantity]] = {}
    for line in lines:
        masses.setdefault(line.gas, {})[line.id] = line.mass
    formulas = case.standard.formulas
    totals = {gas: step(formulas["total_mass"], f"mass_{gas}", parts=parts) for gas, parts in masses.items()}
    potentials = {gas: gwp(case, gas) for gas in totals}
    return step(formulas["co2e"], name, formulas["co2e"].clause, masses=totals, gwp=potentials)


def gwp(case: Case, gas: str) -> Quantity:
    """The warming potential of a gas in the set that the option names: of 100 years, beside it also of 20. [t CO2e/t]

    >>> from mineco.evaluation.case import open_case
    >>> case = open_case("parameters/mines/tiny-quarry")
    >>> gwp(case, "CH4_fossil").value, gwp(case, "CO2e").value
    (29.8, 1.0)
    """
    # what a supplier or a formula states in CO2e already has the potential 1 by definition
    edition, _, horizon = str(case.option("gwp")).partition(" GWP") if "gwp" in case.options else ("", "", "")
    editions = "|".join(filter(None, (edition, "definition")))
    return case.factors.find(f"gwp{horizon or 100}", gas=gas, edition=editions).as_quantity()
