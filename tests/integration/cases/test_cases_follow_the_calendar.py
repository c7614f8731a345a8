"""Due dates and days left are derived again when the calendar changes, whoever works meanwhile."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import count
from threading import Event
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cases.domain.limit import Stop, time_left
from services.cases.store import Store
from services.cases.use_cases import cases as use_cases
from services.cases.use_cases import joint, procedures
from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.db import Database, load_queries
from tests.integration.cases.in_process import Office, clerk, day, verbs
from tests.waiting import DEADLINE_S, until

MANAGER = Caller(hall="main", username="manager", roles=frozenset({"manager"}))
AUTUMN = ["2026-09-25", *(f"2026-10-0{nth}" for nth in range(1, 8))]
WORKED = ["2026-09-20", "2026-10-10"]
TYPHOON = "2026-09-28"


@pytest.fixture
def autumn(office: Office) -> Office:
    """The office on 17 September 2026, with items of 15 and 10 working days."""
    office.publish_holidays(*AUTUMN, worked=WORKED)
    office.publish_item("drc-001", department="market", time_limit_days=15)
    office.publish_item("drc-004", department="market", time_limit_days=10)
    office.go_to("2026-09-17T10:00")
    return office


def close_for_the_typhoon(office: Office, sequence: int = 2) -> None:
    office.publish_holidays(*AUTUMN, TYPHOON, worked=WORKED, sequence=sequence)


def shown(office: Office, number: str) -> dict[str, Any]:
    return office.ask(use_cases.get_case, number=number)  # type: ignore[no-any-return]


def test_open_cases_follow_and_a_correction_keeps_its_days(autumn: Office) -> None:
    stopped = autumn.accept(item="drc-001").number
    running = autumn.accept(item="drc-004").number
    assert [shown(autumn, each)["due_on"] for each in (stopped, running)] == [
        day("2026-10-14"),
        day("2026-10-08"),
    ]
    autumn.do(use_cases.correct_case, number=stopped, reason="缺少章程")
    close_for_the_typhoon(autumn)
    assert shown(autumn, running)["due_on"] == day("2026-10-09")
    assert (shown(autumn, stopped)["due_on"], shown(autumn, stopped)["days_left"]) == (None, 15)
    autumn.go_to("2026-10-08T10:00")
    resumed = autumn.do(use_cases.resume_case, number=stopped)
    assert (resumed.due_on, resumed.days_left) == (day("2026-10-28"), None)
    autumn.go_to("2026-10-09T16:00")
    assert autumn.do(use_cases.decide_case, number=running, outcome="granted").on_time is True


def test_what_moves_is_told_with_a_version_of_its_own(autumn: Office) -> None:
    running = autumn.accept(item="drc-004")
    near = autumn.accept(item="market-001")
    close_for_the_typhoon(autumn)
    told = autumn.told()
    assert verbs(told) == ["accepted", "accepted", "retimed"], "what ends before that day does not move"
    assert (told[-1]["subject"], told[-1]["sequence"]) == (running.number, running.version + 1)
    assert told[-1]["data"]["due_on"] == "2026-10-09"
    assert shown(autumn, near.number)["due_on"] == near.due_on
    decided = autumn.do(use_cases.decide_case, number=running.number, outcome="granted")
    assert decided.version == running.version + 3
    close_for_the_typhoon(autumn, sequence=3)
    assert verbs(autumn.told())[3:] == ["decided"], "the same calendar again is no change"


def test_what_is_decided_stays_as_it_was(autumn: Office) -> None:
    case = autumn.accept(item="drc-004")
    autumn.do(use_cases.decide_case, number=case.number, outcome="granted")
    close_for_the_typhoon(autumn)
    assert shown(autumn, case.number)["due_on"] == case.due_on


def test_a_joint_case_shows_the_new_date_of_its_step(autumn: Office) -> None:
    steps = [
        {"step": "a", "item": "drc-004", "after": []},
        {"step": "b", "item": "tax-001", "after": ["a"]},
    ]
    procedure = {
        "code": "shop", "name": "开店", "name_en": None, "lead": "market", "preconditioned": False,
        "steps": steps, "materials": [],
    }  # fmt: skip
    autumn.do(procedures.define_procedure, MANAGER, **procedure)
    number = autumn.do(joint.open_joint_case, procedure="shop", project="书店", applicant_ref=None)["number"]
    autumn.accept(item="drc-004", joint_case=number)
    close_for_the_typhoon(autumn)
    autumn.go_to("2026-10-09T10:00")
    (step, _) = autumn.ask(joint.get_joint_case, number=number)["steps"]
    assert (step["case"].due_on, step["late"]) == (day("2026-10-09"), False)


def test_a_refused_step_is_given_back_and_lets_nothing_begin(autumn: Office) -> None:
    steps = [
        {"step": "a", "item": "drc-004", "after": []},
        {"step": "b", "item": "tax-001", "after": ["a"]},
    ]
    procedure = {
        "code": "shop", "name": "开店", "name_en": None, "lead": "market", "preconditioned": False,
        "steps": steps, "materials": [],
    }  # fmt: skip
    autumn.do(procedures.define_procedure, MANAGER, **procedure)
    number = autumn.do(joint.open_joint_case, procedure="shop", project="书店", applicant_ref=None)["number"]
    refused = autumn.accept(item="drc-004", joint_case=number).number
    autumn.do(use_cases.decide_case, number=refused, outcome="refused", reason="不符合规划")
    seen = autumn.ask(joint.get_joint_case, number=number)["steps"]
    assert [(each["state"], each["case"]) for each in seen] == [("ready", None), ("waiting", None)]
    again = autumn.accept(item="drc-004", joint_case=number).number
    autumn.do(use_cases.decide_case, number=again, outcome="granted")
    seen = autumn.ask(joint.get_joint_case, number=number)["steps"]
    assert [each["state"] for each in seen] == ["closed", "ready"]


def waits_for_a_lock(office: Office) -> bool:
    with office.database.connect() as connection:
        waiting = connection.execute(
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return waiting.fetchone() is not None


def accept_slowly(office: Office, goes_on: Event, accepted: Event) -> str:
    with office.database.transaction() as store:
        case = use_cases.accept_case(store, clerk(), ticket=office.ticket_of("t1"), item="drc-004")
        store.calendar("main")
        accepted.set()
        assert goes_on.wait(DEADLINE_S)
    return case.number


def test_a_case_that_is_accepted_while_the_calendar_changes_follows_too(autumn: Office) -> None:
    goes_on, accepted = Event(), Event()
    with ThreadPoolExecutor() as pool:
        case = pool.submit(accept_slowly, autumn, goes_on, accepted)
        assert accepted.wait(DEADLINE_S)
        change = pool.submit(close_for_the_typhoon, autumn)
        until(lambda: change.done() or waits_for_a_lock(autumn), what="the change waits for the clerk")
        goes_on.set()
        change.result()
        assert shown(autumn, case.result())["due_on"] == day("2026-10-09")


def test_clerks_and_the_calendar_wait_for_each_other_in_no_circle(autumn: Office) -> None:
    numbers = [autumn.accept(item="drc-001").number for _ in range(6)]
    for number in numbers[:3]:
        autumn.do(use_cases.correct_case, number=number, reason="缺少章程")
    work: list[Callable[[], Any]] = [
        *(lambda each=each: autumn.do(use_cases.resume_case, number=each) for each in numbers[:3]),
        *(
            lambda each=each: autumn.do(use_cases.correct_case, number=each, reason="缺少")
            for each in numbers[3:]
        ),
        *(lambda nth=nth: close_for_the_typhoon(autumn, sequence=nth) for nth in (2, 3)),
        *(lambda: autumn.accept(item="drc-004") for _ in range(4)),
    ]
    with ThreadPoolExecutor(max_workers=len(work)) as pool:
        for done in [pool.submit(each) for each in work]:
            done.result()
    assert_derived(autumn.database, "main")


def assert_derived(database: Database[Store], hall: str) -> None:
    """Make sure that no stored date or number differs from one that is derived now, from what happened."""
    with database.transaction() as store:
        calendar, found = store.calendar(hall), store.open_cases(hall)
        for case in found:
            stops = [
                Stop(
                    since=clock.business_date(stay.entered_at),
                    until=clock.business_date(stay.left_at) if stay.left_at else None,
                )
                for stay in store.history(case)
                if stay.state == "correction"
            ]
            fresh = time_left(
                accepted_on=case.business_date,
                limit_days=case.limit_days or 0,
                stops=stops,
                calendar=calendar,
            )
            assert (case.due_on, case.days_left) == (fresh.due_on, fresh.days_left), case


FIRST = date(2026, 3, 2)
HALLS = count(1)
STEPS = st.one_of(
    st.tuples(st.just("accept"), st.integers(0, 3)),
    st.tuples(st.sampled_from(["correct", "resume", "decide"]), st.integers(0, 5)),
    st.tuples(st.just("pass"), st.integers(1, 9)),
    st.tuples(
        st.just("calendar"),
        st.dictionaries(st.integers(0, 60).map(lambda nth: FIRST + timedelta(days=nth)), st.booleans()),
    ),
)


@pytest.fixture(scope="module")
def offices(database_of_module: Callable[[str], str]) -> Iterator[Database[Store]]:
    """One database for all examples, each of which has a hall of its own."""
    opened = Database(Store, load_queries("services.cases"), url=database_of_module("cases"), size=4)
    yield opened
    opened.close()


@settings(max_examples=25)
@given(st.lists(STEPS, min_size=4, max_size=20))
def test_no_date_ever_differs_from_a_fresh_derivation(
    offices: Database[Store], steps: list[tuple[str, Any]]
) -> None:
    office, hall = Office(offices), f"hall-{next(HALLS)}"
    caller, numbers = clerk(hall=hall), list[str]()
    for nth, limit in enumerate((0, 1, 5, 20)):
        item = {"code": f"item-{nth}", "department": "market", "time_limit_days": limit, "state": "active"}
        office.hear("catalogue.item.published", item, hall=hall)
    with clock.showing(lambda: office.now):
        for version, (step, what) in enumerate(steps, 1):
            match step:
                case "accept":
                    numbers.append(office.accept(caller, item=f"item-{what}").number)
                case "pass":
                    office.now += timedelta(days=what)
                case "calendar":
                    publish(office, hall, what, version)
                case _ if what < len(numbers):
                    attempt(office, caller, step, numbers[what])
            assert_derived(offices, hall)


def publish(office: Office, hall: str, days: dict[date, bool], version: int) -> None:
    rows = [{"day": str(each), "working": working, "name": "x"} for each, working in days.items()]
    office.hear("catalogue.calendar.published", {"year": 2026, "days": rows}, sequence=version, hall=hall)


def attempt(office: Office, caller: Caller, step: str, number: str) -> None:
    """Do what the case's state allows."""
    state = office.ask(use_cases.get_case, caller, number=number)["state"]
    if step == "correct" and state == "accepted":
        office.do(use_cases.correct_case, caller, number=number, reason="缺少章程")
    elif step == "resume" and state == "correction":
        office.do(use_cases.resume_case, caller, number=number)
    elif step == "decide" and state == "accepted":
        office.do(use_cases.decide_case, caller, number=number, outcome="granted")


def close_the_hall(office: Office, *days: str, sequence: int = 1) -> None:
    office.hear("catalogue.closure.published", {"id": "c1", "days": list(days)}, sequence=sequence)


def test_a_day_on_which_the_hall_was_closed_counts_for_nobody(autumn: Office) -> None:
    running = autumn.accept(item="drc-004")
    close_the_hall(autumn, TYPHOON)
    assert shown(autumn, running.number)["due_on"] == day("2026-10-09")
    assert verbs(autumn.told()) == ["accepted", "retimed"]
    autumn.publish_holidays(*AUTUMN, worked=[*WORKED, TYPHOON], sequence=2)
    assert shown(autumn, running.number)["due_on"] == day("2026-10-09"), "the calendar opens no closed hall"
    close_the_hall(autumn, sequence=2)
    assert shown(autumn, running.number)["due_on"] == day("2026-10-08")
    close_the_hall(autumn, TYPHOON, sequence=1)
    assert shown(autumn, running.number)["due_on"] == day("2026-10-08"), "what is older changes nothing"
