"""Terms of a limit in sources.yaml: what bounds what, as products of items, results of steps and constants."""

import functools
import re
from dataclasses import dataclass

CONSTANT = re.compile(r"(\d+(?:\.\d+)?)(?: (.+))?")


@dataclass(frozen=True)
class Term:
    """A product with its sign: items or results of one source, times a constant with its unit."""

    sign: float
    source: str  # blank: the source of the limit
    names: tuple[str, ...]  # an item, or "=id" of a step; none: the constant alone
    constant: float
    unit: str  # of the constant


@functools.cache
def read_term(text: str) -> Term:
    """A term as sources.yaml writes it: ``[-][source.]name``, times further names of that source or constants.

    >>> read_term("-stock_end").names, read_term("8 %")
    (('stock_end',), Term(sign=1.0, source='', names=(), constant=8.0, unit='%'))
    >>> read_term("mine-gas-use.quantity*methane*0.9")
    Term(sign=1.0, source='mine-gas-use', names=('quantity', 'methane'), constant=0.9, unit='1')
    """
    sign = -1.0 if text.startswith("-") else 1.0
    source, names, constant, units = "", [], 1.0, []
    for piece in (one.strip() for one in text.removeprefix("-").split("*")):
        if found := CONSTANT.fullmatch(piece):
            constant *= float(found[1])
            units += [found[2]] if found[2] else []
        else:
            before, dot, name = piece.rpartition(".")
            source = before if dot else source
            names.append(name)
    return Term(sign, source, tuple(names), constant, product_unit(units))


def product_unit(units: list[str]) -> str:
    """The unit of a product.

    >>> product_unit(["m3_20C", "kg/m3_20C"]), product_unit(["t"]), product_unit([])
    ('(m3_20C) (kg/m3_20C)', 't', '1')
    """
    kept = [unit for unit in units if unit != "1"] or ["1"]
    return kept[0] if len(kept) == 1 else " ".join(f"({unit})" for unit in kept)
