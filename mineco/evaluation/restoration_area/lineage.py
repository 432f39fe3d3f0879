"""What the evaluation of restoration areas rests on: rows of the dossier's tables, rates, rules, weights."""

from typing import TYPE_CHECKING

from mineco.core.labels import label
from mineco.core.quantity import Datum, Factor, Quantity
from mineco.evaluation.restoration_area.gains.rates import part_factors
from mineco.evaluation.restoration_area.gains.suitability import limit_factors
from mineco.evaluation.restoration_area.given.pools import POOLS, PoolRow
from mineco.evaluation.restoration_area.sampling.strata import FILE
from mineco.restoration.maps.accuracy import NORMAL_95
from mineco.standards.standard import GROUPS

if TYPE_CHECKING:
    from mineco.evaluation.restoration_area.outcome import Evaluation

FOLDER = "rasters"
LIMIT_UNITS = {"most_slope": "°", "least_rain": "mm", "most_elevation": "m"}


def layer_quantities(evaluation: "Evaluation", *layers: str) -> list[Quantity]:
    """Each band of the layers, or of all: the share of its pixels that are known."""
    missing = {one.id: one.missing_share for one in evaluation.data.layers.facts}
    found = []
    for one in evaluation.data.rows:
        name = one.layer if one.year is None else f"{one.layer} {one.year}"
        if not layers or one.layer in layers:
            share = sum(missing[name] for name in one.files) / len(one.files)
            found.append(Quantity(1 - share, "1", "measured", f"known.{name.replace(' ', '.')}",
                                  _row("layers.csv", name, one.data_source)))
    return found


def point_quantities(evaluation: "Evaluation") -> list[Quantity]:
    """The reference points by their use, as counts, and the strata of which they were drawn; none of none."""
    points, strata = evaluation.data.points, evaluation.data.strata
    if evaluation.accuracy is None or points is None:
        return []
    used = {"fit": evaluation.accuracy.fit_points, "test": evaluation.accuracy.test_points}
    found = [Quantity(float(count), "1", "measured", f"points.{use}", _row(points.file, use))
             for use, count in used.items()]
    return found + [Quantity(one.area_ha, "ha", "calculated", f"stratum.{number}", _row(FILE, number))
                    for number, one in sorted(strata.items())]


def plot_quantities(evaluation: "Evaluation") -> list[Quantity]:
    """The plots: the mean of what was measured on them."""
    found = evaluation.carbon.plots if evaluation.carbon else None
    return [] if found is None else [
        Quantity(found.measured, "tC/ha", "measured", "plots", _row("plots.csv", "carbon_tc_per_ha"))]


def pool_quantities(evaluation: "Evaluation") -> list[Quantity]:
    """Every pool of every class, with the half-width of its 95 % interval as uncertainty, or the default that it is."""
    pools, found = evaluation.data.pools, list[Quantity]()
    if pools is None:
        return found
    for (code, pool), row in pools.rows.items():
        place = pools.classes.index(code), POOLS.index(pool)
        mean, spread = float(pools.mean[place]), float(pools.spread[place])
        if row.zone:
            found += [_default_pool(code, pool, mean, row)] if code in evaluation.data.codes else []
            continue
        half = 100 * NORMAL_95 * spread / mean if mean else None
        found.append(Quantity(mean, "tC/ha", kind_of(row.status), f"pool.{code}.{pool}",
                              _row("pools.csv", row.line, row.source, half)))
    return found


def _default_pool(code: int, pool: str, mean: float, row: PoolRow) -> Quantity:
    return Factor(id=f"pool.{code}.{pool}", quantity="carbon_pool", value=mean, unit="tC/ha", source=row.source,
                  status=row.status, facets={"zone": row.zone},
                  name_zh=label(f"pool_{pool}", "zh"), name_en=label(f"pool_{pool}", "en")).as_quantity()


def setting_quantities(evaluation: "Evaluation") -> list[Quantity]:
    """What area.yaml settles and a result rests on: land without works, leakage, costs, and the price."""
    given = evaluation.data.settings
    found = [Quantity(one.mean, "tC/(ha yr)", kind_of(one.status), f"baseline.{name}",
                      _row("area.yaml", f"baseline.{name}", one.source))
             for name, one in given.baseline.items()]
    if given.leakage_share is not None:
        found.append(Quantity(given.leakage_share, "1", "assumed", "leakage_share",
                              _row("area.yaml", "leakage_share")))
    found += [Quantity(value, LIMIT_UNITS[name], "assumed", f"limit.{measure}.{name}",
                       _row("area.yaml", f"limits.{measure}.{name}", one.source))
              for measure, one in given.limits.items() for name, value in one.given().items()]
    compared = {name for plan in evaluation.plans if plan for name in plan.measures}
    found += [Quantity(cost, "yuan/ha", "assumed", f"cost.{name}", _row("area.yaml", f"costs_yuan_per_ha.{name}"))
              for name, cost in given.costs_yuan_per_ha.items() if name in compared]
    if (price := given.price) is None:
        return found
    found += [Quantity(value, unit, "assumed", f"price.{name}", _row("area.yaml", f"price.{name}", price.source))
              for name, value, unit in (("yuan_per_t_co2", price.yuan_per_t_co2, "yuan/tCO2"),
                                        ("discount", price.discount, "%"), ("growth", price.growth, "%"))]
    return found


def rate_quantities(evaluation: "Evaluation") -> list[Quantity]:
    """The rates of the measures that suit any zone, and the limits that decide whether they do."""
    case, data, rules, plans = evaluation.case, evaluation.data, evaluation.rules, evaluation.plans
    names = dict.fromkeys(name for plan in plans if plan for name in plan.measures)
    found = {one.id: one for name in names for one in part_factors(case, data, rules, name)}
    held = dict.fromkeys([*names, *(name for plan in plans if plan for name in plan.unsuitable)])
    found |= {one.id: one for name in held
              for one in limit_factors(rules, name, data.settings.limits, case.standard.source)}
    return [one.as_quantity() for one in found.values()]


def rule_quantities(evaluation: "Evaluation", *names: str) -> list[Quantity]:
    """Numbers of the standard, those named or all."""
    standard = evaluation.case.standard
    return [standard.parameter(name) for name in standard.parameters if not names or name in names]


def weight_quantities(evaluation: "Evaluation") -> list[Quantity]:
    """The weights of the factors of degradation."""
    return [one.as_quantity() for one in evaluation.weighing.levels[GROUPS].weights.values()]


def kind_of(status: str) -> str:
    """The kind of a value by the status of its source.

    >>> kind_of("assumed"), kind_of("quoted")
    ('assumed', 'default')
    """
    return "assumed" if status == "assumed" else "default"


def _row(file: str, row: int | str, source: str = "", uncertainty: float | None = None) -> Datum:
    return Datum(file=f"{FOLDER}/{file}", row=row, data_source=source, uncertainty_pct=uncertainty)
