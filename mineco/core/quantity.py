"""A number that knows its unit, its kind and where it came from: the thread from a result back to its input."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mineco.core.number import Number

KINDS = ("measured", "calculated", "default", "assumed")
STATUSES = ("read", "quoted", "derived", "unverified", "assumed", "suspect")
WEAK_STATUSES = ("unverified", "assumed", "suspect")


@dataclass(frozen=True, kw_only=True)
class Datum:
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


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One number of ``parameters/``: a factor or a parameter of a standard, with its source and status."""

    id: str
    quantity: str
    value: float
    unit: str
    source: str
    status: str
    name_zh: str
    name_en: str
    edition: str = ""
    data_year: int | None = None
    facets: Mapping[str, str] = field(default_factory=dict)
    clause: str = ""

    def as_quantity(self) -> "Quantity":
        """The factor as a default datum of a formula."""
        kind = "assumed" if self.status == "assumed" else "default"
        return Quantity(self.value, self.unit, kind, self.id, self)


@dataclass(frozen=True)
class Step:
    """A formula and the numbers put in, in the units that the formula states."""

    formula: str  # id in formulas.yaml
    inputs: Mapping[str, "Quantity | Mapping[str, Quantity]"]
    clause: str = ""
    function: str = ""  # that was applied


@dataclass(frozen=True, eq=False)
class Quantity:
    """A value with unit, kind and origin.

    ``value`` is a float, or an array with one element per draw or per mine; everything downstream takes both.

    >>> Quantity(3.5, "t", "measured", "diesel", Datum(file="activity.csv", row=4)).origin.row
    4
    """

    value: Number
    unit: str
    kind: str
    name: str
    origin: Datum | Factor | Step

    def __float__(self) -> float:
        return float(self.value)

    @property
    def datum(self) -> Datum:
        """The row of the dossier that the quantity is.

        >>> Quantity(3.5, "t", "measured", "diesel", Datum(file="activity.csv", row=4)).datum.row
        4
        """
        if not isinstance(self.origin, Datum):
            raise TypeError(f"{self.name} is no datum of the dossier")
        return self.origin

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
            if isinstance(quantity.origin, Step):
                for given in quantity.origin.inputs.values():
                    waiting.extend(given.values() if isinstance(given, Mapping) else [given])
