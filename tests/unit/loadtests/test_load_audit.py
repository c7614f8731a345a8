"""The audit of a load run can fail: each rule, with rows that break it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from loadtests import audit
from loadtests.audit import Truth
from loadtests.record import Ledger

DAY = date(2026, 3, 2)
NINE = datetime.fromisoformat("2026-03-02T09:00:00+08:00")


def at(minutes: float) -> datetime:
    """Return a moment of the morning."""
    return NINE + timedelta(minutes=minutes)


def ticket(n: int, **changes: object) -> dict[str, object]:
    """Return a served ticket as ticketing keeps it."""
    return {
        "id": f"t{n}",
        "number": f"A{n:03d}",
        "issued_queue": "setup",
        "business_date": DAY,
        "ordinal": n,
        "state": "served",
        "misses": 0,
        "issued_at": at(n),
        "first_called_at": at(n + 2),
        "stretch_at": at(n),
        "queued": True,
        "past": [],
        "p50_s": 60,
        "p90_s": 180,
        **changes,
    }


def states(n: int, window: str = "101") -> list[dict[str, object]]:
    """Return the history of a ticket that was called ten minutes after the one before."""
    begins = 10 * n
    moments = (0, begins, begins + 1, begins + 9)
    names = ("waiting", "called", "serving", "served")
    ends = [at(each) for each in moments[1:]] + [None]
    return [
        {"ticket": f"t{n}", "version": v, "state": s, "window": window, "entered_at": at(m), "left_at": end}
        for v, (s, m, end) in enumerate(zip(names, moments, ends, strict=True), start=1)
    ]


@pytest.fixture
def truth() -> Truth:
    """The rows of a small day without fault."""
    return Truth(
        tickets=[ticket(1), ticket(2)],
        ticket_states=[*states(1), *states(2)],
        calls=[{"ticket": f"t{n}", "window": "101", "recall": False} for n in (1, 2)],
        queue_days=[{"queue": "setup", "business_date": DAY, "last_number": 2}],
        evaluations=[{"ticket": "t1", "level": 5}],
        cases=[case(1), case(2, origin="web"), case(3, onsite_order="o1", origin="on_site")],
        case_years=[{"year": 2026, "last_serial": 3}],
        slots=[{"id": "s1", "capacity": 2, "web_booked": 1, "phone_booked": 1, "window_booked": 0}],
        appointments=[
            {"id": "a1", "slot": "s1", "state": "fulfilled"},
            {"id": "a2", "slot": "s1", "state": "no_show"},
        ],
        orders=[{"id": "o1", "state": "done", "cases": ["i1"]}],
        unpublished={"ticketing": 0},
        dead={"cases.dead": 0},
    )


def case(serial: int, **changes: object) -> dict[str, object]:
    """Return an accepted case as cases keeps it."""
    return {
        "number": f"2026-{serial:07d}",
        "year": 2026,
        "serial": serial,
        "origin": "walk_in",
        "state": "accepted",
        "business_date": DAY,
        "accepted_at": NINE,
        "onsite_order": None,
        **changes,
    }


@pytest.fixture
def recorded() -> Ledger:
    """What clients of that day were answered."""
    return Ledger(
        tickets={f"t{n}": {"number": f"A{n:03d}"} for n in (1, 2)},
        calls=[{"ticket": f"t{n}", "window": "101"} for n in (1, 2)],
        steps=[("t1", "start"), ("t1", "finish")],
        cases={"2026-0000001": "t1"},
        evaluations={"t1": 5},
        appointments={"a1": "booked"},
        visits_on_site={"o1": 1},
    )


OVERVIEW = {
    "issued": 2,
    "called": 2,
    "served": 2,
    "missed": 0,
    "waiting_now": 0,
    "accepted": 3,
    "three_services": {"cases": 2},
    "median_wait_s": 120,
    "p90_wait_s": 120,
}


def test_a_day_without_fault_passes_every_rule(truth: Truth, recorded: Ledger) -> None:
    assert not any(audit.examine(truth, recorded, OVERVIEW, DAY).values())


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ("tickets", [ticket(1)]),
        ("cases", []),
        ("evaluations", []),
        ("appointments", []),
        ("orders", []),
        ("tickets", [ticket(1), ticket(2, number="A007")]),
        ("evaluations", [{"ticket": "t1", "level": 1}]),
        ("appointments", [{"id": "a1", "slot": "s1", "state": "lapsed"}]),
        ("orders", [{"id": "o1", "state": "en_route", "cases": []}]),
    ],
)
def test_something_acknowledged_that_is_missing_or_otherwise_is_found(
    truth: Truth, recorded: Ledger, rows: str, left: list[object]
) -> None:
    assert audit.nothing_lost(replace(truth, **{rows: left}), recorded)


def test_an_acknowledged_step_that_is_not_in_the_history_is_found(truth: Truth, recorded: Ledger) -> None:
    recorded.steps.append(("t2", "hold"))
    assert audit.steps_kept(truth, recorded) == ["ticket t2 became on_hold 1 times, its history says 0"]


@pytest.mark.parametrize(("ordinals", "last"), [((1, 3), 3), ((1, 1), 1), ((1, 2), 3), ((2, 3), 3)], ids=str)
def test_a_number_that_is_missing_or_given_twice_is_found(
    truth: Truth, ordinals: tuple[int, int], last: int
) -> None:
    tickets = [ticket(n, ordinal=ordinal) for n, ordinal in enumerate(ordinals, start=1)]
    days = [{"queue": "setup", "business_date": DAY, "last_number": last}]
    assert audit.numbers_without_gap(replace(truth, tickets=tickets, queue_days=days))


def test_the_same_text_of_two_numbers_on_a_day_is_found(truth: Truth) -> None:
    tickets = [ticket(1), ticket(2, number="A001")]
    assert audit.numbers_without_gap(replace(truth, tickets=tickets))


def test_a_case_number_that_is_missing_is_found(truth: Truth) -> None:
    assert audit.cases_without_gap(replace(truth, cases=[case(1), case(3)]))


def test_two_tickets_at_a_window_at_once_are_found(truth: Truth, recorded: Ledger) -> None:
    early = [each | {"entered_at": each["entered_at"] - timedelta(minutes=5)} for each in states(2)]
    assert audit.no_double_call(replace(truth, ticket_states=[*states(1), *early]), recorded)


def test_a_ticket_at_two_windows_at_once_is_found(truth: Truth, recorded: Ledger) -> None:
    both = [*states(1), *states(1, window="102"), *states(2)]
    assert any(
        "ticket t1" in found for found in audit.no_double_call(replace(truth, ticket_states=both), recorded)
    )


def test_a_call_answered_to_two_clerks_is_found(truth: Truth, recorded: Ledger) -> None:
    recorded.calls.append({"ticket": "t1", "window": "102"})
    found = audit.no_double_call(truth, recorded)
    assert found == [
        "ticket t1 was answered to 2 calls and was called 1 times",
        "ticket t1 was answered to window 102, no call says so",
    ]


@pytest.mark.parametrize(
    "slot",
    [
        {"capacity": 1, "web_booked": 1, "phone_booked": 1},
        {"capacity": 2, "web_booked": 1, "phone_booked": 0},
        {"capacity": 1, "web_booked": 1, "phone_booked": 0},
    ],
    ids=["over capacity", "counted too low", "both"],
)
def test_a_slot_over_capacity_or_with_a_wrong_count_is_found(truth: Truth, slot: dict[str, int]) -> None:
    assert audit.slots_within_capacity(replace(truth, slots=[{"id": "s1", "window_booked": 0, **slot}]))


def test_a_case_accepted_on_the_spot_that_was_not_made_is_found(truth: Truth) -> None:
    assert audit.cases_of_visits(replace(truth, cases=[case(1), case(2)]))


def test_an_unpublished_event_and_a_dead_message_are_found(truth: Truth) -> None:
    assert len(audit.nothing_stuck(replace(truth, unpublished={"cases": 1}, dead={"cases.dead": 2}))) == 2


@pytest.mark.parametrize("figure", [name for name in OVERVIEW if name != "three_services"])
def test_a_figure_of_statistics_that_is_not_the_truth_is_found(truth: Truth, figure: str) -> None:
    found = audit.statistics_are_true(truth, OVERVIEW | {figure: 99}, DAY)
    assert found == [f"statistics say {figure} = 99, the recount is {OVERVIEW[figure]}"]


def test_a_wrong_count_of_the_three_services_is_found(truth: Truth) -> None:
    assert audit.statistics_are_true(truth, OVERVIEW | {"three_services": {"cases": 1}}, DAY)


def test_a_visitor_who_was_sent_on_waited_in_each_queue() -> None:
    first = {"entered_at": at(1).isoformat(), "wait_s": 30, "p50_s": 10, "p90_s": 20}
    sent_on = ticket(1, past=[first, {**first, "wait_s": None}], stretch_at=at(5), first_called_at=at(6))
    assert [each.wait_s for each in audit.waits_of(sent_on)] == [30, 60]
    assert audit.waits_of(ticket(1, queued=False, past=[first]))[0].p90_s == 20
