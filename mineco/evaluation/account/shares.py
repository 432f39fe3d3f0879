"""What each source has in the emissions that are graded, and on what kind of data that rests."""

from dataclasses import dataclass

from mineco.core.lazy import Brief
from mineco.core.quantity import KINDS, Datum, Quantity
from mineco.evaluation.account.compute import GRADED
from mineco.evaluation.account.lines import Account, GasLine
from mineco.standards.vocabulary import Source


@dataclass(frozen=True, repr=False)
class SourceShare(Brief):
    """One source with what it burns, uses or emits: its gases and its part in the graded emissions."""

    source: Source
    key: str
    gases: dict[str, Quantity]  # by gas [t CO2e]
    emissions: Quantity  # [t CO2e]
    share: float  # of the graded emissions; 0 where they are zero
    kind: str  # of the mine's data behind it, the weakest


def source_shares(account: Account) -> tuple[SourceShare, ...]:
    """The sources of scopes 1 and 2 on the graded basis, the largest first.

    >>> import mineco as mc
    >>> first = source_shares(mc.evaluate("parameters/mines/tiny-quarry").account())[0]
    >>> first.source.id, first.key, round(first.share, 3), first.kind
    ('mobile-combustion', 'diesel', 0.648, 'measured')
    """
    lines: dict[tuple[str, str], list[GasLine]] = {}
    for line in account.select(GRADED, str(account.case.option("scope2_basis"))):
        lines.setdefault((line.source.id, line.key), []).append(line)
    total = float(account.emissions())
    found = []
    for own in lines.values():
        gases: dict[str, list[GasLine]] = {}
        for line in own:
            gases.setdefault(line.gas, []).append(line)
        emitted = account.co2e("source", own)
        found.append(SourceShare(own[0].source, own[0].key,
                                 {gas: account.co2e(gas, some) for gas, some in gases.items()}, emitted,
                                 float(emitted) / total if total else 0.0, weakest_kind(own)))
    return tuple(sorted(found, key=lambda one: -float(one.emissions)))


def measured_share(account: Account) -> float | None:
    """The part of the graded emissions whose data the mine measured throughout; None where nothing is emitted. [1]

    >>> import mineco as mc
    >>> round(measured_share(mc.evaluate("parameters/mines/tiny-quarry").account()), 3)
    0.934
    """
    found = source_shares(account)
    return sum(one.share for one in found if one.kind == KINDS[0]) if any(one.share for one in found) else None


def weakest_kind(lines: list[GasLine]) -> str:
    """The weakest kind of the mine's own data behind some lines; ``default`` where there is none but factors.

    A zero that the mine states once for all (``absent``) is told as that, and weakens no figure beside it.
    """
    kinds = {one.kind for line in lines for one in line.mass.chain()
             if isinstance(one.origin, Datum) and one.origin.file != "mine.yaml"}
    return max(kinds, key=KINDS.index) if kinds else "default"
