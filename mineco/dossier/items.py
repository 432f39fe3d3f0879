"""Items of activity.csv: its parts about the colon, its units, and the least value that it may have."""

from mineco.standards.vocabulary import Source

KEY_AS_GAS = "{key}"  # of a result: the gas is the one that the key names
ITEM_PARTS = {"：": ":", "﹕": ":"}  # colons of a Chinese keyboard


def item_parts(item: str) -> tuple[str, str, str]:
    """Key, colon and parameter of an item."""
    for colon, plain in ITEM_PARTS.items():
        item = item.replace(colon, plain)
    key, colon, parameter = (part.strip() for part in item.partition(":"))
    return key, colon, parameter


def units_of_key(source: Source, parameter: str, key: str) -> tuple[str, ...]:
    """The units in which an item may stand: where the key is the gas that is lost, those of that gas.

    >>> from mineco.standards.load import load_standard
    >>> sources = load_standard("carbon-neutral-mine-2025").sources
    >>> units_of_key(sources["gas-loss"], "purchased", "SF6"), units_of_key(sources["explosives"], "quantity", "anfo")
    (('kgSF6',), ('t',))
    """
    units = source.items[parameter].units
    if not any(result.gas == KEY_AS_GAS for result in source.results):
        return units
    return tuple(unit for unit in units if unit == f"kg{key}")


def lower_limit(units: tuple[str, ...], minimum: float | None) -> float | None:
    """The lower limit of a datum: that of the vocabulary, else zero, save for temperatures.

    >>> lower_limit(("t",), None), lower_limit(("degC",), None), lower_limit(("t",), -5.0)
    (0.0, None, -5.0)
    """
    return 0.0 if minimum is None and "degC" not in units else minimum
