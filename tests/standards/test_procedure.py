"""The rules of a procedure hold together: every id exists, every state is reached and left, no step is gone around."""

import pytest

from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.standards.load import load_standard
from mineco.standards.procedure import load_procedure, procedure_ids, reachable, read_procedure
from tests.helpers.logs import FIRST_CERTIFICATE, PROCEDURE, STANDARD
from tests.helpers.refusals import refused_with

FILE = parameters() / "standards" / STANDARD / "procedure.yaml"


def spoilt(tmp_path, old, new):
    text = FILE.read_text("utf-8")
    assert text.count(old) >= 1
    path = tmp_path / "procedure.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput) as refused:
        read_procedure(path, STANDARD)
    return {(one.message, str(one.row)) for one in refused.value.problems}


def test_the_required_steps_are_those_that_the_notes_name_in_their_order():
    assert PROCEDURE.required == FIRST_CERTIFICATE
    assert [PROCEDURE.steps[name].name_zh for name in PROCEDURE.required] == [
        "申请", "受理和初审", "资料审查", "现场审查", "终审评价", "定级", "级别通知", "公示", "颁发证书"]
    assert {PROCEDURE.steps[name].status for name in PROCEDURE.required} == {"read"}


@pytest.mark.parametrize("standard_id", procedure_ids())
def test_sources_and_readings_of_a_procedure_are_those_of_its_standard(standard_id):
    procedure, standard = load_procedure(standard_id), load_standard(standard_id)
    assert {step.source for step in procedure.steps.values()} <= set(standard.references)
    assert {one for parameter in procedure.parameters.values() for one in parameter.readings} <= set(standard.readings)


def test_every_number_of_days_is_used_and_says_that_it_is_ours():
    waits = [wait.days for step in PROCEDURE.steps.values() for wait in (step.due, step.earliest, step.latest) if wait]
    waits += [PROCEDURE.late_entry, *(days for lapse in PROCEDURE.lapses.values() for days in lapse.days)]
    assert set(waits) == set(PROCEDURE.parameters)
    assert {one.status for one in PROCEDURE.parameters.values()} == {"assumed", "derived"}


@pytest.mark.parametrize("name", FIRST_CERTIFICATE)
def test_without_a_required_step_no_state_with_a_certificate_is_reached(name):
    assert not {state for state in reachable(PROCEDURE, without=name) if PROCEDURE.states[state].certificate}


def test_a_standard_without_a_procedure_says_so():
    with refused_with("standard_without_procedure"):
        load_procedure("carbon-neutral-mine-2025")


@pytest.mark.parametrize(("old", "new", "message", "row"), [
    ("roles: [expert_group]", "roles: [experts]", "standard_unknown_id", "steps.document_review.roles"),
    ("before: [graded]", "before: [grade]", "standard_unknown_id", "steps.notice.before"),
    ("to: notified", "to: told", "standard_unknown_id", "steps.notice.to"),
    ("after: [publicity]", "after: [notices]", "standard_unknown_id", "steps.certificate.earliest.after"),
    ("days: notice_days", "days: notice", "standard_unknown_id", "steps.notice.due.days"),
    ("value: 15.0", "value: 1.5", "procedure_days", "parameters.grading_days"),
    ("start: true, ", "", "procedure_starts", "states"),
    ("applied: {name", "applied: {start: true, name", "procedure_starts", "states"),
    ("before: [graded]", "before: [reviewed]", "procedure_way_around", "steps.grading"),
    ("    before: [publicised]\n", "    before: [publicised, graded]\n", "procedure_way_around", "steps.publicity"),
    ("    to: upgrade_applied", "    to: certified", "procedure_dead_state", "states.upgrade_applied"),
    ("withdrawn, expired, returned, revoked]", "withdrawn, expired, revoked]", "procedure_dead_state",
     "states.returned"),
    ("to: supervision_overdue", "to: finding_overdue", "procedure_dead_state", "states.supervision_overdue"),
    ("  re_examination: {others", "  re_examined: {others", "standard_unknown_id", "apart.re_examined.id"),
    ("others: [upgrade_review]", "others: [upgrades]", "standard_unknown_id", "apart.upgrade.others"),
    ("days: [validity_days]", "days: [years]", "standard_unknown_id", "lapses.expiry.days"),
    ("    blank: damage", "    blank: nothing", "standard_bad_value", "steps.revocation"),
    ("    to: graded\n", "", "standard_bad_value", "steps.grading"),
    ("    required: true\n", "    requires: true\n", "standard_key_unknown", "steps.application.requires"),
    ("    contests: [suspension, downgrade, revocation]\n", "", "standard_bad_value", "steps.decision_objection")])
def test_rules_that_do_not_hold_together_are_refused(tmp_path, old, new, message, row):
    assert (message, row) in spoilt(tmp_path, old, new)


def test_a_role_is_known_by_its_id_and_by_its_name_in_either_language():
    assert {PROCEDURE.role_id(text) for text in ("expert_group", "评价专家组", "expert group")} == {"expert_group"}
    assert PROCEDURE.role_id("") == ""
