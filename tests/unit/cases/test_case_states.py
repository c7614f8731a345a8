"""A case's states against a table of what may follow what."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases.domain import case as domain
from services.cases.domain.calendar import Calendar
from services.cases.domain.case import Case
from services.cases.errors import IllegalTransition, RefusalWithoutReason

# Row: the state a case is in. Column: may it enter this one?
TABLE = """
            received accepted rejected correction in_review decided delivered
received    no       yes      yes      yes        no        no      no
accepted    no       no       no       yes        yes       no      no
rejected    no       no       no       no         no        no      no
correction  yes      yes      yes      no         no        no      no
in_review   no       no       no       no         no        yes     no
decided     no       no       no       no         no        no      yes
delivered   no       no       no       no         no        no      no
"""
HEADER, *ROWS = (line.split() for line in TABLE.strip().splitlines())
ALLOWED = {
    (state, to): word == "yes" for state, *words in ROWS for to, word in zip(HEADER, words, strict=True)
}

MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def case_in(state: str) -> Case:
    return Case(
        hall="main",
        number="2026-0000001",
        item="market-001",
        department="market",
        state=state,
        origin="walk_in",
        ticket="t1",
        window="101",
        clerk="clerk001",
        applicant_ref=None,
        joint_case=None,
        business_date=MONDAY,
        accepted_at=NOON,
        due_on=MONDAY + timedelta(days=4),
        decided_at=None,
        decided_on=None,
        version=2,
    )


@pytest.mark.parametrize(("state", "to"), list(product(HEADER, HEADER)))
def test_a_state_follows_another_only_where_the_table_says_so(state: str, to: str) -> None:
    if ALLOWED[state, to]:
        assert domain.enter(case_in(state), to) == replace(case_in(state), state=to, version=3)
    else:
        with pytest.raises(IllegalTransition):
            domain.enter(case_in(state), to)


@given(st.sampled_from(HEADER), st.lists(st.sampled_from(HEADER), max_size=6))
def test_no_way_through_the_states_leaves_the_table(state: str, way: list[str]) -> None:
    steps = list(zip([state, *way], way, strict=False))
    if all(ALLOWED[step] for step in steps):
        assert domain.enter(case_in(state), *way).version == 2 + len(way)
    else:
        with pytest.raises(IllegalTransition):
            domain.enter(case_in(state), *way)


def test_a_refused_transition_names_the_state() -> None:
    with pytest.raises(IllegalTransition) as refused:
        domain.enter(case_in("decided"), "correction")
    assert refused.value.extra == {"state": "decided"}


def test_an_accepted_case_is_decided_through_review() -> None:
    decided = domain.decide(case_in("accepted"), at=NOON, on=MONDAY)
    assert (decided.state, decided.version, decided.decided_on) == ("decided", 4, MONDAY)
    assert domain.decide(case_in("in_review"), at=NOON, on=MONDAY).version == 3


@pytest.mark.parametrize(("late_by", "on_time"), [(-1, True), (0, True), (1, False)])
def test_a_case_is_on_time_when_decided_on_or_before_its_due_date(late_by: int, on_time: bool) -> None:
    case = case_in("accepted")
    assert case.due_on is not None
    assert case.on_time is None
    assert domain.decide(case, at=NOON, on=case.due_on + timedelta(days=late_by)).on_time is on_time


@pytest.mark.parametrize("state", [state for state in HEADER if state != "correction"])
def test_only_a_correction_is_resumed(state: str) -> None:
    with pytest.raises(IllegalTransition):
        domain.resume(case_in(state), to="accepted", stops=[], on=MONDAY, calendar=Calendar())


def test_what_is_refused_is_decided_too_and_says_why() -> None:
    refused = domain.decide(case_in("accepted"), at=NOON, on=MONDAY, outcome="refused", reason="不符合条件")
    assert (refused.state, refused.outcome, refused.on_time) == ("decided", "refused", True)
    assert domain.decide(case_in("accepted"), at=NOON, on=MONDAY).outcome == "granted"
    assert case_in("accepted").outcome is None
    for silence in (None, ""):
        with pytest.raises(RefusalWithoutReason):
            domain.decide(case_in("accepted"), at=NOON, on=MONDAY, outcome="refused", reason=silence)
