"""The report on restoration areas: how far it goes with what the dossier holds (reading T15)."""

from collections.abc import Collection

from mineco.core.labels import label
from mineco.evaluation.restoration_area.carbon import Carbon
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.stages.reached import STAGES, lacking, name_of, stages
from mineco.evaluation.views.words import join_names
from mineco.report.tables import Block, begun, note, show, show_text


def not_assessed(stage: str, data: AreaData, carbon: Carbon | None = None) -> Block:
    """That a part of the result is not assessed, and what it needs."""
    return note(label("not_assessed_part").format(part=begun(label(f"stage_{stage}"))),
                [label(name_of(one)) for one in lacking(stage, data, carbon)])


def table(evaluation: Evaluation, parts: Collection[str] = tuple(STAGES)) -> Block:
    """Every part of the result, or some of them: assessed, or what it lacks.

    One sentence where nothing lacks; where it is others that lack, these are told.
    """
    found = stages(evaluation)
    if not any(found.values()):
        return show_text(label("all_assessed"))
    if not any(found[name] for name in parts):
        parts = [name for name, lacks in found.items() if lacks]
    rows = [{"part_of_result": begun(label("stage_zones")), "state": label("assessed"), "lacks": ""}]
    rows += [{"part_of_result": begun(label(name_of(name))), "state": label("not_assessed" if lacks else "assessed"),
              "lacks": join_names(label(name_of(one)) for one in lacks)}
             for name, lacks in found.items() if name in parts]
    return show(rows, "stages_of_result")
