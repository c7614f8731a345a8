"""Unusual movements from counts in the database to the answer that is fed back."""

import json
import signal
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Event
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.db import Database
from services.statistics.anomalies import schemas as schemas
from services.statistics.anomalies.detection import DetectionFailed, Detector
from services.statistics.anomalies.use_cases import anomalies as use_cases
from services.statistics.anomalies.use_cases import detection
from services.statistics.errors import AnomaliesClosed, IllegalTransition, NoSuchAnomaly, NoSuchOwner
from services.statistics.store import Store
from tests.integration.statistics.in_process import ANALYST, Figures
from tests.unit.statistics.simulated_years import working_days
from tests.waiting import DEADLINE_S

# A Thursday, an hour after midnight: Wednesday is over.
NOW = datetime(2026, 3, 4, 17, tzinfo=UTC)
WEDNESDAY, THURSDAY = date(2026, 3, 4), date(2026, 3, 5)
# Of these days the last eight are due.
SHORT, DUE = 25, working_days(WEDNESDAY, 8)


@pytest.fixture(autouse=True)
def night() -> Iterator[None]:
    with clock.showing(lambda: NOW):
        yield


@pytest.fixture
def database(figures: Figures) -> Database[Store]:
    return figures.database


def put(database: Database[Store], dimension: str, key: str, counts: Mapping[date, int]) -> None:
    """Put sums into the database as the triggers would."""
    rows = [
        {"period": day, "dimension": dimension, "key": key, "cases": cases} for day, cases in counts.items()
    ]
    with database.connect() as connection, connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO volumes (hall, grain, dimension, period, department, key, cases, tickets, served, missed,
                   decided, on_time)
               VALUES ('main', 'day', %(dimension)s, %(period)s, 'market', %(key)s, %(cases)s, 0, 0, 0, 0, 0)""",
            rows,
        )


def fill(database: Database[Store], *, days: int = 120) -> None:
    """Put an item that stays as it is, one that doubles on Wednesday, and the department of both."""
    dates = working_days(WEDNESDAY, days)
    draws = np.random.default_rng(1)
    same, doubled = draws.poisson(30, days), draws.poisson(40, days)
    doubled[-1] = 110
    put(database, "item", "market-001", dict(zip(dates, same.tolist(), strict=True)))
    put(database, "item", "market-002", dict(zip(dates, doubled.tolist(), strict=True)))
    put(database, "origin", "walk_in", dict(zip(dates, (same + doubled).tolist(), strict=True)))


def finding(subject: str = "market-002", day: date = WEDNESDAY) -> dict[str, Any]:
    return {
        "finding": {
            "kind": "item", "subject": subject, "department": "market", "direction": "rise",
            "business_date": day.isoformat(), "since": day.isoformat(), "window_days": 1, "observed": 110.0,
            "expected": 40.0, "lower": 20.0, "upper": 66.0, "chance": 1e-9, "score": 9.0,
            "method": "farrington-flexible", "last_year": None, "series": [],
        }
    }  # fmt: skip


class Told:
    """A detector that finds what it is told, and remembers what it was asked."""

    def __init__(self, *lines: Mapping[str, Any], fault: Exception | None = None) -> None:
        self.lines, self.fault = lines, fault
        self.asked: list[Mapping[str, Any]] = []

    def findings(self, message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        self.asked.append(json.loads(json.dumps(message)))
        yield from self.lines
        if self.fault:
            raise self.fault
        for day in message.get("examine", ()):
            yield {"examined": day}


def outbox(database: Database[Store]) -> list[dict[str, Any]]:
    with database.connect() as connection:
        rows = connection.execute("SELECT body FROM outbox ORDER BY id").fetchall()
    return [row["body"] if isinstance(row["body"], dict) else json.loads(row["body"]) for row in rows]


def listed(database: Database[Store], **request: Any) -> dict[str, Any]:
    loaded = schemas.ListAnomalies().load(request)
    with database.autocommit() as store:
        return dict(schemas.Anomalies().dump(use_cases.list_anomalies(store, ANALYST, **loaded)))


def step(database: Database[Store], verb: str, id_: str, **terms: Any) -> dict[str, Any]:
    with database.transaction() as store:
        done = getattr(use_cases, f"{verb}_anomaly")(store, ANALYST, id=UUID(id_), **terms)
        return dict(schemas.WholeAnomaly().dump(done))


def detect(database: Database[Store], detector: detection.Detector) -> bool:
    return detection.detect_due(database, detector, hall="main")


def test_a_doubling_is_found_by_night_and_only_once(database: Database[Store]) -> None:
    fill(database)
    assert detect(database, Detector())
    items = [each for each in listed(database)["items"] if each["subject_kind"] == "item"]
    [found] = items
    assert (found["subject"], found["direction"], found["business_date"]) == (
        "market-002",
        "rise",
        "2026-03-04",
    )
    assert (found["observed"], found["state"], found["version"]) == (110, "detected", 1)
    with database.autocommit() as store:
        whole = schemas.WholeAnomaly().dump(use_cases.get_anomaly(store, ANALYST, id=UUID(found["id"])))
    assert (len(whole["series"]), whole["series"][-1]["observed"]) == (60, 110)
    before = len(outbox(database))
    assert not detect(database, Told(finding()))
    days = detection.detect_between(database, Told(finding()), hall="main", since=WEDNESDAY, until=THURSDAY)
    assert list(days) == [(WEDNESDAY, 0)]
    assert len(outbox(database)) == before


def test_only_the_last_days_that_are_over_are_due(database: Database[Store]) -> None:
    fill(database)
    put(database, "origin", "phone", {THURSDAY: 7})
    told = Told()
    assert detect(database, told)
    [asked] = told.asked
    assert asked["examine"] == [day.isoformat() for day in DUE]
    assert asked["days"][-1] == "2026-03-04"
    subjects = {(each["kind"], each["subject"]): each["counts"] for each in asked["subjects"]}
    assert set(subjects) == {
        ("item", "market-001"), ("item", "market-002"), ("department", "market")
    }  # fmt: skip
    assert {len(counts) for counts in subjects.values()} == {120}
    assert subjects["item", "market-002"][-1] == 110


def test_withdrawn_items_are_left_out_and_gaps_are_noughts(database: Database[Store]) -> None:
    fill(database)
    put(database, "item", "market-003", {WEDNESDAY: 2})
    with database.connect() as connection:
        connection.execute("""INSERT INTO items (hall, code, department, kind, state, sequence)
            VALUES ('main', 'market-001', 'market', 'licence', 'withdrawn', 1)""")
    told = Told()
    detect(database, told)
    subjects = {each["subject"]: each["counts"] for each in told.asked[0]["subjects"]}
    assert "market-001" not in subjects
    assert subjects["market-003"] == [0] * 119 + [2]


def test_a_young_hall_has_nothing_to_compare_with(database: Database[Store]) -> None:
    fill(database, days=19)
    told = Told(finding())
    assert detect(database, told)
    assert not detect(database, told)
    assert (told.asked, listed(database)["items"]) == ([], [])


def test_a_finding_with_its_event_is_stored_once_whoever_looks(database: Database[Store]) -> None:
    fill(database, days=SHORT)
    told = Told(finding())
    assert detect(database, told)
    again = list(detection.detect_between(database, told, hall="main", since=WEDNESDAY, until=WEDNESDAY))
    assert again == [(WEDNESDAY, 0)]
    assert [event["type"] for event in outbox(database)] == ["statistics.anomaly.detected"]
    assert told.asked[1]["known"] == []


def test_what_goes_on_is_noted_and_is_known_the_next_night(database: Database[Store]) -> None:
    fill(database, days=SHORT)
    detect(database, Told(finding()))
    put(database, "origin", "walk_in", {THURSDAY: 80})
    on = {"kind": "item", "subject": "market-002", "direction": "rise", "on": THURSDAY.isoformat()}
    told = Told({"goes_on": on})
    with clock.showing(lambda: NOW + timedelta(days=1)):
        assert detect(database, told)
    assert told.asked[0]["known"] == [
        {"kind": "item", "subject": "market-002", "direction": "rise", "seen_on": "2026-03-04"}
    ]
    [only] = listed(database)["items"]
    assert (only["seen_on"], only["version"]) == ("2026-03-05", 1)
    assert only["words"]["zh"].endswith("至 2026-03-05 仍在持续。")


def test_two_analysts_examine_a_night_once(database: Database[Store]) -> None:
    fill(database, days=SHORT)
    began, go_on = Event(), Event()

    class Slow(Told):
        def findings(self, message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
            began.set()
            assert go_on.wait(DEADLINE_S)
            yield from super().findings(message)

    slow, second = Slow(finding()), Told(finding())
    with ThreadPoolExecutor() as threads:
        first = threads.submit(detect, database, slow)
        assert began.wait(DEADLINE_S)
        assert not detect(database, second)
        go_on.set()
        assert first.result(DEADLINE_S)
    assert not detect(database, second)
    assert second.asked == []
    assert len(listed(database)["items"]) == 1


CRASHES = f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})"


def test_a_detector_that_crashes_is_noted_and_tried_again(database: Database[Store]) -> None:
    fill(database, days=SHORT)
    assert detect(database, Detector(command=(sys.executable, "-c", CRASHES)))
    with database.connect() as connection:
        rows = connection.execute("SELECT * FROM detections ORDER BY business_date").fetchall()
    assert [row["business_date"] for row in rows] == DUE
    assert {(row["attempts"], row["done_at"]) for row in rows} == {(1, None)}
    assert "DetectionFailed('The process was killed by signal 9" in rows[0]["fault"]
    told = Told(finding())
    assert not detect(database, told), "it waits before it tries again"
    with clock.showing(lambda: NOW + timedelta(minutes=5)):
        assert detect(database, told)
    with database.autocommit() as store:
        assert store.detection_health("main") == {"examined_to": WEDNESDAY, "failed": 0}
    assert len(listed(database)["items"]) == 1


def test_what_was_through_before_a_crash_stays(database: Database[Store]) -> None:
    fill(database, days=SHORT)
    tuesday = WEDNESDAY - timedelta(days=1)
    lines = [finding(day=tuesday), {"examined": tuesday.isoformat()}, finding(day=WEDNESDAY)]
    assert detect(database, Told(*lines, fault=DetectionFailed("gone")))
    assert [each["business_date"] for each in listed(database)["items"]] == ["2026-03-03"]
    with clock.showing(lambda: NOW + timedelta(minutes=5)):
        told = Told()
        detect(database, told)
    assert told.asked[0]["examine"] == [day.isoformat() for day in DUE if day != tuesday]


def test_hours_of_the_running_day_are_examined_each_hour(database: Database[Store]) -> None:
    for hour in ("09", "10", "11"):
        put(database, "hour", hour, dict.fromkeys(working_days(THURSDAY, 41), 20 if hour != "11" else 12))
    with database.connect() as connection:
        connection.execute("UPDATE volumes SET cases = 60 WHERE period = %s AND key = '10'", [THURSDAY])
    at = datetime(2026, 3, 5, 3, 5, tzinfo=UTC)  # 11:05 in the hall
    with clock.showing(lambda: at):
        assert detect(database, Detector())
        assert not detect(database, Detector())
    [found] = listed(database, department="market")["items"]
    assert (found["subject_kind"], found["subject"], found["direction"]) == ("hour", "10", "rise")
    told = Told()
    with clock.showing(lambda: at + timedelta(hours=1)):
        assert detect(database, told)
    [asked] = told.asked
    assert (asked["hours"], asked["known"]) == (
        ["09", "10", "11"],
        [{"department": "market", "direction": "rise"}],
    )
    assert asked["departments"][0]["counts"] == [20, 60, 12]


@pytest.fixture
def found(database: Database[Store]) -> str:
    """An anomaly that was found on Wednesday."""
    fill(database, days=SHORT)
    detect(database, Told(finding()))
    with database.connect() as connection:
        connection.execute(
            """INSERT INTO names (hall, kind, code, name, name_en, sequence)
               VALUES ('main', 'department', 'market', '市场监管局', 'Market Bureau', 1)"""
        )
        connection.execute(
            """INSERT INTO staff (hall, username, department, role, active, sequence)
               VALUES ('main', 'a', NULL, 'analyst', true, 1), ('main', 'b', NULL, 'manager', true, 1),
                   ('main', 'm1', 'market', 'clerk', true, 1), ('main', 'm2', 'market', 'clerk', false, 1),
                   ('main', 't1', 'tax', 'clerk', true, 1), ('main', 'k1', NULL, 'kiosk', true, 1)"""
        )
    id_: str = listed(database)["items"][0]["id"]
    return id_


def test_an_anomaly_goes_its_way_and_each_step_is_told(database: Database[Store], found: str) -> None:
    step(database, "assign", found, owner="market", due_on=THURSDAY)
    step(database, "explain", found, text="新规施行，张三已核实")
    step(database, "confirm", found)
    last = step(database, "feed_back", found, result="增开两个窗口")
    assert [each["state"] for each in last["history"]] == [
        "detected", "assigned", "explained", "confirmed", "fed_back"
    ]  # fmt: skip
    assert [each["left_at"] is None for each in last["history"]] == [False] * 4 + [True]
    assert (last["owner"], last["explanation"], last["outcome"], last["version"]) == (
        "market", "新规施行，张三已核实", "增开两个窗口", 5
    )  # fmt: skip
    events = outbox(database)
    assert [(event["type"].rpartition(".")[2], event["sequence"]) for event in events] == [
        ("detected", 1), ("assigned", 2), ("explained", 3), ("confirmed", 4), ("fed_back", 5)
    ]  # fmt: skip
    assert "张三" not in json.dumps(events, ensure_ascii=False)
    with pytest.raises(IllegalTransition):
        step(database, "confirm", found)


@pytest.mark.parametrize("owner", ["nobody-here", "市市场监管局", "m2"])
def test_a_task_is_given_to_nobody_who_does_not_exist(
    database: Database[Store], found: str, owner: str
) -> None:
    with pytest.raises(NoSuchOwner) as refusal:
        step(database, "assign", found, owner=owner, due_on=THURSDAY)
    assert list(refusal.value.errors or {}) == ["owner"]
    assert listed(database, state="detected")["items"] != []


def test_departments_and_the_accounts_of_one_are_offered(database: Database[Store], found: str) -> None:
    with database.autocommit() as store:
        offered = use_cases.list_owners(store, ANALYST, department="market")["items"]
        with pytest.raises(AnomaliesClosed):
            use_cases.list_owners(store, clerk_of("market", "m1"), department="market")
    assert [(each["kind"], each["code"]) for each in offered] == [
        ("department", "market"), ("account", "a"), ("account", "b"), ("account", "m1")
    ]  # fmt: skip


def clerk_of(department: str, username: str) -> Caller:
    return Caller(hall="main", username=username, roles=frozenset({"clerk"}), department=department)


def test_the_departments_people_see_theirs_and_explain_what_was_given_to_them(
    database: Database[Store], found: str
) -> None:
    own, other = clerk_of("market", "m1"), clerk_of("tax", "t1")
    with database.transaction() as store, pytest.raises(AnomaliesClosed):
        use_cases.explain_anomaly(store, own, id=UUID(found), text="还没有分派")
    step(database, "assign", found, owner="market", due_on=THURSDAY)
    with database.transaction() as store:
        asked = schemas.ListAnomalies().load({})
        assert [row["id"] for row in use_cases.list_anomalies(store, own, **asked)["items"]] == [UUID(found)]
        assert use_cases.list_anomalies(store, other, **asked)["items"] == []
        assert use_cases.get_anomaly(store, own, id=UUID(found))["owner_name"] == "市场监管局"
        with pytest.raises(NoSuchAnomaly):
            use_cases.get_anomaly(store, other, id=UUID(found))
    with database.transaction() as store, pytest.raises(AnomaliesClosed):
        use_cases.explain_anomaly(store, other, id=UUID(found), text="不是我们的")
    with database.transaction() as store:
        told = use_cases.explain_anomaly(store, own, id=UUID(found), text="新规施行")
    assert (told["state"], told["explanation"]) == ("explained", "新规施行")


def test_what_is_open_is_all_that_is_not_fed_back(database: Database[Store], found: str) -> None:
    assert len(listed(database, state="open")["items"]) == 1
    step(database, "assign", found, owner="m1", due_on=THURSDAY)
    step(database, "explain", found, text="新规施行")
    step(database, "confirm", found)
    assert len(listed(database, state="open")["items"]) == 1
    step(database, "feed_back", found, result="已告知")
    assert listed(database, state="open")["items"] == []


def test_of_two_analysts_one_assigns(database: Database[Store], found: str) -> None:
    at_once = Barrier(2, timeout=DEADLINE_S)

    def assign(owner: str) -> str:
        at_once.wait()
        try:
            step(database, "assign", found, owner=owner, due_on=THURSDAY)
        except IllegalTransition:
            return "conflict"
        return owner

    with ThreadPoolExecutor() as threads:
        ended = sorted(threads.map(assign, ("a", "b")), key=len)
    assert ended[1] == "conflict"
    assert listed(database, state="assigned")["items"][0]["owner"] == ended[0]
    assert len([event for event in outbox(database) if event["type"].endswith("assigned")]) == 1


def test_what_is_not_explained_in_time_is_marked(database: Database[Store], found: str) -> None:
    step(database, "assign", found, owner="market", due_on=THURSDAY)
    assert listed(database, overdue=True)["items"] == []
    with clock.showing(lambda: NOW + timedelta(days=1)):
        [late] = listed(database, overdue=True)["items"]
        assert (late["id"], late["overdue"]) == (found, True)
        step(database, "explain", found, text="新规施行")
        assert listed(database, overdue=True)["items"] == []


def test_lists_come_in_pages_and_by_date_state_and_department(database: Database[Store]) -> None:
    fill(database, days=SHORT)
    days = working_days(WEDNESDAY, 3)
    detect(database, Told(*(finding(subject, day) for day in days for subject in ("a", "b"))))
    pages, cursor = [], None
    while page := listed(database, limit=4, cursor=cursor):
        pages.append([each["business_date"] for each in page["items"]])
        cursor = page["next"]
        if cursor is None:
            break
    assert pages == [["2026-03-04"] * 2 + ["2026-03-03"] * 2, ["2026-03-02"] * 2]
    assert len(listed(database, **{"from": "2026-03-03", "to": "2026-03-03"})["items"]) == 2
    assert listed(database, department="tax")["items"] == []
    assert listed(database, state="explained")["items"] == []


def test_only_analysts_and_managers_see_and_change_anomalies(database: Database[Store], found: str) -> None:
    clerk = Caller(hall="main", username="clerk", roles=frozenset({"clerk"}))
    with database.autocommit() as store, pytest.raises(AnomaliesClosed):
        use_cases.get_anomaly(store, clerk, id=UUID(found))
    with database.autocommit() as store, pytest.raises(AnomaliesClosed):
        use_cases.confirm_anomaly(store, clerk, id=UUID(found))
    with database.autocommit() as store, pytest.raises(NoSuchAnomaly):
        use_cases.confirm_anomaly(store, ANALYST, id=uuid4())
