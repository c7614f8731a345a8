"""The trail of the staff: one for all services, searched by administrators, chained so that no change goes unseen."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors as pg
from psycopg import sql
from psycopg.errors import CheckViolation, InsufficientPrivilege
from small_identity import Desk, MovedTime, caller

from services.chassis.inbox import Received
from services.identity import verify as whole
from services.identity.domain import chain
from services.identity.errors import AdminOnly, InvalidCredentials
from services.identity.use_cases import accounts, audit, kiosks

ACT = {
    "service": "ticketing",
    "action": "transfer_ticket",
    "by": "clerk001",
    "roles": ["clerk"],
    "department": "market",
    "address": "10.0.0.9",
    "subject": "t1",
    "reason": "排错队列",
    "request": {"id": "t1", "queue": "q2"},
    "before": {"queue": "q1", "share": 0.1},
    "after": {"queue": "q2"},
}


def act(desk: Desk, time: MovedTime, **other: Any) -> None:
    """Have identity hear of an act."""
    data = {**ACT, "at": time(), **other}
    told = Received(
        id="e1", type="trail.staff.acted", subject="e1", time=time(), sequence=1, position=1, hall="main",
        call_id="", data=data,
    )  # fmt: skip
    with desk.database.transaction() as store:
        audit.keep_acts(store, [told])


def listed(desk: Desk, **wanted: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.do(audit.list_audit, desk.admin, **wanted)["items"]
    return found


def verify(desk: Desk) -> dict[str, Any]:
    """Follow the whole chain."""
    told: dict[str, Any] = {"next": 0}
    while told["next"] is not None:
        told = desk.do(audit.verify_audit, desk.admin, after=told["next"])
    return told


def tamper(desk: Desk, statement: str) -> None:
    """Change the trail as the server's administrator could."""
    with psycopg.connect(desk.master_dsn) as connection:
        connection.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
        connection.execute(statement)  # type: ignore[arg-type]


REFUSED_TO_THE_SERVICE = (
    "UPDATE audit SET by = 'clerk002'",
    "DELETE FROM audit",
    "TRUNCATE audit",
    "DROP TABLE audit",
    "ALTER TABLE audit DISABLE TRIGGER ALL",
    "ALTER TABLE audit OWNER TO CURRENT_USER",
    "ALTER TABLE audit DROP COLUMN link",
    "DROP TRIGGER audit_append_only ON audit",
    "CREATE TRIGGER mine BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE RULE mine AS ON INSERT TO audit DO INSTEAD NOTHING",
    "ALTER FUNCTION refuse_change() OWNER TO CURRENT_USER",
    "DROP FUNCTION move_audit_head() CASCADE",
    "CREATE OR REPLACE FUNCTION move_audit_head() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "INSERT INTO audit_heads VALUES ('other', 5, repeat('0', 64))",
    "UPDATE audit_heads SET number = 0",
    "DELETE FROM audit_heads",
    "TRUNCATE audit_heads CASCADE",
    "DROP TABLE audit_heads",
    "DROP SCHEMA public CASCADE",
    "ALTER SCHEMA public OWNER TO CURRENT_USER",
    "CREATE TABLE audit_of_mine (id integer)",
    "SET ROLE hall_identity_owner",
    "SET session_replication_role = replica",
)


@pytest.mark.parametrize("statement", REFUSED_TO_THE_SERVICE)
def test_the_services_own_role_can_add_to_the_trail_and_nothing_else(
    desk: Desk, real_time: MovedTime, statement: str
) -> None:
    act(desk, real_time)
    before = listed(desk)
    with desk.database.connect() as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement)
    assert listed(desk) == before
    act(desk, real_time, subject="t2")
    assert (verify(desk)["whole"], verify(desk)["entries"]) == (True, 2)


def test_nor_can_it_drop_the_whole_database(desk: Desk, real_time: MovedTime) -> None:
    act(desk, real_time)
    with desk.database.connect() as connection:
        info = connection.info
        elsewhere = psycopg.connect(info.dsn, dbname="postgres", password=info.password, autocommit=True)
        with elsewhere, pytest.raises(InsufficientPrivilege):
            elsewhere.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(info.dbname)))


def test_an_entry_follows_the_last_one_or_is_not_added(desk: Desk, real_time: MovedTime) -> None:
    act(desk, real_time)
    for number in (1, 3):
        with desk.database.connect() as connection, pytest.raises(pg.IntegrityError):
            connection.execute(
                "INSERT INTO audit (hall, at, action, by, ok, details, number, link)"
                " VALUES ('main', now(), 'reveal', 'clerk001', true, '{}', %s, repeat('0', 64))",
                (number,),
            )


def test_what_staff_do_elsewhere_stands_beside_what_they_do_here(desk: Desk, real_time: MovedTime) -> None:
    desk.hire("clerk001")
    act(desk, real_time)
    newest, *_ = listed(desk)
    assert {
        name: newest[name] for name in ("service", "action", "by", "subject", "reason", "before", "after")
    } == {name: ACT[name] for name in ("service", "action", "by", "subject", "reason", "before", "after")}
    assert (newest["details"], newest["roles"], newest["department"]) == (ACT["request"], ["clerk"], "market")
    assert {each["service"] for each in listed(desk)} == {"identity", "ticketing"}


def test_administrators_search_by_who_what_where_on_what_and_when(desk: Desk, real_time: MovedTime) -> None:
    begun = real_time()
    act(desk, real_time)
    real_time.move(hours=1)
    act(desk, real_time, by="operator", action="reveal", service="appointments", subject="a1")
    for wanted in (
        {"who": "operator"},
        {"what": "reveal"},
        {"service": "appointments"},
        {"subject": "a1"},
        {"from_": begun + timedelta(minutes=1)},
        {"from_": real_time(), "to": real_time() + timedelta(seconds=1)},
    ):
        assert [each["subject"] for each in listed(desk, **wanted)] == ["a1"], wanted
    assert [each["subject"] for each in listed(desk, to=real_time())] == ["t1"]
    assert listed(desk, who="operator", what="transfer_ticket") == []
    for roles in ((), ("clerk",), ("manager",)):
        for question in (audit.list_audit, audit.verify_audit):
            with pytest.raises(AdminOnly):
                desk.do(question, caller("x", *roles))


def test_a_whole_chain_is_found_whole_in_stretches(
    desk: Desk, real_time: MovedTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "STRETCH", 3)
    assert verify(desk) == {
        "whole": True, "number": 0, "link": chain.BEGINNING, "fault": None, "entries": 0, "next": None,
    }  # fmt: skip
    desk.hire("clerk001")
    for number in range(7):
        act(desk, real_time, subject=f"t{number}")
    told = verify(desk)
    assert (told["whole"], told["number"], told["entries"]) == (True, 9, 9)
    (head,) = desk.query("SELECT number, link FROM audit_heads")
    assert head == {"number": told["number"], "link": told["link"]}


@pytest.mark.parametrize(
    ("change", "number", "kind"),
    [
        ("UPDATE audit SET by = 'clerk002' WHERE number = 4", 4, "changed"),
        ("UPDATE audit SET at = at + interval '1 microsecond' WHERE number = 4", 4, "changed"),
        ("""UPDATE audit SET before = '{"queue":"q1","share":0.2}' WHERE number = 4""", 4, "changed"),
        ("UPDATE audit SET reason = NULL WHERE number = 4", 4, "changed"),
        ("UPDATE audit SET link = repeat('0', 64) WHERE number = 4", 4, "changed"),
        ("DELETE FROM audit WHERE number = 4", 4, "missing"),
        ("DELETE FROM audit WHERE number = 1", 1, "missing"),
        ("DELETE FROM audit WHERE number >= 6", 6, "missing"),
        ("DELETE FROM audit", 1, "missing"),
        ("UPDATE audit_heads SET link = repeat('0', 64)", 6, "changed"),
        ("DELETE FROM audit_heads", 1, "changed"),
    ],
)
@pytest.mark.parametrize("stretch", [2, 3, 5000])
def test_any_change_of_the_trail_is_found(
    desk: Desk,
    real_time: MovedTime,
    monkeypatch: pytest.MonkeyPatch,
    stretch: int,
    change: str,
    number: int,
    kind: str,
) -> None:
    monkeypatch.setattr(audit, "STRETCH", stretch)
    for n in range(6):
        act(desk, real_time, subject=f"t{n}")
    tamper(desk, change)
    told = verify(desk)
    assert (told["whole"], told["fault"]) == (False, {"number": number, "kind": kind})


def test_a_head_that_was_moved_back_is_found(desk: Desk, real_time: MovedTime) -> None:
    for n in range(3):
        act(desk, real_time, subject=f"t{n}")
    tamper(desk, "UPDATE audit_heads SET (number, link) = (SELECT number, link FROM audit WHERE number = 2)")
    assert verify(desk)["fault"] == {"number": 3, "kind": "changed"}


@pytest.mark.parametrize("place", [(None, None), (0, "0" * 64), (-1, "0" * 64)])
def test_no_entry_can_be_put_beside_the_chain(desk: Desk, place: tuple[int | None, str | None]) -> None:
    with desk.database.connect() as connection, pytest.raises(CheckViolation, match="audit_chained"):
        connection.execute(
            "INSERT INTO audit (hall, at, action, by, ok, details, number, link)"
            " VALUES ('main', now(), 'reveal', 'clerk001', true, '{}', %s, %s)",
            place,
        )


def test_the_command_says_the_head_and_knows_a_chain_that_was_made_anew(
    desk: Desk, real_time: MovedTime
) -> None:
    for n in range(3):
        act(desk, real_time, subject=f"t{n}")
    said = whole.verify(desk.database, "main")
    assert said.startswith("3 entries are whole; the head is 3:")
    number, _, link = said.rpartition(" ")[2].partition(":")
    act(desk, real_time)
    assert whole.verify(desk.database, "main", head=(int(number), link)).startswith("4 entries")
    for other in ((3, "0" * 64), (9, link)):
        with pytest.raises(SystemExit, match="made anew"):
            whole.verify(desk.database, "main", head=other)
    tamper(desk, "DELETE FROM audit WHERE number = 2")
    with pytest.raises(SystemExit, match="entry 2 is missing"):
        whole.verify(desk.database, "main")


def test_what_many_write_at_once_is_one_chain(desk: Desk, real_time: MovedTime) -> None:
    desk.hire("clerk001")

    def work(n: int) -> None:
        if n % 2:
            act(desk, real_time, subject=f"t{n}")
        else:
            with pytest.raises(InvalidCredentials):
                desk.sign_in("clerk001", "wrong password", address=f"10.0.1.{n}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(16)))
    told = verify(desk)
    assert (told["whole"], told["entries"]) == (True, 18)


def heads_of(desk: Desk) -> list[dict[str, Any]]:
    """Return where the trail ended each time that was told."""
    return [each["data"] for each in desk.published() if each["type"] == "identity.trail.ended"]


def tell(desk: Desk) -> None:
    with desk.database.transaction() as store:
        audit.tell_heads(store)


def test_the_log_and_another_service_are_told_where_the_trail_ends(
    desk: Desk, real_time: MovedTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    act(desk, real_time)
    said: list[dict[str, Any]] = []
    monkeypatch.setattr(audit.log, "info", lambda event, **more: said.append({"event": event, **more}))
    tell(desk)
    (head,) = desk.query("SELECT hall, number, link FROM audit_heads")
    assert said == [{"event": "audit.head", **head}]
    assert heads_of(desk) == [{"number": head["number"], "link": head["link"]}]


@pytest.mark.parametrize("stretch", [2, 5000])
def test_a_trail_that_was_emptied_or_made_anew_is_found_by_what_was_told_elsewhere(
    desk: Desk, real_time: MovedTime, monkeypatch: pytest.MonkeyPatch, stretch: int
) -> None:
    monkeypatch.setattr(audit, "STRETCH", stretch)
    for n in range(4):
        act(desk, real_time, subject=f"t{n}")
        tell(desk)
    heads = heads_of(desk)
    assert "4 entries are whole, through 4 places" in whole.verify(desk.database, "main", heads=heads)
    tamper(desk, "TRUNCATE audit, audit_heads")
    assert whole.verify(desk.database, "main").startswith("0 entries are whole"), "by itself nothing shows"
    with pytest.raises(SystemExit, match="entry 1 is missing"):
        whole.verify(desk.database, "main", heads=heads)
    with psycopg.connect(desk.master_dsn) as connection:
        connection.execute("ALTER TABLE audit ENABLE TRIGGER ALL")
    for n in range(6):
        act(desk, real_time, subject=f"t{n}", by="clerk002" if n == 2 else "clerk001")
    with pytest.raises(SystemExit, match="entry 3 is changed"):
        whole.verify(desk.database, "main", heads=heads)


def test_what_is_done_here_is_told_with_what_was_and_what_came_of_it(desk: Desk) -> None:
    desk.hire("clerk001")
    desk.command(accounts.revoke_account, desk.admin, username="clerk001", close=True)
    desk.do(accounts.set_password, desk.admin, username="clerk001", password="another long one")
    desk.load("clerk001", department="tax")
    for zone in ("A", "B"):
        desk.do(kiosks.register_kiosk, desk.admin, code="K1", name="大厅东门", zone=zone)
    desk.command(kiosks.revoke_kiosk, desk.admin, code="K1")
    told = {(each["action"], each["id"]): (each["before"], each["after"]) for each in listed(desk)}
    of = {action: told[action, number] for action, number in sorted(told)}
    market = {"roles": ["clerk"], "department": "market"}
    assert of["account_revoked"][0] == {**market, "closed": False}
    assert of["password_set"][0] == {**market, "closed": True}
    assert of["accounts_loaded"] == (
        {"clerk001": {**market, "closed": False}},
        {"clerk001": {**market, "closed": False, "department": "tax"}},
    )
    registered = {"name": "大厅东门", "zone": "A", "state": "registered"}
    assert of["kiosk_registered"] == (registered, {**registered, "zone": "B"})
    assert of["kiosk_revoked"] == (
        {**registered, "zone": "B"},
        {**registered, "zone": "B", "state": "revoked"},
    )
    assert verify(desk)["whole"]
