"""Factors found: whole, with unit, source and status, by quantity and facets, by id or by text."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import Shown
from mineco.core.number import Number
from mineco.core.quantity import Factor
from mineco.standards.factors.provinces import Provinces, by_province

GRID_LEVELS = ("province", "region", "nation")
MAX_CANDIDATES = 8
LONGEST_NAME = 60  # characters


class Factors(Shown):
    """All factors, found by quantity and facets, by id or by text.

    ``names``: facet → every spelling (folded) → id; ``regions``: province → grid region; ``shown``: facet and id →
    Chinese and English name.
    """

    def __init__(self, rows: Iterable[Factor], names: Mapping[str, Mapping[str, str]], regions: Mapping[str, str],
                 shown: Mapping[tuple[str, str], tuple[str, str]]) -> None:
        self._by_id = {factor.id: factor for factor in rows}
        self._names = names
        self._shown = shown
        self._regions = regions
        self._found: dict[tuple[str, ...], list[Factor]] = {}  # what was asked before, some of it hundreds of times
        self._by_quantity: dict[str, list[Factor]] = {}
        for factor in self:
            self._by_quantity.setdefault(factor.quantity, []).append(factor)

    def __iter__(self) -> Iterator[Factor]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def by_id(self, id: str) -> Factor:
        """The factor of that id: the only way to a suspect one, so that it is always chosen by name.

        >>> from mineco.standards.factors import load_factors
        >>> load_factors().by_id("NDRC2014.diesel.NCV").value
        43.33
        """
        if not isinstance(id, str) or id not in self._by_id:
            close = _near(str(id), self._by_id)
            raise BadInput(Problem("unknown_factor", value=str(id), details={"known": ", ".join(close) or "—"}))
        return self._by_id[id]

    def with_values(self, given: Mapping[str, Number], source: str) -> "Factors":
        """The same factors, some with other values by id, in the unit of the factor, which are then assumed.

        >>> from mineco.standards.factors import load_factors
        >>> load_factors().with_values({"NDRC2014.diesel.NCV": 40.0}, "what if").by_id("NDRC2014.diesel.NCV").value
        40.0
        """
        changed = {id: replace(self.by_id(id), value=value, status="assumed", source=source)  # type: ignore[arg-type]
                   for id, value in given.items()}
        return Factors((changed.get(one.id, one) for one in self), self._names, self._regions, self._shown)

    def with_rows(self, given: Mapping[str, Factor | None]) -> "Factors":
        """The same factors with other rows by id: None takes one out, an id that is new is added.

        >>> from mineco.standards.factors import load_factors
        >>> factors = load_factors()
        >>> len(factors.with_rows({"NDRC2014.diesel.NCV": None})) - len(factors)
        -1
        """
        rows = {**self._by_id, **given}
        return Factors((one for one in rows.values() if one is not None), self._names, self._regions, self._shown)

    def find(self, quantity: str, edition: str | None = None, data_year: int | str | None = None,
             **facets: str) -> Factor:
        """The one factor of a quantity with the given facets.

        Parameters
        ----------
        quantity : str           For example ``net_calorific_value``.
        edition : str, optional
            An edition, or several in order of preference: ``"NDRC2014|IPCC2006"``. None: whichever.
        **facets : str  Ids. An empty text asks for a row without that facet; a facet not named may be anything.

        Raises
        ------
        BadInput
            ``missing_factor`` with the nearest rows, ``unknown_quantity``, ``unknown_facet``, or
            ``ambiguous_factor`` with the ids that fit. A suspect row never fits; where it alone would,
            ``suspect_factor`` names it and the rows of other editions that can be chosen by name.

        >>> from mineco.standards.factors import load_factors
        >>> factor = load_factors().find("gwp100", gas="CH4_fossil", edition="AR6")
        >>> factor.value, factor.unit, factor.status
        (29.8, 'tCO2e/tCH4', 'quoted')
        """
        quantity = quantity if isinstance(quantity, str) else str(quantity)  # which no factor is of
        asked = {name: str(value) for name, value in facets.items()}
        if data_year is not None:
            asked["data_year"] = str(data_year)
        for choice in edition.split("|") if edition else [None]:
            wanted = asked if choice is None else asked | {"edition": choice}
            question = (quantity, *(f"{name}={value}" for name, value in wanted.items()))
            found = self._found.get(question)
            if found is None:
                found = self._found[question] = [
                    factor for factor in self._by_quantity.get(quantity, ())
                    if factor.status != "suspect" and _agreements(factor, wanted) == len(wanted)]
            if len(found) == 1:
                return found[0]
            if found:
                raise BadInput(Problem("ambiguous_factor", value=_asked(quantity, wanted),
                                       details={"candidates": ", ".join(factor.id for factor in found)}))
        raise self._missing(quantity, asked | ({"edition": edition} if edition else {}))

    def grid(self, province: str | Provinces, year: int, quantity: str = "grid_factor") -> Factor:
        """The grid factor for a province and a reporting year; of many mines the first one's, with the number of each.

        The province's own, else its grid region's, else the nation's; of these the newest data year that is not after
        the reporting year. Of several quantities in order of preference (``"grid_factor|grid_legacy_factor"``) the
        first that has any: what was published under earlier rules serves the years before 2021.

        >>> from mineco.standards.factors import load_factors
        >>> load_factors().grid("Shanxi", 2025).id, load_factors().grid("Tibet", 2022).id
        ('prov.Shanxi.2023', 'region.Southwest.2022')
        """
        if isinstance(province, Provinces):
            numbers = by_province(province, lambda name: self.grid(name, year, quantity).value)
            return replace(self.grid(province.names[0], year, quantity), value=numbers)
        places = self._grid_places(province)
        for choice in quantity.split("|"):
            rows = [factor for factor in self._by_quantity.get(choice, ())
                    if factor.status != "suspect" and factor.data_year is not None and factor.data_year <= year]
            for level, region in places.items():
                own = [one for one in rows if one.facets["level"] == level and one.facets["region"] == region]
                if own:
                    newest = max(factor.data_year or 0 for factor in own)
                    return self.find(choice, level=level, region=region, data_year=newest)
        raise self._missing(quantity.partition("|")[0], {"region": places["province"], "data_year": str(year)})

    def grid_kind(self, province: str) -> tuple[tuple[str, ...], ...]:
        """What the grid factors of a province are but for their numbers: where it is the same, so is all but a number.

        >>> from mineco.standards.factors import load_factors
        >>> kinds = [load_factors().grid_kind(name) for name in ("Shanxi", "河南", "Tibet")]
        >>> kinds[0] == kinds[1], kinds[0] == kinds[2]
        (True, False)
        """
        places = self._grid_places(province).items()
        return tuple(sorted((one.quantity, one.facets["level"], str(one.data_year), one.unit, one.status)
                            for one in self if (one.facets.get("level"), one.facets.get("region")) in places))

    def _grid_places(self, province: str) -> dict[str, str]:
        """By level the places whose grid factors serve a province."""
        place = self.resolve("province", province)
        return dict(zip(GRID_LEVELS, (place, self._regions[place], "China"), strict=True))

    def resolve(self, facet: str, text: str) -> str:
        """The id of a facet's value, from its id, Chinese or English name, or another spelling.

        >>> from mineco.standards.factors import load_factors
        >>> load_factors().resolve("fuel", "柴油"), load_factors().resolve("province", "山西省")
        ('diesel', 'Shanxi')
        """
        spellings = self._names.get(facet, {})
        if (name := folded(text)) in spellings:
            return spellings[name]
        close = dict.fromkeys(spellings[near] for near in _near(name, spellings))
        known = ", ".join(close or dict.fromkeys(spellings.values())) or "—"
        raise BadInput(Problem("unknown_name", value=text, details={"facet": facet, "known": known}))

    def name(self, facet: str, id: str, language: str) -> str:
        """A facet's value as it is printed.

        >>> from mineco.standards.factors import load_factors
        >>> load_factors().name("fuel", "diesel", "zh"), load_factors().name("province", "Shanxi", "en")
        ('柴油', 'Shanxi')
        """
        return self._shown[facet, id][0 if language == "zh" else 1]

    def knows(self, facet: str, id: str) -> bool:
        """Whether a facet has a value of this id.

        >>> from mineco.standards.factors import load_factors
        >>> load_factors().knows("gas", "HFC134a"), load_factors().knows("gas", "diesel")
        (True, False)
        """
        return (facet, id) in self._shown

    def names(self, facet: str, language: str) -> list[str]:
        """Every value of a facet as it is printed.

        >>> from mineco.standards.factors import load_factors
        >>> load_factors().names("gas_grade", "zh")
        ['高瓦斯', '低瓦斯']
        """
        return [shown[0 if language == "zh" else 1] for (name, _), shown in self._shown.items() if name == facet]

    def named_in(self, facet: str, text: str) -> set[str]:
        """The ids of a facet's values whose names, as they are printed, occur in a text.

        >>> from mineco.standards.factors import load_factors
        >>> load_factors().named_in("province", "A county of Jiangxi"), load_factors().named_in("province", "青海省")
        ({'Jiangxi'}, {'Qinghai'})
        """
        return {id for (name, id), shown in self._shown.items() if name == facet and any(one in text for one in shown)}

    def search(self, text: str) -> list[Factor]:
        """Factors in whose id, quantity, names, facets, edition, source or way to it every word of the text occurs.

        >>> from mineco.standards.factors import load_factors
        >>> [factor.id for factor in load_factors().search("山西 2023")]
        ['prov.Shanxi.2023']
        """
        words = unicodedata.normalize("NFKC", text).casefold().split()
        return [factor for factor in self if all(word in _text(factor) for word in words)]

    def _missing(self, quantity: str, wanted: Mapping[str, str]) -> BadInput:
        if quantity not in self._by_quantity:
            return BadInput(Problem("unknown_quantity", value=quantity,
                                    details={"known": ", ".join(self._by_quantity)}))
        facets = dict.fromkeys(name for factor in self._by_quantity[quantity] for name in factor.facets)
        odd = [Problem("unknown_facet", column=name, value=value, details={"known": ", ".join(facets)})
               for name, value in wanted.items() if name not in (*facets, "edition", "data_year")]
        if odd:
            return BadInput(odd)
        what = {name: value for name, value in wanted.items() if name not in ("edition", "data_year")}
        rows = self._by_quantity.get(quantity, [])
        editions = wanted.get("edition", "").split("|")
        alike = [factor for factor in rows if _agreements(factor, what) == len(what)]
        barred = [one.id for one in alike if one.status == "suspect"
                  and (editions == [""] or one.edition in editions) and wanted.get("data_year") in (
                      None, _facet(one, "data_year"))]
        if barred:
            others = [one.id for one in alike if one.status != "suspect"] or barred
            return BadInput(Problem("suspect_factor", value=_asked(quantity, wanted), details={
                "barred": ", ".join(barred), "candidates": ", ".join(others[:MAX_CANDIDATES])}))
        nearness = [(_agreements(factor, what), _agreements(factor, wanted)) for factor in rows]
        near = [f"{factor.id} (suspect)" if factor.status == "suspect" else factor.id
                for factor, score in zip(rows, nearness, strict=True) if score == max(nearness)]
        return BadInput(Problem("missing_factor", value=_asked(quantity, wanted),
                                details={"candidates": ", ".join(near[:MAX_CANDIDATES]) or "—"}))


def folded(text: str) -> str:
    """A name as it is compared.

    >>> folded("Coal－bed  Methane")
    'coal bed methane'
    """
    return re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


def _agreements(factor: Factor, wanted: Mapping[str, str]) -> int:
    return sum(_facet(factor, name) == value for name, value in wanted.items())


def _facet(factor: Factor, name: str) -> str:
    if name == "edition":
        return factor.edition
    if name == "data_year":
        return str(factor.data_year or "")
    return factor.facets.get(name, "")


def _near(text: str, known: Iterable[str]) -> list[str]:
    """The most like ones; of a text longer than any name only the beginning is compared, since each mark costs time."""
    return difflib.get_close_matches(text[:LONGEST_NAME], known, MAX_CANDIDATES)


def _asked(quantity: str, wanted: Mapping[str, str]) -> str:
    return ", ".join([quantity, *(f"{name}={value}" for name, value in wanted.items())])


def _text(factor: Factor) -> str:
    words = (factor.id, factor.quantity, factor.name_zh, factor.name_en, factor.edition, str(factor.data_year or ""),
             factor.source, factor.seen, *factor.facets.values())
    return unicodedata.normalize("NFKC", " ".join(words)).casefold()
