"""The report on restoration areas: how far it goes with what the dossier holds (reading T15)."""

from mineco.core.labels import label
from mineco.evaluation.restoration_area.carbon import Carbon
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.stages.reached import lacking, stages
from mineco.evaluation.views.words import join_names
from mineco.report.tables import Block, begun, note, show


def not_assessed(stage: str, data: AreaData, carbon: Carbon | None = None) -> Block:
    """That a part of the result is not assessed, and what it needs."""
    return note(label("not_assessed_part").format(part=begun(label(f"stage_{stage}"))),
                [label(f"need_{name}") for name in lacking(stage, data, carbon)])


def table(evaluation: Evaluation) -> Block:
    """Every part of the result: assessed, or what it lacks."""
    rows = [{"part_of_result": begun(label("stage_zones")), "state": label("assessed"), "lacks": ""}]
    rows += [{"part_of_result": begun(label(f"stage_{name}")), "state": label("not_assessed" if parts else "assessed"),
              "lacks": join_names(label(f"need_{part}") for part in parts)}
             for name, parts in stages(evaluation).items()]
    return show(rows, "stages_of_result")
