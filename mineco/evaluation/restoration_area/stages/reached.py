"""Which parts of the result are assessed, and what each of the others lacks."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mineco.evaluation.restoration_area.carbon import Carbon
    from mineco.evaluation.restoration_area.land import AreaData
    from mineco.evaluation.restoration_area.outcome import Evaluation

# What each part rests on: layers, tables and settings, or other parts
STAGES: Mapping[str, tuple[str, ...]] = {
    "accuracy": ("points",),
    "stock": ("cover", "pools"),
    "stock_error": ("stock", "cover_points"),
    "change": ("cover_start", "cover_end", "pools"),
    "change_error": ("change", "cover_points"),
    "bias": ("stock", "plots"),
    "gain": ("cover", "baseline"),
    "choice": ("gain", "costs"),
    "additional": ("gain", "leakage"),
    "rise": ("change", "additional"),
    "worth": ("additional", "price"),
    "difference": ("ndvi", "controls"),
}


def stages(evaluation: "Evaluation") -> dict[str, tuple[str, ...]]:
    """Each part of the result with what it lacks; nothing where it is assessed.

    >>> from mineco.core.kit import parameters
    >>> from mineco.evaluation.restoration_area.evaluate import check
    >>> stages(check(parameters() / "mines" / "example-restoration-area"))["worth"]
    ()
    """
    benefit = evaluation.benefit
    enough = {"points": evaluation.accuracy is not None,
              "controls": benefit is not None and benefit.controls is not None}
    return {name: lacking(name, evaluation.data, evaluation.carbon, enough) for name in STAGES}


def lacking(stage: str, data: "AreaData", carbon: "Carbon | None" = None,
            enough: Mapping[str, bool] | None = None) -> tuple[str, ...]:
    """What a part of the result lacks of what it rests on, as far as the data tell.

    Parameters
    ----------
    carbon : Carbon, optional   Where it is assessed, which tells whether points and plots are enough.
    enough : mapping, optional  Whether there are enough points and controls; where it is not said, there are not.
    """
    there = {**dict.fromkeys(data.present, True), "cover": bool(data.covers),
             "pools": data.pools is not None or bool(data.settings.default_pools),
             "cover_points": carbon is not None and carbon.adjusted,
             "plots": data.plots is not None and (carbon is None or carbon.plots is not None),
             "baseline": bool(data.settings.baseline), "leakage": data.settings.leakage_share is not None,
             "price": data.settings.price is not None,
             "costs": bool(data.settings.costs_yuan_per_ha), **(enough or {})}
    if data.controls is not None and not data.present.get("ndvi"):
        there["controls"] = True  # without NDVI nobody can tell that they are too few
    return tuple(need for need in STAGES[stage] if not (
        not lacking(need, data, carbon, enough) if need in STAGES else there.get(need, False)))


def name_of(need: str) -> str:
    """The label that says what a part of the result lacks.

    >>> name_of("price"), name_of("stock")
    ('need_price', 'stage_stock')
    """
    return f"stage_{need}" if need in STAGES else f"need_{need}"
