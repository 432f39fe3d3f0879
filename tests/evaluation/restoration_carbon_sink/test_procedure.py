"""The standing of a case follows from its log alone, and an event that cannot have happened is refused with reasons."""

import datetime

import pytest

from mineco.core.errors import BadInput
from mineco.evaluation.restoration_carbon_sink.procedure import next_steps, replay_events, standing_on, timeline
from mineco.evaluation.restoration_carbon_sink.refusals import possible_results, refusals
from mineco.evaluation.restoration_carbon_sink.standing import Period
from mineco.standards.procedure import reachable
from tests.helpers.logs import ACTORS, FIRST_CERTIFICATE, GRADES, PROCEDURE, WHOLE, event, events, straight
from tests.helpers.refusals import refused_with


def day(text):
    return datetime.date.fromisoformat(text)


def after(rows, **more):
    return replay_events(rows, PROCEDURE, GRADES, **more)


def reasons(standing, one, procedure=PROCEDURE, latest=None):
    return [problem.message for problem in refusals(standing, one, procedure, GRADES, latest)]


def upgrade_reviewed():
    return [event("2024-01-10", "upgrade_application"), event("2024-02-10", "upgrade_review", "passed")]


def until(step):
    """The standing just before a step of the shortest way."""
    return after(straight()[:FIRST_CERTIFICATE.index(step)])


# --- a whole case ---------------------------------------------------------------------------------------------------

def test_a_case_goes_through_an_upheld_objection_a_downgrade_and_a_revocation():
    standing = after(events())
    assert [(entry.event.step, entry.after, entry.grade) for entry in standing.history[6:]] == [
        ("notice", "notified", "G1"), ("publicity", "publicised", "G1"), ("objection", "objected", "G1"),
        ("re_examination", "site_reviewed", ""), ("final_review", "reviewed", ""), ("grading", "graded", "G2"),
        ("notice", "notified", "G2"), ("publicity", "publicised", "G2"), ("certificate", "certified", "G2"),
        ("yearly_supervision", "problem_found", "G2"), ("downgrade", "certified", "G3"),
        ("random_inspection", "problem_found", "G3"), ("revocation", "revoked", "")]
    assert (standing.state, standing.since, standing.grade, standing.certified) == (
        "revoked", day("2025-03-20"), "", None)


@pytest.mark.parametrize(("date", "state", "grade", "certified"), [
    ("2023-01-09", "not_applied", "", None), ("2023-01-10", "applied", "", None),
    ("2023-05-09", "objected", "G1", None), ("2023-06-29", "publicised", "G2", None),
    ("2023-06-30", "certified", "G2", "2023-06-30"), ("2024-07-14", "problem_found", "G2", "2023-06-30"),
    ("2024-07-15", "certified", "G3", "2023-06-30"), ("2030-01-01", "revoked", "", None)])
def test_the_standing_on_a_day_counts_the_events_up_to_its_end(date, state, grade, certified):
    standing = standing_on(events(), PROCEDURE, GRADES, day(date))
    assert (standing.state, standing.grade) == (state, grade)
    assert standing.certified == (certified and day(certified))


def test_the_timeline_has_a_period_for_each_state_and_grade():
    periods = timeline(after(events()))
    assert len(periods) == len(WHOLE)
    assert periods[14:17] == [
        Period("certified", "G2", day("2023-06-30"), day("2024-06-20"), True),
        Period("problem_found", "G2", day("2024-06-20"), day("2024-07-15"), True),
        Period("certified", "G3", day("2024-07-15"), day("2025-02-18"), True)]
    assert periods[-1] == Period("revoked", "", day("2025-03-20"), None)
    assert timeline(after(events()), day("2024-06-19"))[-1] == Period("certified", "G2", day("2023-06-30"), None, True)


def test_a_state_that_lasted_less_than_a_day_is_not_in_the_timeline():
    rows = [*straight(), event("2023-08-01", "random_inspection", "problem"),
            event("2023-08-01", "rectification", "passed")]
    certified = day("2023-06-19")  # 2023-01-10 + 160 days
    assert timeline(after(rows))[-1] == Period("certified", "G2", certified, None, True)


def test_after_a_rejected_objection_the_case_goes_on_where_it_was_interrupted():
    rows = [*straight()[:8], event("2023-06-01", "objection", "grading"),
            event("2023-06-05", "re_examination", "rejected")]
    standing = after(rows)
    assert (standing.state, standing.grade, standing.interrupted, standing.concerned) == ("publicised", "G2", (), ())
    assert after([*rows, event("2023-06-09", "certificate")]).state == "certified"  # publicity began on 2023-05-30


def test_objections_re_examined_together_lead_back_to_the_earliest_step():
    rows = [*straight()[:8], event("2023-06-01", "objection", "grading"),
            event("2023-06-02", "objection", "document_review"), event("2023-06-05", "re_examination", "upheld")]
    standing = after(rows)
    assert standing.state == "accepted"
    assert set(standing.completed) == {"application", "acceptance", "objection", "re_examination"}


def test_a_mine_can_object_to_its_rejection_and_be_reviewed_again():
    rows = [*straight()[:2], event("2023-03-01", "document_review", "failed"),
            event("2023-03-05", "objection", "document_review", role="applicant", actor=ACTORS["applicant"]),
            event("2023-03-10", "re_examination", "upheld"), event("2023-03-12", "document_review", "passed")]
    assert after(rows).state == "documents_reviewed"


def test_a_grading_below_all_grades_rejects():
    standing = after([*straight()[:5], event("2023-05-01", "grading", "ungraded")])
    assert (standing.state, standing.grade) == ("rejected", "")


def test_after_a_revocation_a_new_application_begins_anew():
    standing = after([*events(), event("2025-06-01", "application")])
    assert (standing.state, set(standing.completed)) == ("applied", {"application"})


def test_an_upgrade_is_applied_for_reviewed_and_decided():
    rows = [*straight("G3"), *upgrade_reviewed(), event("2024-02-20", "upgrade", "G1")]
    standing = after(rows)
    assert (standing.state, standing.grade, standing.certified) == ("certified", "G1", day("2023-06-19"))


def test_a_problem_found_during_an_upgrade_comes_first():
    rows = [*straight("G3"), event("2024-01-10", "upgrade_application"),
            event("2024-01-20", "random_inspection", "problem")]
    assert reasons(after(rows), event("2024-02-10", "upgrade_review", "passed")) == ["step_not_now"]


# --- what is due ----------------------------------------------------------------------------------------------------

def test_the_next_steps_say_who_when_and_by_which_day():
    steps = next_steps(after(straight()[:8]), PROCEDURE, day("2023-06-09"))
    certificate = steps[0]  # publicity on 2023-05-30: over after ten days on 06-09, then fifteen more
    assert (certificate.step, certificate.earliest, certificate.due, certificate.overdue) == (
        "certificate", day("2023-06-09"), day("2023-06-24"), False)
    assert certificate.roles == ("committee", "independent_body")
    assert {one.step for one in steps[1:]} == {"objection", "withdrawal"}
    assert {one.due for one in steps[1:]} == {None}
    assert {one.step: one.latest for one in steps[1:]} == {"objection": day("2023-06-09"), "withdrawal": None}
    assert "objection" not in {one.step for one in next_steps(after(straight()[:8]), PROCEDURE, day("2023-06-10"))}


def test_a_step_is_overdue_from_the_day_after_it_was_due():
    standing = after(straight()[:1])  # applied for on 2023-01-10: ten days for the acceptance
    assert [next_steps(standing, PROCEDURE, day(date))[0].overdue for date in ("2023-01-20", "2023-01-21")] == [
        False, True]


def test_yearly_supervision_is_due_a_year_after_the_certificate_or_the_last_one():
    rows = straight()  # certified on 2023-06-19; 365 days later is 2024-06-18, 2024 being a leap year
    assert next_steps(after(rows), PROCEDURE, day("2023-07-01"))[0].due == day("2024-06-18")
    rows.append(event("2024-03-01", "yearly_supervision", "passed"))
    rows.append(event("2024-05-01", "random_inspection", "passed"))
    assert next_steps(after(rows), PROCEDURE, day("2024-06-01"))[0].due == day("2025-03-01")


def test_mending_in_vain_does_not_put_off_what_is_due():
    rows = [*straight(), event("2024-03-01", "yearly_supervision", "problem"),
            event("2024-04-01", "rectification", "failed")]
    due = {one.step: one.due for one in next_steps(after(rows), PROCEDURE, day("2024-04-02"))}
    assert due["revocation"] == due["downgrade"] == due["rectification"] == day("2024-05-30")  # 90 days


def test_the_period_of_public_notice_is_a_parameter():
    days = PROCEDURE.parameters["publicity_days"].model_copy(update={"value": 7.0})
    seven = PROCEDURE.model_copy(update={"parameters": {**PROCEDURE.parameters, "publicity_days": days}})
    standing = after(straight()[:8])
    assert reasons(standing, event("2023-06-06", "certificate")) == ["step_too_early"]
    assert reasons(standing, event("2023-06-06", "certificate"), seven) == []
    assert reasons(standing, event("2023-06-05", "certificate"), seven) == ["step_too_early"]


# --- refusals -------------------------------------------------------------------------------------------------------

REFUSED = {
    "a step out of order": (until("notice"), event("2023-06-20", "certificate"), ["step_not_now"]),
    "a step that nobody knows": (until("notice"), event("2023-06-20", "lunch"), ["unknown_step"]),
    "an unsigned step": (until("notice"), event("2023-06-20", "notice", actor=""), ["event_unsigned"]),
    "a step without evidence": (
        until("notice"), event("2023-06-20", "notice", evidence=""), ["event_without_evidence"]),
    "words for evidence": (until("notice"), event("2023-06-20", "notice", evidence="通知书"), ["evidence_not_a_file"]),
    "evidence without a digest": (until("notice"), event("2023-06-20", "notice", hash=""), ["evidence_without_hash"]),
    "a step by a party who may not take it": (
        until("certificate"), event("2023-08-01", "certificate", role="expert_group", actor="专家组组长"),
        ["role_not_of_step"]),
    "a party that is none": (until("notice"), event("2023-06-20", "notice", role="mayor"), ["unknown_role"]),
    "one who acts for two sides": (
        until("notice"), event("2023-06-20", "notice", actor=ACTORS["applicant"]), ["actor_on_two_sides"]),
    "a step dated before the last": (until("notice"), event("2023-04-19", "notice"), ["event_out_of_order"]),
    "a step without a date": (until("notice"), event("", "notice"), ["missing_value"]),
    "a certificate before the publicity is over": (
        until("certificate"), event("2023-06-08", "certificate"), ["step_too_early"]),
    "a review without a result": (until("site_review"), event("2023-06-20", "site_review"), ["result_not_known"]),
    "a result of another step": (
        until("site_review"), event("2023-06-20", "site_review", "upheld"), ["result_not_known"]),
    "a result where none is asked for": (
        until("notice"), event("2023-06-20", "notice", "passed"), ["result_not_asked"]),
    "a grade that is none": (until("grading"), event("2023-06-20", "grading", "AAA"), ["result_not_known"]),
    "an objection to a step not yet taken": (
        after([*straight()[:2], event("2023-03-01", "document_review", "failed")]),
        event("2023-03-05", "objection", "site_review"), ["result_not_known"]),
    "an objection to the public notice": (
        until("certificate"), event("2023-06-05", "objection", "publicity"), ["result_not_known"]),
    "a downgrade without a problem found": (
        after(straight()), event("2023-08-01", "downgrade", "G3"), ["step_not_now"]),
    "a revocation of nothing": (until("certificate"), event("2023-08-01", "revocation"), ["step_not_now"]),
    "a second revocation": (after(events()), event("2025-04-01", "revocation"), ["step_not_now"]),
    "an upgrade that nobody reviewed": (after(straight()), event("2023-08-01", "upgrade", "G1"), ["step_not_now"]),
    "everything at once": (
        until("notice"), event("2020-01-01", "certificate", actor="", role="mayor", evidence=""),
        ["event_out_of_order", "event_unsigned", "unknown_role", "event_without_evidence", "step_not_now"])}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_have_happened_is_refused(name):
    standing, one, expected = REFUSED[name]
    assert reasons(standing, one) == expected
    with pytest.raises(BadInput):
        after([*(entry.event for entry in standing.history), one])


@pytest.mark.parametrize(("result", "expected"), [
    ("G3", []), ("G2", ["grade_not_worse"]), ("G1", ["grade_not_worse"]), ("ungraded", ["grade_not_worse"]),
    ("", ["result_not_known"])])
def test_a_downgrade_leads_to_a_worse_grade_and_not_below_all(result, expected):
    standing = after([*straight("G2"), event("2024-03-01", "yearly_supervision", "problem")])
    assert reasons(standing, event("2024-04-01", "downgrade", result)) == expected


@pytest.mark.parametrize(("result", "expected"), [
    ("G1", []), ("G2", ["grade_not_better"]), ("G3", ["grade_not_better"])])
def test_an_upgrade_leads_to_a_better_grade(result, expected):
    rows = [*straight("G2"), *upgrade_reviewed()]
    assert reasons(after(rows), event("2024-03-01", "upgrade", result)) == expected


def test_the_best_grade_cannot_be_upgraded():
    standing = after([*straight("G1"), *upgrade_reviewed()])
    assert possible_results(standing, PROCEDURE.steps["upgrade"], PROCEDURE, GRADES) == ()


def test_the_publicity_over_to_the_day_is_enough_and_two_steps_may_fall_on_one_day():
    assert reasons(until("certificate"), event("2023-06-09", "certificate")) == []
    assert reasons(until("notice"), event("2023-04-20", "notice")) == []  # graded on the same day, 100 days after 01-10


def test_nothing_lies_after_the_latest_day():
    standing, one = until("notice"), event("2023-06-20", "notice")
    assert reasons(standing, one, latest=day("2023-06-20")) == []
    assert reasons(standing, one, latest=day("2023-06-19")) == ["event_in_future"]
    with refused_with("event_in_future"):
        after(straight(), latest=day("2023-06-18"))


def test_rules_with_a_way_around_a_step_still_give_no_certificate_without_it():
    short = PROCEDURE.steps["certificate"].model_copy(update={"before": ("graded",), "earliest": None})
    broken = PROCEDURE.model_copy(update={"steps": {**PROCEDURE.steps, "certificate": short}})
    assert "certified" in reachable(broken, without="publicity")
    assert reasons(until("notice"), event("2023-06-20", "certificate"), broken) == ["required_step_missing"] * 2
