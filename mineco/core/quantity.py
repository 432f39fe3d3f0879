"""A number that knows its unit, its kind and where it came from: the thread from a result back to its input."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mineco.core.calls import complete_class
from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.formatting import format_number, unit_text
from mineco.core.labels import label, problem_text
from mineco.core.lazy import Brief, Shown
from mineco.core.number import Number
from mineco.core.units import compatible, convert, is_known_unit

KINDS = ("measured", "calculated", "default", "assumed")
STATUSES = ("read", "quoted", "derived", "unverified", "assumed", "suspect")
SAME = 1e-12  # relative difference that a conversion of units may leave
WEAK_STATUSES = ("unverified", "assumed", "suspect")


@dataclass(frozen=True, kw_only=True, repr=False)
class Datum(Brief):
    """What clause 5.1 c asks of every datum that a mine hands in, and the row where it stands."""

    file: str
    row: int | str
    given: str = ""  # the quantity as typed
    given_unit: str = ""
    data_source: str = ""
    frequency: str = ""
    meter: str = ""
    quality: str = ""
    verified_by: str = ""
    uncertainty_pct: float | None = None
    note: str = ""
    column: str = ""


@dataclass(frozen=True, kw_only=True, repr=False)
class Factor(Shown):
    """One number of ``parameters/``: a factor or a parameter of a standard, with its source and status."""

    id: str
    quantity: str
    value: float
    unit: str
    source: str  # a document by its id, with the place in it
    status: str
    name_zh: str
    name_en: str
    edition: str = ""
    data_year: int | None = None
    facets: Mapping[str, str] = field(default_factory=dict)
    clause: str = ""
    seen: str = ""  # where and how the number was seen, for those who check it

    def as_quantity(self) -> "Quantity":
        """The factor as a default datum of a formula."""
        kind = "assumed" if self.status == "assumed" else "default"
        return Quantity(self.value, self.unit, kind, self.id, self)


@dataclass(frozen=True, repr=False)
class Step(Brief):
    """A formula and the numbers put in, in the units that the formula states."""

    formula: str  # id in formulas.yaml
    inputs: Mapping[str, "Quantity | Mapping[str, Quantity]"]
    clause: str = ""
    function: str = ""  # that was applied
    again: Callable[..., "Quantity"] | None = field(default=None, compare=False)  # the step, from other inputs


@complete_class
@dataclass(frozen=True, eq=False, repr=False)
class Quantity(Shown):
    """A value with unit, kind and origin.

    ``value`` is a float, or an array with one element per draw or per mine; everything downstream takes both.

    Quantities of one dimension are compared, added and subtracted, whatever their units; the result has the unit of
    the first, and a step of its own behind it, so that nothing is lost of where it came from. With a bare number
    they are not: nobody knows its unit. ``==`` says whether two are the same amount (to 12 digits, all elements of an
    array); as a key of a mapping each quantity stands for itself.

    >>> Quantity(3.5, "t", "measured", "diesel", Datum(file="activity.csv", row=4)).origin.row
    4
    """

    value: Number
    unit: str
    kind: str
    name: str
    origin: Datum | Factor | Step

    __array_ufunc__ = None  # numpy leaves it to the quantity what to do with a bare number
    __hash__ = object.__hash__

    def __float__(self) -> float:
        return float(self.value)

    def __str__(self) -> str:
        return self._written(lambda value: format_number(value))

    def __format__(self, spec: str) -> str:
        """The value in the given form, and the unit behind it.

        >>> f"{Quantity(1234.56, 'tCO2e', 'calculated', 'net', Step('', {})):,.1f}"
        '1,234.6 tCO₂e'
        """
        return self._written(lambda value: format(value, spec)) if spec else str(self)

    def _written(self, form: Callable[[float], str]) -> str:
        values = self.value.tolist() if hasattr(self.value, "tolist") else self.value
        text = f"[{len(values)}]" if isinstance(values, list) else form(values)
        return f"{text} {unit_text(self.unit)}".rstrip()

    def __round__(self, digits: int | None = None) -> "Quantity":
        return replace(self, value=round(self.value, digits or 0))  # type: ignore[arg-type]

    def to(self, unit: str) -> "Quantity":
        """The same quantity in another unit; a bare unit of mass keeps the substance that it is a mass of.

        Raises
        ------
        BadInput
            When the unit measures something else, or is not known.

        >>> str(Quantity(1234.56, "tCO2e", "calculated", "net", Step("", {})).to("kt"))
        '1.235 ktCO₂e'
        """
        of_substance = unit + self.unit.removeprefix("t")
        bare = not compatible(unit, self.unit) and self.unit.startswith("t") and is_known_unit(of_substance)
        wanted = of_substance if bare else unit
        return replace(self, value=convert(self.value, self.unit, wanted), unit=wanted)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Quantity):
            return NotImplemented
        if self is other:
            return True
        if not compatible(self.unit, other.unit):
            return False
        ours, theirs = _elements(self.value), _elements(convert(other.value, other.unit, self.unit))
        return len(ours) == len(theirs) and all(
            math.isclose(one, another, rel_tol=SAME) for one, another in zip(ours, theirs, strict=True))

    def __lt__(self, other: object) -> Any:
        return self.value < self._same(other)

    def __le__(self, other: object) -> Any:
        return self.value <= self._same(other)

    def __gt__(self, other: object) -> Any:
        return self.value > self._same(other)

    def __ge__(self, other: object) -> Any:
        return self.value >= self._same(other)

    def __add__(self, other: object) -> "Quantity":
        """The sum, in the unit of the first.

        >>> tonnes = Quantity(500.0, "t", "measured", "coal", Datum(file="activity.csv", row=4))
        >>> kilotonnes = Quantity(2.0, "kt", "measured", "more", Datum(file="activity.csv", row=5))
        >>> both = tonnes + kilotonnes
        >>> str(both), both.name, len(list(both.chain()))
        ('2,500 t', 'coal + more', 3)
        """
        return self._combined(other, "+", self.value + self._same(other))

    def __radd__(self, other: object) -> "Quantity":
        return self if type(other) is int and other == 0 else self.__add__(other)  # `sum` begins with 0

    def __sub__(self, other: object) -> "Quantity":
        return self._combined(other, "−", self.value - self._same(other))

    def __rsub__(self, other: object) -> "Quantity":
        return self.__sub__(other)  # is refused

    def _same(self, other: object) -> Number:
        """The value of another quantity in the unit of this one; anything else is refused in people's words."""
        if isinstance(other, Quantity):
            return convert(other.value, other.unit, self.unit)
        raise TypeError(problem_text(Problem("quantity_and_number", value=str(other), details={
            "quantity": str(self), "unit": self.unit})))

    def _combined(self, other: object, sign: str, value: Number) -> "Quantity":
        assert isinstance(other, Quantity)
        made = Step("", {"first": self, "second": other}, function="sum" if sign == "+" else "difference")
        return Quantity(value, self.unit, "calculated", f"{self.name} {sign} {other.name}", made)

    def redo(self, **inputs: Any) -> "Quantity":
        """The step behind the quantity once more with some of its inputs changed, in the unit of this quantity.

        Parameters
        ----------
        **inputs
            By the names of the formula's symbols: a number in the unit in which the input was given, a quantity in
            any unit of the same dimension; of a sum, a mapping with those of its parts that change.

        Raises
        ------
        BadInput
            When there is no step behind, with every name that is no input of it, or when a unit does not fit.

        >>> import mineco as mc
        >>> account = mc.evaluate("parameters/mines/tiny-quarry").account()
        >>> burnt = account.lines[0].mass
        >>> round(float(burnt), 1), round(float(burnt.redo(fuel=100)), 1)  # 207 t, 100 t
        (651.0, 314.5)
        """
        made = self.origin
        if not isinstance(made, Step) or made.again is None:
            raise BadInput(Problem("no_step_behind", value=self.name))
        problems, given = Problems(), dict(made.inputs)
        for name, value in inputs.items():
            old = made.inputs.get(name)
            if old is None:
                problems.add("no_such_input", row=self.name, value=name, known=", ".join(made.inputs))
            elif isinstance(old, Quantity):
                given[name] = _instead(old, value)
            else:
                parts = value if isinstance(value, Mapping) else {}
                odd = [str(key) for key in parts if key not in old] or ([] if parts else [str(value)])
                for key in odd:
                    problems.add("no_such_input", row=f"{self.name}.{name}", value=key, known=", ".join(old))
                given[name] = {key: _instead(one, parts[key]) if key in parts else one for key, one in old.items()}
        problems.stop()
        found = made.again(**given)
        if found.name != self.name:  # points of an indicator stand beside the step of its value
            raise BadInput(Problem("no_step_behind", value=self.name))
        return found.to(self.unit)

    @property
    def datum(self) -> Datum:
        """The row of the dossier that the quantity is.

        >>> Quantity(3.5, "t", "measured", "diesel", Datum(file="activity.csv", row=4)).datum.row
        4
        """
        if not isinstance(self.origin, Datum):
            raise TypeError(f"{self.name} is no datum of the dossier")
        return self.origin

    @property
    def inputs(self) -> dict[str, "Quantity"]:
        """The single quantities that went into the step behind this one; none where it is no result."""
        given = self.origin.inputs if isinstance(self.origin, Step) else {}
        return {symbol: one for symbol, one in given.items() if isinstance(one, Quantity)}

    def parts(self) -> Iterator[tuple[str, str, "Quantity"]]:
        """What went into the step behind this one, as `one_by_one` tells it; nothing where it is no result."""
        return one_by_one(self.origin.inputs if isinstance(self.origin, Step) else {})

    def chain(self) -> Iterator["Quantity"]:
        """Every quantity behind this one, itself first: results, then data and factors, each once."""
        seen: set[int] = set()
        waiting = [self]
        while waiting:
            quantity = waiting.pop(0)
            if id(quantity) in seen:
                continue
            seen.add(id(quantity))
            yield quantity
            waiting.extend(part for *_, part in quantity.parts())


def one_by_one(inputs: Mapping[str, Any]) -> Iterator[tuple[str, str, Quantity]]:
    """The inputs of a step: symbol, key where the symbol stands for several (else blank), quantity."""
    for symbol, given in inputs.items():
        for key, one in given.items() if isinstance(given, Mapping) else [("", given)]:
            yield symbol, key, one


def _instead(old: Quantity, given: Any) -> Quantity:
    """Another quantity in the place of an input; a bare number is one in the unit of the input."""
    if isinstance(given, Quantity):
        return given
    if isinstance(given, bool) or not hasattr(given, "__float__"):
        raise BadInput(Problem("not_a_number", row=old.name, value=str(given)))
    return replace(old, value=given if hasattr(given, "tolist") else float(given), kind="assumed",
                   origin=Datum(file=label("what_if"), row=old.name, given=str(given), given_unit=old.unit))


def _elements(value: Number) -> list[float]:
    values = value.tolist() if hasattr(value, "tolist") else value
    return values if isinstance(values, list) else [values]
