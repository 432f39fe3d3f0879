"""Supervision and time: what suspends, ends, renews and reopens a certificate, and who may not do what."""

import datetime

import pytest

from mineco.core.errors import BadInput
from mineco.evaluation.restoration_carbon_sink.procedure import next_steps, replay_events, standing_on, timeline
from mineco.evaluation.restoration_carbon_sink.refusals import possible_results, told_remarks
from mineco.evaluation.restoration_carbon_sink.standing import Period
from tests.helpers.logs import ACTORS, EXAMINER, GRADES, PROCEDURE, event, events, straight


def day(text):
    return datetime.date.fromisoformat(text)


def on(rows, date):
    return standing_on(rows, PROCEDURE, GRADES, day(date))


def reasons(rows, one):
    """Why an event is refused after some others; none where it is not."""
    try:
        replay_events([*rows, one], PROCEDURE, GRADES)
    except BadInput as refused:
        return [problem.message for problem in refused.problems]
    return []


ISSUED = day("2023-06-19")
CERTIFIED = straight()  # public notice on 2023-05-30, certificate on 2023-06-19
OBJECTED = [*straight()[:8], event("2023-06-01", "objection", "grading")]
PROBLEM = [*CERTIFIED, event("2024-03-01", "yearly_supervision", "problem")]
DOWNGRADED = [*PROBLEM, event("2024-04-01", "downgrade", "G3")]
REVOKED = [*PROBLEM, event("2024-04-01", "revocation", "damage")]
UPGRADING = [*straight("G3"), event("2024-03-01", "upgrade_application")]


# --- who signs --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["矿山办公室 ", "矿山　办公室", "矿山\u200b办公室", "矿山·办公室"])
def test_the_applicant_is_no_expert_under_a_name_that_reads_the_same(name):
    one = event("2023-02-19", "document_review", "passed", actor=name)
    assert reasons(CERTIFIED[:2], one) == ["actor_on_two_sides"]


def test_letters_that_look_alike_make_no_other_person():
    rows = [event("2023-01-10", "application", actor="Mine office A"),
            event("2023-01-20", "acceptance", "passed", actor="mine ОFFICE А")]  # O and A of the Cyrillic alphabet
    assert reasons(rows[:1], rows[1]) == ["actor_on_two_sides"]


def test_a_name_of_marks_alone_signs_nothing():
    assert "event_unsigned" in reasons(CERTIFIED[:2], event("2023-02-19", "document_review", "passed", actor=" ·—"))


def test_whoever_graded_does_not_examine_the_grading_again():
    for actor in (ACTORS["committee"], ACTORS["committee"] + " "):
        assert reasons(OBJECTED, event("2023-06-05", "re_examination", "rejected", actor=actor)) == ["actor_not_apart"]
    assert reasons(OBJECTED, event("2023-06-05", "re_examination", "rejected", actor=EXAMINER)) == []


def test_the_experts_who_reviewed_do_not_grade():
    refused = event("2023-04-25", "grading", "G1", actor=ACTORS["expert_group"])
    assert reasons(CERTIFIED[:5], refused) == ["actor_not_apart"]


def test_whoever_revoked_does_not_examine_the_revocation_again():
    rows = [*REVOKED, event("2024-04-05", "decision_objection", "revocation")]
    refused = event("2024-04-20", "re_examination", "rejected", actor=ACTORS["committee"])
    assert reasons(rows, refused) == ["actor_not_apart"]


def test_a_new_application_is_examined_anew_by_anybody():
    rows = [*straight()[:2], event("2023-02-20", "document_review", "failed"), event("2023-03-01", "application"),
            event("2023-03-05", "acceptance", "failed", actor="another secretary"),
            event("2023-03-08", "objection", "acceptance")]
    assert reasons(rows, event("2023-03-10", "re_examination", "upheld", actor=ACTORS["committee"])) == []


def test_in_an_entry_of_before_signers_who_were_not_apart_are_told_and_not_refused():
    one = event("2023-06-05", "re_examination", "rejected", actor=ACTORS["committee"], recorded=None)
    assert reasons(OBJECTED, one) == []
    standing = replay_events([*OBJECTED, one], PROCEDURE, GRADES)
    assert [problem.message for problem in told_remarks(standing, PROCEDURE)] == ["actor_was_not_apart"]
    assert told_remarks(on(OBJECTED, "2023-06-05"), PROCEDURE) == []


def test_an_entry_made_long_after_its_event_is_told():
    def entered(text):
        time = datetime.datetime.fromisoformat(text)
        one = event("2024-05-01", "yearly_supervision", "passed", recorded=time)
        return told_remarks(replay_events([*CERTIFIED, one], PROCEDURE, GRADES), PROCEDURE)

    assert entered("2024-05-31T23:00:00+08:00") == []
    assert [one.message for one in entered("2024-06-01T00:00:00+08:00")] == ["entered_late"]


# --- by when ----------------------------------------------------------------------------------------------------------

def test_an_objection_comes_within_the_public_notice():
    for date, expected in (("2023-06-09", []), ("2023-06-10", ["step_too_late"]), ("2024-03-25", ["step_too_late"])):
        assert reasons(CERTIFIED[:8], event(date, "objection", "grading")) == expected  # ten days after 05-30


def test_a_rejected_mine_objects_within_ten_days_of_its_rejection():
    rows = [*straight()[:2], event("2023-03-01", "document_review", "failed")]
    for date, expected in (("2023-03-11", []), ("2023-03-12", ["step_too_late"])):
        assert reasons(rows, event(date, "objection", "document_review")) == expected


def test_ten_years_without_supervision_leave_no_certificate():
    assert on(CERTIFIED, "2033-06-19").certified is None
    # 365 days after 2023-06-19 it is due on 2024-06-18, ninety more are over on 2024-09-16
    assert (on(CERTIFIED, "2024-09-16").state, on(CERTIFIED, "2024-09-16").certified) == ("certified", ISSUED)
    late = on(CERTIFIED, "2024-09-17")
    assert (late.state, late.since, late.certified, late.grade) == (
        "supervision_overdue", day("2024-09-17"), None, "G2")


def test_a_late_supervision_puts_the_certificate_in_force_again():
    rows = [*CERTIFIED, event("2024-12-01", "yearly_supervision", "passed")]
    assert [on(rows, date).state for date in ("2024-11-30", "2024-12-01")] == ["supervision_overdue", "certified"]
    assert on(rows, "2024-12-01").certified == ISSUED
    assert timeline(on(rows, "2025-01-01"))[-2:] == [
        Period("supervision_overdue", "G2", day("2024-09-17"), day("2024-12-01")),
        Period("certified", "G2", day("2024-12-01"), None, True)]


def test_a_problem_that_nobody_deals_with_suspends():
    # 180 days after 2024-03-01 are over on 2024-08-28
    assert [on(PROBLEM, date).state for date in ("2024-08-28", "2024-08-29")] == ["problem_found", "finding_overdue"]
    mended = [*PROBLEM, event("2024-09-10", "rectification", "passed")]
    assert on(mended, "2024-09-10").certified == ISSUED


def test_a_certificate_ends_with_its_validity_and_a_new_application_begins_anew():
    rows = [*CERTIFIED, event("2024-05-01", "yearly_supervision", "passed"),
            event("2025-05-01", "yearly_supervision", "passed"), event("2026-05-01", "yearly_supervision", "passed")]
    # 1095 days after 2023-06-19, 2024 being a leap year
    assert [on(rows, date).state for date in ("2026-06-18", "2026-06-19")] == ["certified", "expired"]
    assert on(rows, "2026-06-19").grade == ""
    assert reasons(rows, event("2026-07-01", "yearly_supervision", "passed")) == ["step_not_now"]
    assert reasons(rows, event("2026-07-01", "application")) == []


def test_a_renewal_is_applied_for_reviewed_and_gives_the_validity_anew():
    rows = [*CERTIFIED, event("2024-05-01", "yearly_supervision", "passed"),
            event("2025-05-01", "yearly_supervision", "passed")]
    renewal = [event("2025-12-20", "renewal_application"), event("2026-01-20", "renewal_review", "passed"),
               event("2026-02-01", "renewal")]
    assert reasons(rows, event("2025-12-19", "renewal_application")) == ["step_too_early"]  # 915 days after 2023-06-19
    rows += renewal
    assert (on(rows, "2026-02-01").state, on(rows, "2026-02-01").grade) == ("certified", "G2")
    rows += [event(f"{year}-05-01", "yearly_supervision", "passed") for year in (2026, 2027, 2028)]
    # 1095 days after 2026-02-01, 2028 being a leap year
    assert [on(rows, date).state for date in ("2029-01-31", "2029-02-01")] == ["certified", "expired"]


def test_a_renewal_under_way_does_not_stop_supervision_or_the_end():
    rows = [*CERTIFIED, event("2024-05-01", "yearly_supervision", "passed"),
            event("2025-05-01", "yearly_supervision", "passed"), event("2025-12-20", "renewal_application")]
    assert on(rows, "2026-06-19").state == "expired"
    problem = [*rows, event("2026-01-10", "random_inspection", "problem")]
    assert on([*problem, event("2026-02-01", "rectification", "passed")], "2026-02-01").state == "renewal_applied"


# --- what else can be said --------------------------------------------------------------------------------------------

def test_documents_are_supplemented_and_the_review_goes_on():
    asked = [*straight()[:2], event("2023-02-20", "supplement_request", actor="another secretary")]
    assert on(asked, "2023-03-22").state == "supplement_asked"
    assert reasons(asked, event("2023-03-01", "document_review", "passed")) == ["step_not_now"]
    rows = [*asked, event("2023-03-01", "supplement")]
    assert on(rows, "2023-03-01").state == "accepted"
    assert reasons(rows, event("2023-03-02", "document_review", "passed")) == []


def test_where_nothing_is_supplemented_in_time_the_review_goes_on_with_what_there_is():
    asked = [*straight()[:2], event("2023-02-20", "supplement_request")]  # thirty days are over on 2023-03-22
    assert on(asked, "2023-03-23").state == "accepted"
    assert reasons(asked, event("2023-03-23", "supplement")) == ["step_not_now"]
    assert reasons(asked, event("2023-03-23", "document_review", "failed")) == []


def test_documents_are_asked_for_while_a_certificate_stands_too():
    rows = [*UPGRADING, event("2024-03-10", "supplement_request")]
    assert (on(rows, "2024-03-10").state, on(rows, "2024-03-10").certified) == ("supplement_asked", ISSUED)
    assert on([*rows, event("2024-03-20", "supplement")], "2024-03-20").state == "upgrade_applied"


def test_a_certificate_is_suspended_and_put_in_force_again():
    rows = [*CERTIFIED, event("2024-01-10", "suspension")]
    assert (on(rows, "2024-01-10").state, on(rows, "2024-01-10").certified) == ("suspended", None)
    again = on([*rows, event("2024-02-10", "reinstatement")], "2024-02-10")
    assert (again.state, again.certified, again.grade) == ("certified", ISSUED, "G2")
    assert on(rows, "2026-06-19").state == "expired"  # a suspension does not make it last longer


def test_a_problem_or_suspension_takes_the_place_of_another_and_what_was_before_goes_on():
    held = [*UPGRADING, event("2024-03-20", "random_inspection", "problem"), event("2024-04-01", "suspension")]
    assert on([*held, event("2024-04-10", "reinstatement")], "2024-04-10").state == "upgrade_applied"
    late = [*CERTIFIED, event("2024-12-01", "yearly_supervision", "problem")]  # overdue since 2024-09-17
    assert on([*late, event("2024-12-20", "rectification", "passed")], "2024-12-20").state == "certified"


def test_a_certificate_that_comes_back_after_its_supervision_was_due_stays_suspended():
    rows = [*CERTIFIED, event("2024-01-10", "suspension"), event("2024-10-10", "reinstatement")]
    assert (on(rows, "2024-10-10").state, on(rows, "2024-10-10").certified) == ("supervision_overdue", None)


def test_a_certificate_is_handed_back():
    rows = [*CERTIFIED, event("2024-01-10", "certificate_return")]
    assert (on(rows, "2024-01-10").state, on(rows, "2024-01-10").grade) == ("returned", "")
    assert reasons(rows, event("2024-02-10", "application")) == []


def test_a_certificate_is_not_handed_back_while_a_problem_is_open():
    assert reasons(PROBLEM, event("2024-04-01", "certificate_return")) == ["step_not_now"]
    assert reasons(PROBLEM, event("2025-04-01", "certificate_return")) == ["step_not_now"]  # nor when it is overdue


def test_handing_a_certificate_back_does_not_undo_damage():
    rows = [*CERTIFIED, event("2024-01-05", "random_inspection", "damage"),
            event("2024-01-20", "rectification", "passed"), event("2024-02-01", "certificate_return"),
            event("2024-02-10", "application")]
    assert reasons(rows, event("2024-02-12", "acceptance", "passed")) == ["gate_closed_by_log"]


@pytest.mark.parametrize(("rows", "step", "before", "stands"), [
    (DOWNGRADED, "downgrade", "problem_found", True), (REVOKED, "revocation", "problem_found", False),
    ([*CERTIFIED, event("2024-04-01", "suspension")], "suspension", "certified", False)],
    ids=["downgrade", "revocation", "suspension"])
def test_a_decision_of_supervision_is_objected_to_within_fifteen_days(rows, step, before, stands):
    def told(*later):
        standing = on([*rows, *later], "2024-04-20")
        return standing.state, standing.grade, standing.certified

    assert reasons(rows, event("2024-04-17", "decision_objection", step)) == ["step_too_late"]
    objection = event("2024-04-16", "decision_objection", step)
    state, _, certified = told(objection)
    assert (state, certified is not None) == ("decision_objected", stands)  # the decision holds until it is undone
    assert told(objection, event("2024-04-20", "re_examination", "rejected")) == told()
    assert told(objection, event("2024-04-20", "re_examination", "upheld")) == (before, "G2", ISSUED)


def test_an_objection_that_nobody_examines_does_not_make_a_certificate_last():
    rows = [*DOWNGRADED, event("2024-04-10", "decision_objection", "downgrade")]
    # supervised on 2024-03-01: 365 and 90 days are over on 2025-05-30
    assert on(rows, "2025-05-30").state == "decision_objected"
    assert on(rows, "2025-05-31").state == "supervision_overdue"
    assert on(rows, "2026-06-19").state == "expired"
    supervised = [*rows, event("2025-06-10", "yearly_supervision", "passed")]
    assert on(supervised, "2025-06-10").state == "decision_objected"  # the objection is still to be examined
    assert reasons(supervised, event("2025-06-12", "re_examination", "upheld")) == []


def test_of_several_decisions_the_last_is_objected_to():
    rows = [*DOWNGRADED, event("2024-04-05", "random_inspection", "problem"),
            event("2024-04-10", "revocation", "other")]
    assert reasons(rows, event("2024-04-12", "decision_objection", "revocation")) == []
    assert reasons(rows, event("2024-04-12", "decision_objection", "downgrade")) == ["result_not_known"]


def test_a_decision_is_objected_to_once():
    rows = [*REVOKED, event("2024-04-05", "decision_objection", "revocation"),
            event("2024-04-10", "re_examination", "rejected")]
    standing = on(rows, "2024-04-11")
    assert possible_results(standing, PROCEDURE.steps["decision_objection"], PROCEDURE, GRADES) == ()
    assert reasons(rows, event("2024-04-11", "decision_objection", "revocation")) == ["result_not_known"]


def test_the_holder_asks_for_an_upgrade_and_the_committee_answers():
    asked = [*straight("G3"), event("2024-01-10", "upgrade_request")]
    assert (on(asked, "2024-01-10").state, on(asked, "2024-01-10").certified) == ("upgrade_requested", ISSUED)
    assert on([*asked, event("2024-01-20", "upgrade_refusal")], "2024-01-20").state == "certified"
    taken_up = [*asked, event("2024-01-20", "upgrade_application"), event("2024-02-10", "upgrade_review", "passed"),
                event("2024-02-20", "upgrade", "G2")]
    assert (on(taken_up, "2024-02-20").state, on(taken_up, "2024-02-20").grade) == ("certified", "G2")
    assert reasons(straight("G3"), event("2024-01-20", "upgrade_application", role="applicant",
                                         actor=ACTORS["applicant"])) == ["role_not_of_step"]


def test_a_problem_found_while_an_upgrade_runs_holds_it_up_and_it_goes_on_when_mended():
    found = [*UPGRADING, event("2024-03-20", "random_inspection", "problem")]
    assert reasons(found, event("2024-04-01", "upgrade_review", "passed")) == ["step_not_now"]
    mended = [*found, event("2024-04-10", "rectification", "passed")]
    assert on(mended, "2024-04-10").state == "upgrade_applied"
    assert reasons(mended, event("2024-04-20", "upgrade_review", "passed")) == []
    assert on([*found, event("2024-04-10", "revocation", "other")], "2024-04-10").state == "revoked"


# --- the gate of clean years ------------------------------------------------------------------------------------------

def test_a_mine_whose_certificate_was_revoked_for_damage_is_not_accepted_for_three_years():
    for applied, expected in (("2024-04-02", ["gate_closed_by_log"]), ("2027-04-01", ["gate_closed_by_log"]),
                              ("2027-04-02", [])):
        rows = [*REVOKED, event(applied, "application")]
        assert reasons(rows, event(applied, "acceptance", "passed")) == expected
        assert reasons(rows, event(applied, "acceptance", "failed")) == []


def test_a_revocation_for_another_reason_closes_no_gate():
    rows = [*PROBLEM, event("2024-04-01", "revocation", "other"), event("2024-04-02", "application")]
    assert reasons(rows, event("2024-04-03", "acceptance", "passed")) == []


def test_a_revocation_says_why_and_one_of_before_that_does_not_counts_as_damage():
    assert reasons(PROBLEM, event("2024-04-01", "revocation")) == ["result_not_known"]
    rows = [*PROBLEM, event("2024-04-01", "revocation", recorded=None), event("2024-04-02", "application")]
    assert reasons(rows, event("2024-04-03", "acceptance", "passed")) == ["gate_closed_by_log"]


def test_a_revocation_that_an_objection_undid_closes_no_gate():
    rows = [*REVOKED, event("2024-04-05", "decision_objection", "revocation"),
            event("2024-04-10", "re_examination", "upheld"), event("2024-04-20", "rectification", "passed"),
            event("2024-05-01", "certificate_return"), event("2024-06-01", "application")]
    assert reasons(rows, event("2024-06-03", "acceptance", "passed")) == []


def test_what_is_due_next_tells_who_answers_a_request_and_until_when_one_may_object():
    steps = {one.step: one for one in next_steps(on(REVOKED, "2024-04-02"), PROCEDURE, day("2024-04-02"))}
    assert steps["decision_objection"].latest == day("2024-04-16")
    assert set(steps) == {"decision_objection", "application"}


def test_a_whole_case_of_before_ends_as_it_did():
    assert on(events(), "2030-01-01").state == "revoked"
