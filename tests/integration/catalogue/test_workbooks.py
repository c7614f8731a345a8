"""A workbook is sent in parts, checked as a whole, looked at, and applied step by step, each of them once."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from small_catalogue import Clock

from deploy.hall.load import REFERENCE
from services.catalogue import errors, schemas
from services.catalogue.domain.places import Zone
from services.catalogue.store import Store
from services.catalogue.tables.__main__ import read
from services.catalogue.tables.aside import read_aside, write_aside
from services.catalogue.tables.hall import read_hall, tables_of
from services.catalogue.tables.sending import STEPS
from services.catalogue.tables.writing import write_workbook
from services.catalogue.use_cases import arranging, loading, there, workbooks
from services.catalogue.use_cases.working_off import Sender, work_off_with
from services.chassis.bus import CallTimedOut, RemoteProblem
from services.chassis.caller import Caller
from services.chassis.db import Database
from services.chassis.service import load_request

Tables = dict[str, list[dict[str, Any]]]
# An item of the reference hall that no procedure has.
GONE = "drc-005"


class Others:
    """Stands for the other services: keeps what they are sent; the catalogue answers for itself."""

    def __init__(self, catalogue: Database[Store], admin: Caller) -> None:
        self.catalogue, self.admin = catalogue, admin
        self.sent: list[tuple[str, str]] = []
        self.fails: dict[str, Exception] = {}
        self.answers: dict[str, Any] = {
            "list_clerks": {"items": []},
            "list_slot_plans": {"items": []},
            "list_crews": {"items": []},
            "list_assessment_rules": [],
            "list_joint_procedures": {"items": []},
            "effects": {},
            "health": {"copies": {}},
        }

    def call_for(self, _work: Mapping[str, Any]) -> Callable[[str, str, Mapping[str, Any]], Any]:
        return self.call

    def call(self, service: str, method: str, request: Mapping[str, Any]) -> Any:
        if method in self.fails:
            raise self.fails[method]
        if method == "hall_tables":
            with self.catalogue.autocommit() as store:
                return there.hall_tables(store, self.admin)
        if method == "load_hall":
            loaded = load_request(schemas.LoadHall(), dict(request))
            with self.catalogue.transaction() as store:
                loading.load_hall(store, self.admin, **loaded)
        if method not in self.answers:
            self.sent.append((service, method))
        return self.answers.get(method, {})


class Desk:
    """An administrator who sends workbooks, and the chore that works them off."""

    def __init__(self, catalogue: Database[Store], admin: Caller) -> None:
        self.database, self.admin = catalogue, admin
        self.others = Others(catalogue, admin)
        self.read: Callable[[bytes], Mapping[str, Any]] = read

    def do(self, act: Callable[..., Any], **given: Any) -> Any:
        with self.database.transaction() as store:
            return act(store, self.admin, **given)

    def send(self, content: bytes, *, dry_run: bool = True, part: int = 100_000) -> UUID:
        digest = hashlib.sha256(content).hexdigest()
        told = {"file_name": "hall.xlsx", "digest": digest, "size": len(content), "dry_run": dry_run}
        id_ = UUID(self.do(workbooks.begin_workbook, **told)["id"])
        parts = [content[place : place + part] for place in range(0, len(content), part)]
        for number, each in enumerate(parts):
            self.do(workbooks.add_workbook_part, id=id_, part=number, content=b64encode(each).decode())
        self.do(workbooks.queue_workbook, id=id_, parts=len(parts))
        return id_

    def work_off(self) -> bool:
        return work_off_with(self.read, self.others.call_for)(self.database)

    def told(self, id_: UUID) -> dict[str, Any]:
        return dict(self.do(workbooks.get_workbook, id=id_))

    def state(self, id_: UUID) -> str:
        return str(self.told(id_)["state"])


@pytest.fixture
def desk(catalogue: Database[Store], admin: Caller) -> Desk:
    """Return an administrator's desk."""
    return Desk(catalogue, admin)


@pytest.fixture(scope="module")
def reference() -> Tables:
    """Return the tables of the reference hall."""
    return tables_of(read_hall(REFERENCE))


@pytest.fixture(scope="module")
def book(reference: Tables) -> bytes:
    """Return the workbook of the reference hall."""
    return write_workbook(reference)


def changed(reference: Tables) -> bytes:
    """Return a workbook in which a name differs and an item is gone."""
    others = [row for row in reference["items"] if row["code"] != GONE]
    zones = [{**reference["zones"][0], "name": "新区"}, *reference["zones"][1:]]
    return write_workbook({**reference, "items": others, "zones": zones})


def test_a_workbook_is_checked_compared_and_then_applied(desk: Desk, book: bytes) -> None:
    id_ = desk.send(book)
    assert desk.state(id_) == "checking"
    assert desk.work_off()
    told = desk.told(id_)
    assert (told["state"], told["faults"], told["effects"]) == ("checked", [], [])
    assert told["changes"]["items"]["added"] == 607
    assert not desk.work_off(), "nobody has asked for more"
    assert desk.others.sent == []
    desk.do(workbooks.apply_workbook, id=id_)
    assert desk.work_off()
    told = desk.told(id_)
    assert (told["state"], told["applied_by"]) == ("applied", "boss")
    assert [(each["step"], each["done"]) for each in told["steps"]] == [(step, True) for step in STEPS]
    assert desk.others.sent == [
        ("catalogue", "load_hall"),
        ("identity", "load_accounts"),
        ("appointments", "load_slot_plans"),
        ("dispatch", "load_crews"),
        ("quality", "load_assessment_rules"),
        ("cases", "load_joint_procedures"),
    ]
    with desk.database.connect() as connection:
        kept = connection.execute(
            "SELECT tables, (SELECT count(*) FROM workbook_parts) AS parts FROM workbooks"
        )
        assert kept.fetchall() == [{"tables": None, "parts": 0}], "what it said is forgotten"


def test_what_differs_is_told_and_who_is_touched(desk: Desk, book: bytes, reference: Tables) -> None:
    desk.send(book, dry_run=False)
    desk.work_off()
    desk.work_off()
    desk.others.answers["effects"] = {"bookings": 3, "examples": []}
    id_ = desk.send(changed(reference))
    desk.work_off()
    told = desk.told(id_)
    assert told["changes"]["items"]["rows"] == [{"kind": "ends", "key": GONE, "columns": []}]
    assert told["changes"]["zones"]["rows"] == [{"kind": "changed", "key": "A", "columns": ["name"]}]
    assert told["effects"] == [{"change": "item", "subject": GONE, "bookings": 3, "examples": []}]
    assert told["changes"]["crews"]["added"] > 0, "nobody told of crews here"


def test_a_workbook_that_is_no_trial_is_applied_at_once(desk: Desk, book: bytes) -> None:
    id_ = desk.send(book, dry_run=False)
    desk.work_off()
    assert desk.state(id_) == "applying"
    desk.work_off()
    assert desk.state(id_) == "applied"


def test_what_was_looked_at_is_applied_or_looked_at_again(desk: Desk, book: bytes, reference: Tables) -> None:
    """Somebody renames a zone between the look at a workbook and its being applied."""
    first = desk.send(book, dry_run=False)
    desk.work_off()
    desk.work_off()
    assert desk.state(first) == "applied"
    id_ = desk.send(changed(reference))
    desk.work_off()
    desk.others.sent.clear()
    code = reference["zones"][1]["code"]
    desk.do(arranging.change_place, kind=Zone, code=code, name="改名区")
    desk.do(workbooks.apply_workbook, id=id_)
    assert desk.work_off()
    told = desk.told(id_)
    assert (told["state"], told["hall_changed"], desk.others.sent) == ("checked", True, [])
    assert told["changes"]["zones"]["changed"] == 2
    assert not desk.work_off(), "nobody has looked again"
    desk.do(workbooks.apply_workbook, id=id_)
    desk.others.fails["load_accounts"] = CallTimedOut("identity.load_accounts")
    assert not desk.work_off()
    desk.others.fails.clear()
    assert desk.work_off(), "what has begun is gone on with"
    told = desk.told(id_)
    assert (told["state"], told["hall_changed"]) == ("applied", False)


def test_a_workbook_that_is_no_trial_fails_while_another_is_applied(desk: Desk, book: bytes) -> None:
    first = desk.send(book)
    desk.work_off()
    desk.others.fails["load_hall"] = CallTimedOut("catalogue.load_hall")
    desk.do(workbooks.apply_workbook, id=first)
    second = desk.send(book, dry_run=False)
    desk.work_off()
    told = desk.told(second)
    assert (desk.state(first), told["state"], told["failure"]) == ("applying", "failed", "another_workbook")


def test_nothing_is_loaded_of_a_workbook_with_a_fault(desk: Desk, reference: Tables) -> None:
    wrong = {**reference, "items": [{**reference["items"][0], "queue": "none"}]}
    id_ = desk.send(write_workbook(wrong), dry_run=False)
    desk.work_off()
    told = desk.told(id_)
    assert told["state"] == "faulty"
    assert {
        "sheet": "事项 items",
        "row": 4,
        "column": "queue",
        "code": "unknown_queue",
        "reason": "没有队列“none”",
        "reason_en": "there is no queue 'none'",
    } in told["faults"]
    assert desk.others.sent == []
    with pytest.raises(errors.WorkbookNotChecked):
        desk.do(workbooks.apply_workbook, id=id_)


def test_a_workbook_of_another_hall_or_clock_is_faulty(desk: Desk, reference: Tables) -> None:
    hall = [{**reference["hall"][0], "code": "north", "time_zone": "Europe/Paris"}]
    id_ = desk.send(write_workbook({**reference, "hall": hall}))
    desk.work_off()
    codes = [each["code"] for each in desk.told(id_)["faults"]]
    assert codes == ["hall_of_another_code", "zone_of_another_clock"]


def test_what_stopped_in_the_middle_is_gone_on_with(desk: Desk, book: bytes) -> None:
    id_ = desk.send(book, dry_run=False)
    desk.work_off()
    desk.others.fails["load_crews"] = CallTimedOut("dispatch.load_crews")
    assert not desk.work_off()
    told = desk.told(id_)
    assert (told["state"], [each["step"] for each in told["steps"] if each["done"]]) == (
        "applying",
        ["catalogue", "clerks", "heard", "slot_plans"],
    )
    desk.others.fails.clear()
    assert desk.work_off()
    assert desk.state(id_) == "applied"


def test_the_commands_of_a_workbook_have_the_same_ids_at_each_try(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class FakeBus:
        def __init__(self, *_: Any, **__: Any) -> None:
            pass

        def call(self, service: str, method: str, _request: Any, **how: Any) -> Any:
            asked.append((how["caller"]["command_id"], how["caller"]["username"], how["caller"]["roles"]))
            return type("Reply", (), {"result": {}})

    monkeypatch.setattr("services.catalogue.use_cases.working_off.Bus", FakeBus)
    work = {"id": str(uuid4()), "hall": "main", "applied_by": None, "requested_by": "boss"}
    for _ in range(2):
        Sender()(work)("dispatch", "load_crews", {})
    assert asked == [(f"workbook:{work['id']}:dispatch.load_crews", "boss", ["admin"])] * 2


def test_a_service_that_refuses_or_stays_away_ends_it(
    desk: Desk, book: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.catalogue.use_cases.working_off.MOST_ATTEMPTS", 3)
    id_ = desk.send(book, dry_run=False)
    desk.work_off()
    problem = RemoteProblem({"kind": "invalid", "code": "unknown_item", "detail": "No such item."})
    desk.others.fails["load_slot_plans"] = problem
    desk.work_off()
    told = desk.told(id_)
    assert (told["state"], told["failure"]) == ("failed", "unknown_item: No such item.")
    desk.others.fails = {"list_crews": CallTimedOut("dispatch.list_crews")}
    away = desk.send(book)
    for _ in range(3):
        desk.work_off()
    assert (desk.state(away), desk.told(away)["failure"]) == ("failed", "service_away: dispatch.list_crews")


def test_a_workbook_that_breaks_its_reader_fails_and_the_next_is_read(desk: Desk, book: bytes) -> None:
    def broken(_content: bytes) -> Mapping[str, Any]:
        raise errors.WorkbookNotMade

    id_, desk.read = desk.send(book), broken
    desk.work_off()
    assert (desk.state(id_), desk.told(id_)["failure"]) == ("failed", "unexpected")
    after, desk.read = desk.send(book), read
    desk.work_off()
    assert desk.state(after) == "checked"


def test_a_process_of_its_own_reads_and_writes(reference: Tables) -> None:
    said = read_aside(write_aside(reference))
    assert said == {"tables": reference, "faults": []}
    assert read_aside(b"no workbook")["faults"][0]["code"] == "not_a_workbook"
    with pytest.raises(errors.WorkbookNotMade):
        read_aside(b"x", command=("false",))


def test_two_workbooks_are_not_applied_at_once(desk: Desk, book: bytes) -> None:
    first, second = desk.send(book), desk.send(book)
    desk.work_off()
    desk.do(workbooks.apply_workbook, id=first)
    assert desk.do(workbooks.apply_workbook, id=first)["state"] == "applying"
    with pytest.raises(errors.AnotherWorkbook):
        desk.do(workbooks.apply_workbook, id=second)
    with pytest.raises(errors.WorkbookUnderWay):
        desk.do(workbooks.cancel_workbook, id=first)


def test_a_workbook_that_another_copy_holds_is_left_alone(desk: Desk, book: bytes) -> None:
    id_ = desk.send(book)
    with desk.database.connect() as connection:
        assert Store(connection, desk.database.queries).hold_workbook(str(id_))
        assert not desk.work_off()
    assert desk.work_off()


def test_a_workbook_may_be_called_off_before_it_is_applied(desk: Desk, book: bytes) -> None:
    id_ = desk.send(book)
    for _ in range(2):
        assert desk.do(workbooks.cancel_workbook, id=id_)["state"] == "cancelled"
    assert not desk.work_off()
    with pytest.raises(errors.WorkbookNotAwaited):
        desk.do(workbooks.add_workbook_part, id=id_, part=0, content="eA==")


def test_what_nobody_applies_is_forgotten_after_a_day(desk: Desk, book: bytes, hall_clock: Clock) -> None:
    id_ = desk.send(book)
    desk.work_off()
    hall_clock.shows += timedelta(days=1, minutes=1)
    with desk.database.transaction() as store:
        workbooks.lapse_workbooks(store)
    assert desk.state(id_) == "cancelled"


def test_parts_that_do_not_make_up_the_file_are_not_checked(desk: Desk) -> None:
    told = {"file_name": "hall.xlsx", "digest": "0" * 64, "size": 5, "dry_run": True}
    id_ = UUID(desk.do(workbooks.begin_workbook, **told)["id"])
    desk.do(workbooks.add_workbook_part, id=id_, part=0, content="eA==")
    with pytest.raises(errors.WorkbookIncomplete):
        desk.do(workbooks.queue_workbook, id=id_, parts=1)


def test_only_an_administrator_has_workbooks(desk: Desk, clerk: Caller) -> None:
    id_, desk.admin = desk.send(b"x"), clerk
    told = {"file_name": "hall.xlsx", "digest": "0" * 64, "size": 5, "dry_run": True}
    acts: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (workbooks.begin_workbook, told),
        (workbooks.add_workbook_part, {"id": id_, "part": 0, "content": "eA=="}),
        (workbooks.queue_workbook, {"id": id_, "parts": 1}),
        (workbooks.get_workbook, {"id": id_}),
        (workbooks.apply_workbook, {"id": id_}),
        (workbooks.cancel_workbook, {"id": id_}),
        (there.tables_to_write, {"told": None}),
    ]
    for act, given in acts:
        with pytest.raises(errors.AdminOnly):
            desk.do(act, **given)


def test_there_is_no_workbook_of_another_id(desk: Desk) -> None:
    with pytest.raises(errors.NoSuchWorkbook):
        desk.do(workbooks.get_workbook, id=uuid4())
