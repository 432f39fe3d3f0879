"""Laws of the procedure over random logs: whatever is tried, what was accepted holds together."""

import datetime
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mineco.core.errors import BadInput
from mineco.evaluation.restoration_carbon_sink.procedure import replay_events, standing_on, then, timeline
from mineco.evaluation.restoration_carbon_sink.refusals import possible_results
from mineco.evaluation.restoration_carbon_sink.standing import Standing, after_time
from tests.helpers.logs import ACTORS, EXAMINER, FIRST_CERTIFICATE, GRADES, PROCEDURE, event

DAY = datetime.timedelta(1)


def day(text):
    return datetime.date.fromisoformat(text)


MOVES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 50), st.integers(0, 50), st.integers(-2, 40)),
                 min_size=20, max_size=60)


def after(rows):
    return replay_events(rows, PROCEDURE, GRADES)


def wander(moves):
    """The events that were accepted of a random sequence: mostly possible ones, some impossible in one way or other."""
    standing, date = Standing(PROCEDURE.start), day("2020-01-01")
    for luck, which, result, days in moves:
        steps = PROCEDURE.allowed(standing.state) if luck else tuple(PROCEDURE.steps)
        if luck > 3:  # straight on, mostly: else hardly any would come to a certificate
            steps = tuple(name for name in steps if name in PROCEDURE.required) or steps
        step = PROCEDURE.steps[steps[which % len(steps)]]
        results = possible_results(standing, step, PROCEDURE, GRADES) or ("",)
        if luck > 2:
            results = tuple(one for one in results if one not in ("failed", "ungraded")) or ("",)
        date += datetime.timedelta(days)
        one = event(date.isoformat(), step.id, results[result % len(results)])
        one = replace(one, actor="") if luck == 1 else one
        try:
            standing = then(standing, one, PROCEDURE, GRADES)
        except BadInput:
            date = standing.history[-1].event.date if standing.history else date
    return standing


@given(MOVES)
@settings(max_examples=300)
def test_no_log_reaches_a_certificate_without_each_required_step(moves):
    counted, contested = {}, []
    for entry in wander(moves).history:  # by a reckoning of its own: what was done, and what an objection undid
        step, result = entry.event.step, entry.event.result
        if step == "application":
            counted = {}
        elif step == "objection":
            contested.append(result)
        elif step == "re_examination":
            if result == "upheld" and contested:  # else it was a decision of supervision that was contested
                first = min(FIRST_CERTIFICATE.index(one) for one in contested)
                counted = {name: date for name, date in counted.items() if FIRST_CERTIFICATE.index(name) < first}
            contested = []
        if step in FIRST_CERTIFICATE:
            counted[step] = entry.event.date
        if step == "certificate":
            assert tuple(sorted(counted, key=FIRST_CERTIFICATE.index)) == FIRST_CERTIFICATE
            dates = [counted[name] for name in FIRST_CERTIFICATE]
            assert dates == sorted(dates)
            assert (dates[-1] - dates[-2]).days >= 10
        if PROCEDURE.states[entry.after].certificate:
            assert "certificate" in counted
            assert entry.grade in GRADES[:-1]
        assert result not in ("failed", "ungraded") or entry.after in (
            "rejected", "problem_found", "finding_overdue", "certified")


def test_random_logs_do_reach_certificates_revocations_and_upheld_objections():
    """Else the law above would say nothing."""
    seen = set()

    @given(MOVES)
    @settings(max_examples=400, derandomize=True, database=None)
    def look(moves):
        for entry in wander(moves).history:
            seen.add((entry.event.step, entry.event.result, entry.after))

    look()
    assert {("certificate", "", "certified"), ("revocation", "damage", "revoked")} <= seen
    assert any(step == "re_examination" and result == "upheld" for step, result, _ in seen)


@given(MOVES, st.integers(0, 900), st.lists(st.sampled_from(sorted(PROCEDURE.steps)), max_size=5))
def test_the_standing_on_a_day_depends_only_on_events_up_to_it(moves, days, later):
    standing, date = wander(moves), day("2020-01-01") + datetime.timedelta(days)
    rows = [entry.event for entry in standing.history]
    known = [one for one in rows if one.date <= date]
    afterwards = [event((date + datetime.timedelta(1)).isoformat(), step, "whatever") for step in later]
    then_known = after_time(after(known), PROCEDURE, date)
    assert standing_on(rows, PROCEDURE, GRADES, date) == then_known
    assert standing_on([*known, *afterwards], PROCEDURE, GRADES, date) == then_known


@given(MOVES)
def test_every_accepted_log_is_accepted_again_and_ends_the_same(moves):
    standing = wander(moves)
    assert after([entry.event for entry in standing.history]) == standing


@given(MOVES)
def test_the_periods_of_a_timeline_follow_each_other_without_gaps(moves):
    standing = wander(moves)
    periods = timeline(standing)
    assert [one.ends for one in periods[:-1]] == [one.begins for one in periods[1:]]
    assert all(one.ends is None or one.begins < one.ends for one in periods)
    if periods:
        assert (periods[-1].state, periods[-1].grade, periods[-1].ends) == (standing.state, standing.grade, None)


# --- a machine that tries everything ----------------------------------------------------------------------------------

class CaseUnderWay(RuleBasedStateMachine):
    """Time passes, and anybody tries any step; what a certificate needs is reckoned apart, from the events alone."""

    @initialize(steps=st.sampled_from([0, 7, 8, 9]))
    def begin(self, steps):
        self.date, self.standing, self.events, self.seen = day("2020-01-01"), Standing(PROCEDURE.start), [], {}
        for step in FIRST_CERTIFICATE[:steps]:
            self.date += 11 * DAY
            self.attempt(step, {"grading": "G2"}.get(step, "passed" if PROCEDURE.steps[step].outcomes else ""))

    def attempt(self, step, result, **changed):
        one = event(self.date.isoformat(), step, result, **changed)
        try:
            self.standing = then(self.standing, one, PROCEDURE, GRADES)
        except BadInput:
            return
        self.events.append(one)
        self.seen = {date: known for date, known in self.seen.items() if date < self.date}

    @rule(days=st.one_of(st.integers(0, 20), st.integers(0, 500)))
    def time_passes(self, days):
        self.date += days * DAY

    @rule(which=st.integers(0, 50), result=st.integers(0, 9), by=st.sampled_from([{}, {"actor": ACTORS["committee"]}]))
    def somebody_takes_a_step_that_can_be_taken(self, which, result, by):
        now = after_time(self.standing, PROCEDURE, self.date)
        steps = PROCEDURE.allowed(now.state)
        step = PROCEDURE.steps[steps[which % len(steps)]]
        results = possible_results(now, step, PROCEDURE, GRADES) or ("",)
        self.attempt(step.id, results[result % len(results)], **by)

    @rule(step=st.sampled_from(sorted(PROCEDURE.steps)),
          result=st.sampled_from(["", "passed", "upheld", "G1", "damage"]),
          actor=st.sampled_from([*ACTORS.values(), EXAMINER, " ", ACTORS["applicant"] + " "]),
          role=st.sampled_from(sorted(PROCEDURE.roles)))
    def somebody_tries_any_step(self, step, result, actor, role):
        self.attempt(step, result, actor=actor, role=role)

    @precondition(lambda self: self.events)
    @rule(days=st.integers(1, 400))
    def somebody_enters_what_lies_before_the_last_event(self, days):
        known = list(self.events)
        now, self.date = self.date, self.events[-1].date - days * DAY
        for step in PROCEDURE.allowed(self.standing.state):
            self.attempt(step, "")
        self.date = now
        assert self.events == known

    @invariant()
    def the_standing_is_one_of_the_states_and_follows_from_the_events(self):
        now = after_time(self.standing, PROCEDURE, self.date)
        assert now.state in PROCEDURE.states
        assert now == standing_on(self.events, PROCEDURE, GRADES, self.date)

    @invariant()
    def nothing_later_changes_what_stood_on_an_earlier_day(self):
        for date, known in self.seen.items():
            assert standing_on(self.events, PROCEDURE, GRADES, date).state == known
        self.seen[self.date] = after_time(self.standing, PROCEDURE, self.date).state

    @invariant()
    def a_certificate_stands_only_on_all_that_it_needs(self):
        if after_time(self.standing, PROCEDURE, self.date).certified is None:
            return
        last = {one.step: place for place, one in enumerate(self.events)}
        order = [last[step] for step in FIRST_CERTIFICATE]  # each was taken, and none of them after the certificate
        assert order == sorted(order)
        assert all(self.events[place].evidence and self.events[place].actor.strip() for place in order)
        assert self.events[last["grading"]].result in GRADES[:-1]
        certificate, publicity = (self.events[last[step]].date for step in ("certificate", "publicity"))
        assert (certificate - publicity).days >= 10
        objected = max((place for place, one in enumerate(self.events[:last["certificate"]])
                        if one.step == "objection"), default=-1)
        assert objected == -1 or last["re_examination"] > objected
        for ended in ("certificate_return", "withdrawal"):
            assert last.get(ended, -1) < last["certificate"]
        renewed = max(self.events[last[step]].date for step in ("certificate", "renewal") if step in last)
        assert (self.date - renewed).days <= 1095

    @invariant()
    def nobody_examines_a_grading_of_his_own(self):
        opened = max((place for place, one in enumerate(self.events) if one.step == "application"), default=0)
        graders = {one.actor for one in self.events[opened:] if one.step == "grading"}
        assert not graders & {one.actor for one in self.events[opened:] if one.step == "re_examination"}

    @invariant()
    def a_certificate_without_a_problem_was_supervised_within_the_time_stated(self):
        now = after_time(self.standing, PROCEDURE, self.date)
        if now.certified and now.state == "certified":
            seen = max(one.date for one in self.events if one.step in ("certificate", "yearly_supervision"))
            assert (self.date - seen).days <= 365 + 90


TestCaseUnderWay = CaseUnderWay.TestCase
TestCaseUnderWay.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
