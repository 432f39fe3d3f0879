"""A first evaluation of a mine that lacks data: the score as a range, and what is missing (clause 8.2, reading R34)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.labels import nothing_wrong
from mineco.core.quantity import Quantity
from mineco.evaluation.account import Account, GasLine, gather_account
from mineco.evaluation.base import CheckResult, Recorded, TraceEntry
from mineco.evaluation.carbon_neutral_mine import form
from mineco.evaluation.carbon_neutral_mine.gaps import Gap, Together, ranked, together
from mineco.evaluation.carbon_neutral_mine.history import years_held
from mineco.evaluation.carbon_neutral_mine.quantities import KnownQuantities, known_quantities
from mineco.evaluation.case import Case, missing_inputs
from mineco.evaluation.indicator_results import IndicatorResult, Indicators, measure_indicator
from mineco.evaluation.ledgers import Ledger, compute_abatement, compute_ledger, compute_offsets, compute_restoration
from mineco.evaluation.record.results import as_notice
from mineco.evaluation.record.score import score_checks, score_quantities
from mineco.evaluation.score import ScoreRange, compute_score_range


@dataclass(frozen=True, repr=False)
class PartialAccount(Account):
    """An account with gaps: what rests on them says what is missing, in place of a number that is too small."""

    missing: tuple[Problem, ...]
    energy_is_known: bool  # no source of which something is missing uses energy

    def select(self, scopes: Iterable[str], basis: str = "location") -> list[GasLine]:
        raise BadInput(self.missing)

    def energy(self, *given: Any, **named: Any) -> Quantity:
        if not self.energy_is_known:
            raise BadInput(self.missing)
        return super().energy(*given, **named)

    def known_part(self) -> Account:
        """The sources that are known; emissions are at least theirs."""
        return Account(self.case, self.year, self.lines, self.energy_lines)


@dataclass(frozen=True, repr=False)
class Preliminary(Recorded):
    """What can be said of a mine whose dossier has gaps: no grade."""

    results = form.PreliminaryResults
    status = "preliminary"
    readings = ("R1", "R2", "R4", "R6", "R7", "R8", "R14", "R20", "R28", "R32", "R34")
    readings_of_grades = ("R23",)

    case: Case
    accounts: Mapping[int, Account]
    emissions: Quantity  # of the reporting year [t CO2e]
    emissions_are_known: bool  # else they are at least that
    indicators: Indicators  # that are known, or do not apply
    missing: Mapping[str, tuple[Problem, ...]]  # by indicator: what is missing, so that it takes 0 to 100 points
    score: ScoreRange
    gaps: tuple[Problem, ...]  # all that the full evaluation would ask for

    def points(self, indicator: str) -> tuple[Any, Any] | None:
        """Lowest and highest points of an indicator; None where it does not apply."""
        if indicator in self.missing:
            return 0.0, 100.0
        known = self.indicators[indicator]
        return (known.score, known.score) if known.applicable else None

    @property
    def account(self) -> Account:
        """The account of the reporting year as far as it is known."""
        now = self.accounts[self.case.year]
        return now.known_part() if isinstance(now, PartialAccount) else now

    @cached_property
    def ranked_gaps(self) -> tuple[Gap, ...]:
        """The gaps with what closing each would bring, the one that narrows the range most first."""
        return ranked(self.gaps, self.missing, self.score.low.weights)

    @cached_property
    def together(self) -> tuple[Together, ...]:
        """Which of the ranked gaps only together free an indicator."""
        return together(self.ranked_gaps, self.missing, self.score.low.weights)

    def quantities(self) -> list[Quantity]:
        """The known emissions, and values and bounds of the indicators that are known."""
        return [self.emissions, *score_quantities(self.indicators, None)]

    def printed(self) -> list[Quantity]:
        """With every line of the account that is known."""
        account = self.account
        return [*self.quantities(), *(line.mass for line in account.lines),
                *(line.energy for line in account.energy_lines)]

    def outcome(self) -> form.PreliminaryOutcome:
        """The outcome as results.json tells it."""
        low, high = self.score.low, self.score.high
        return form.PreliminaryOutcome.model_validate({
            "score": {"low": low.total.value, "high": high.total.value, "share_known": self.score.share_known,
                      "groups": {name: {"low": low.groups[name].value, "high": high.groups[name].value}
                                 for name in low.groups},
                      "indicators": [self._indicator(name) for name in self.case.standard.indicators]},
            "account": {"at_least": not self.emissions_are_known,
                        **{name: one.value for name, one in self._account_quantities().items()}},
            "gaps": [{**as_notice(one.problem), "indicators": list(one.indicators), "narrows": one.narrows,
                      "blocks": one.blocks} for one in self.ranked_gaps],
            "together": [{"gaps": list(one.gaps), "indicators": list(one.indicators), "narrows": one.narrows}
                         for one in self.together]})

    def _indicator(self, name: str) -> dict[str, Any]:
        known, (low, high) = self.indicators.get(name), self.points(name) or (None, None)
        value = known.value if known else None
        return {"id": name, "low": low, "high": high, "value": None if value is None else value.value,
                "unit": "" if value is None else value.unit, "weight": self.score.low.weights.get(name),
                "missing": [place for place, gap in enumerate(self.ranked_gaps) if name in gap.indicators]}

    def _account_quantities(self) -> dict[str, Quantity]:
        account = self.account
        return {"emissions_t_co2e": self.emissions, "scope1_t_co2e": account.scope("1"),
                "scope2_location_t_co2e": account.scope("2"), "scope2_market_t_co2e": account.scope("2", "market"),
                "scope3_t_co2e": account.scope("3")}

    def trace(self) -> Iterator[TraceEntry]:
        """The trace of `outcome`, as far as it rests on something that is known."""
        for end, score in (("low", self.score.low), ("high", self.score.high)):
            yield f"outcome.score.{end}", "score", "", [score.total]
            for name, points in score.groups.items():
                yield f"outcome.score.groups.{name}.{end}", "score", "", [points]
        for name, one in self.indicators.items():
            if one.value is not None:
                yield f"outcome.score.indicators[{name}].value", "indicators", "", [one.value]
        for name, quantity in self._account_quantities().items():
            yield f"outcome.account.{name}", "account", "", [quantity]

    def checks(self) -> list[CheckResult]:
        """Sums that must agree at both ends of the range."""
        return [*score_checks(self.case, self.score.low), score_checks(self.case, self.score.high)[-1]]

    def summary(self) -> dict[str, Any]:
        """The main figures by name, each a value or an array; None where a figure is not known.

        ``emissions_of``: where emissions are "at least", the sources that they are of.

        >>> from mineco.evaluation.case import open_case
        >>> found = preliminary(open_case("parameters/mines/tiny-quarry")).summary()
        >>> found["status"], bool(found["score_low"] == found["score_high"]), found["share_known"]
        ('preliminary', True, 1.0)
        """
        name = "emissions_t_co2e" if self.emissions_are_known else "emissions_at_least_t_co2e"
        found: dict[str, Any] = {
            "status": "preliminary", "score_low": self.score.low.total.value, "score_high": self.score.high.total.value,
            "share_known": self.score.share_known, name: self.emissions.value,
            "emissions_of": None if self.emissions_are_known else "; ".join(sorted(
                {line.source.id for line in self.account.select(("1", "2"))}))}
        for one in self.case.standard.indicators:
            known = self.indicators.get(one)
            found[one] = known and known.score
            found[f"{one}_value"] = known and known.value and known.value.value
        return found


def preliminary(case: Case) -> Preliminary:
    """Each indicator that is known with its points, every other one with 0 to 100, and the range of the total.

    The case may have been opened with gaps (`mineco.evaluation.case.open_case_with_gaps`), of one mine or of many.

    Raises
    ------
    BadInput
        With every problem that is more than a gap.

    >>> from dataclasses import replace
    >>> from mineco.evaluation.case import open_case
    >>> case = open_case("parameters/mines/tiny-quarry")
    >>> known = [row for row in case.dossier.metrics if (row.year, row.metric) != (2024, "fresh_water")]
    >>> found = preliminary(replace(case, dossier=replace(case.dossier, metrics=known)))
    >>> list(found.missing), round(found.score.share_known, 4)  # 15 x (20 + 15) % of the weight
    (['E3.2', 'E3.4'], 0.9475)
    """
    problems, gaps = Problems(), Problems(case.gaps)
    accounts = _known_accounts(case, problems, gaps)
    named, indicators, missing = KnownQuantities(), Indicators(), dict[str, tuple[Problem, ...]]()
    with problems.collect():
        named = known_quantities(case, accounts, _ledger_in_part(case, accounts))
    for indicator in case.standard.indicators.values() if not problems else ():
        found = _measured(case, indicator.id, named, problems)
        if isinstance(found, IndicatorResult):
            indicators[indicator.id] = found
        else:
            missing[indicator.id] = found
            for one in found:
                if one not in gaps:
                    gaps.append(one)
    problems.stop()
    now = accounts[case.year]
    known = now.known_part() if isinstance(now, PartialAccount) else now
    return Preliminary(case, accounts, known.emissions(), known is now, indicators, missing,
                       compute_score_range(case, indicators, missing), tuple(gaps))


def _known_accounts(case: Case, problems: Problems, gaps: Problems) -> dict[int, Account]:
    """The accounts of the years that count, and of others that the dossier holds, as far as they are known."""
    accounts: dict[int, Account] = {}
    for year in sorted({*case.years, *years_held(case)}):
        found = Problems()
        account, unknown = gather_account(case, year, found)
        if not nothing_wrong(found):
            problems += [one for one in found if year in case.years]
            continue
        gaps += [one for one in found if one not in gaps and year in case.years]
        accounts[year] = account if not found else PartialAccount(
            case, year, account.lines, account.energy_lines, tuple(found), _no_energy(case, unknown, account))
    problems.stop()
    return accounts


def _no_energy(case: Case, unknown: Iterable[str], account: Account) -> bool:
    """Whether none of the sources of which something is missing uses energy; a year without any row may use all."""
    return bool(account.lines or account.energy_lines) and not any(
        result.energy for name in unknown for result in case.standard.sources[name].results)


def _ledger_in_part(case: Case, accounts: Mapping[int, Account]) -> dict[str, Callable[[], Quantity]]:
    """What gives each quantity of the ledger, or raises what is missing for it and for nothing else."""
    account = accounts[case.year]

    def ledger(*absent: str) -> Ledger:
        rows: dict[str, Any] = {table: [] for table in absent}
        known = {table: rows for table, rows in case.left_out.items() if table not in absent}
        return compute_ledger(replace(case, dossier=replace(case.dossier, **rows), left_out=known), account)

    return {"emissions": account.emissions,
            "abatement": lambda: compute_abatement(case, account, accounts.get(case.year - 1),
                                                   accounts.get(case.base_year)).total,
            "restoration_removals": lambda: compute_restoration(case).removals,
            "restored_area": lambda: compute_restoration(case).area,
            "filled_co2": lambda: ledger("measures", "offsets", "parcels").removals.filled,
            "removals": lambda: ledger("measures", "offsets").removals.total,
            "residual": lambda: ledger("measures", "offsets").residual,
            "offsets": lambda: compute_offsets(case).total,
            "offset_ratio": lambda: ledger("measures").offset_ratio}


def _measured(case: Case, name: str, named: KnownQuantities,
              problems: Problems) -> IndicatorResult | tuple[Problem, ...]:
    """An indicator, or what is missing for it; what is wrong is noted."""
    indicator = case.standard.indicators[name]
    try:
        lacks = missing_inputs(case, indicator, unknown=named.missing)
        once = tuple(one for number, one in enumerate(lacks) if one not in lacks[:number])
        return once or measure_indicator(case, indicator, named)
    except BadInput as error:
        if not nothing_wrong(error.problems):
            with problems.collect():
                raise
        return tuple(error.problems)
