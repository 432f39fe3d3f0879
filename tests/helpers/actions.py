"""Actions of actions.yaml as changes of a case: every datum of one act, with each balance kept (reading R32)."""

from dataclasses import replace
from functools import cache

from mineco.core.kit import parameters
from mineco.core.units import convert
from mineco.core.yaml_reading import read_yaml
from tests.helpers import mines


@cache
def actions():
    """The table, by name."""
    return read_yaml(parameters() / "standards" / "carbon-neutral-mine-2025" / "actions.yaml")


def acted(case, action, share):
    """The case before and after an action on a share of its datum; None where the mine has nothing to act on."""
    keys = sorted({row.key for row in case.dossier.activity
                   if row.source == action.get("each") and row.year == case.year}) or [""]
    before, after, found = case, case, False
    for key in keys:
        amount = _amount(case, action["amount"], key)
        if not amount:
            continue
        found = True
        for change in action.get("before", ()):
            before = _changed(before, change, key, share * amount)
        for change in action["changes"]:
            after = _changed(after, change, key, share * amount)
    return (_with_contracts(before), _with_contracts(after)) if found else None


def _amount(case, wanted, key):
    whole, less = (_value(case, wanted.get(name, ""), key, wanted.get("unit")) for name in ("of", "less"))
    return whole - less


def _value(case, path, key, unit):
    rows = [(row.quantity if path != "parcels" else row.area) for row in _rows(case, path, key)]
    return sum(float(convert(one.value, one.unit, unit or one.unit)) for one in rows)


def _rows(case, path, key):
    table, _, rest = path.partition(".")
    dossier, year = case.dossier, case.year
    if table == "activity":
        source, item_key, item = rest.split(".")
        return [row for row in dossier.activity if row.year == year and row.source == source and row.parameter == item
                and row.key == (key if item_key == "*" else item_key)]
    if table == "metric":
        return [row for row in dossier.metrics if row.year == year and row.metric == rest]
    if table == "parcels":
        return list({row.id: row for row in dossier.parcels if row.year == year}.values())
    return [] if not path else dossier.offsets[:1]


def _changed(case, change, key, amount):
    path, unit = change["path"], change.get("unit")
    if path == "parcels":
        return _planted(case, amount * change["per"], change["rate"])
    rows = _rows(case, path, key)
    if not rows and path.startswith("activity."):
        source, item_key, item = path.removeprefix("activity.").split(".")
        value = change.get("at", amount * change["per"])
        return mines.plus(case, mines.activity(source, item_key, item, value, unit, case.year))
    if not rows or "at" in change:
        return case  # a mine without such a figure: it is not asked for one
    (row,) = rows
    old, unit = row.quantity, unit or row.quantity.unit
    value = float(convert(old.value, old.unit, unit)) + amount * change["per"]
    assert value >= -1e-6, (path, value)
    if "most" in change:
        value = min(value, _value(case, change["most"], key, unit))
    new = replace(row, quantity=replace(old, value=float(convert(value, unit, old.unit))))
    table = {"activity": "activity", "metric": "metrics", "offsets": "offsets"}[path.partition(".")[0]]
    return mines.with_dossier(case, **{table: [new if one is row else one for one in getattr(case.dossier, table)]})


def _planted(case, hectares, rate):
    """A new parcel, restored in the year, that takes up carbon at a rate. [ha, tC/(ha yr)]"""
    like = next(row for row in case.dossier.parcels if row.year == case.year)
    parcel = replace(like, id="new", land_plots=("new",), area=replace(like.area, value=hectares), pool="all",
                     year_restored=case.year, method="rate", leakage=replace(like.leakage, value=0.0),
                     inputs={"rate_tc_per_ha_yr": mines.given("rate", rate, "tC/(ha yr)", "restoration.csv")})
    return mines.with_dossier(case, parcels=[*case.dossier.parcels, parcel])


def _with_contracts(case):
    """Contracted green power is part of the purchased: what is no longer bought is no longer contracted."""
    bought = _value(case, "activity.electricity..purchased", "", "MWh")
    contracts = [row for row in case.dossier.activity
                 if (row.source, row.parameter, row.year) == ("green-power", "quantity", case.year)]
    total = sum(float(row.quantity.value) for row in contracts)
    if total <= bought:
        return case
    return mines.with_dossier(case, activity=[
        replace(row, quantity=replace(row.quantity, value=float(row.quantity.value) * bought / total))
        if row in contracts else row for row in case.dossier.activity])
