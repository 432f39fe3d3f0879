"""What the results of an evaluation tell, without the modules that measure land, which take a second to import."""

from collections.abc import Mapping
from typing import Any

from mineco.evaluation import base
from mineco.evaluation.restoration_area import form

# verdicts of results.json, and the labels that name them
VERDICTS = {"identified_overall": "accuracy_overall", "identified_users": "accuracy_users",
            "identified_producers": "accuracy_producers", "carbon_bias": "deviation_bias",
            "carbon_stock": "deviation_stock", "carbon_change": "deviation_change", "sink_rise": "verdict_T3"}


class Told(base.Evaluation):
    """The form of results.json, and what a summary takes from it."""

    results = form.AreaResults
    main_figures = ("zones", "zones_ha", "additional_t_co2")
    explained = {"zones_ha": "ha", "additional_t_co2": "tCO2"}

    @staticmethod
    def summary_from(outcome: Mapping[str, Any]) -> dict[str, Any]:
        """Areas, accuracy, carbon and gain by name.

        >>> from mineco.core.kit import parameters
        >>> from mineco.evaluation.restoration_area.evaluate import check
        >>> found = check(parameters() / "mines" / "example-restoration-area").summary()
        >>> found["zones"], found["identified_overall_met"]
        (3, True)
        """
        benefit, carbon = outcome["benefit"] or {}, outcome["carbon"] or {}
        return {"zones": len(outcome["zones"]), "zones_ha": sum(one["area_ha"] for one in outcome["zones"]),
                "carbon_end_tc": _part(carbon, "end_tc", "value"),
                "carbon_change_tc": _part(carbon, "change_tc", "value"),
                "additional_t_co2": None if not (gain := _part(benefit, "cumulated", "mean")) else gain[-1],
                "value_yuan": _part(benefit, "value", "mean"),
                **{f"{name}_met": one and one["met"] for name, one in outcome["verdicts"].items()}}

    @staticmethod
    def unmet_in(outcome: Mapping[str, Any]) -> list[str]:
        """The verdicts that are not met; one that is not assessed is none of them."""
        return [VERDICTS[name] for name, one in outcome["verdicts"].items() if one and not one["met"]]

    @staticmethod
    def unassessed_in(outcome: Mapping[str, Any]) -> list[str]:
        """The verdicts that are not assessed (reading T15)."""
        return [VERDICTS[name] for name, one in outcome["verdicts"].items() if one is None]


def _part(told: Mapping[str, Any], name: str, part: str) -> Any:
    """A part of what was told; None where it was not assessed."""
    return told[name][part] if told.get(name) else None
