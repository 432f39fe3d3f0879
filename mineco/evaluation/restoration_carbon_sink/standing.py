"""Where a case stands on the day of its report: what the log of the procedure says, whatever the figures say."""

from mineco.evaluation.case import Case
from mineco.evaluation.restoration_carbon_sink.procedure import Standing, replay_events, standing_on
from mineco.standards.procedure import load_procedure


def case_standing(case: Case) -> Standing:
    """The standing on the day of the report; later entries of the log are checked and have no part in it.

    Raises
    ------
    BadInput
        With every reason why the first impossible entry cannot have happened.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.core.kit import parameters
    >>> case_standing(open_case(parameters() / "mines" / "changcun-coal", "restoration-carbon-sink-2024")).state
    'not_applied'
    """
    procedure, grades = load_procedure(case.standard.id), case.standard.grade_ids
    replay_events(case.dossier.events, procedure, grades)
    return standing_on(case.dossier.events, procedure, grades, case.dossier.mine.report_date)
