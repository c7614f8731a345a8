"""Notifications keeps where identity's trail ended, for good."""

from collections.abc import Callable

import pytest
from psycopg.errors import RestrictViolation

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.db import Database, load_queries
from services.chassis.inbox import Received
from services.notifications.errors import StaffOnly
from services.notifications.store import Store
from services.notifications.use_cases import witness
from tests.waiting import DEADLINE_S

ADMIN = Caller(hall="main", username="boss", roles=frozenset({"admin"}))


def ended(number: int, link: str, *, hall: str = "main") -> Received:
    data = {"number": number, "link": link * 64}
    return Received(
        id="e", type="identity.trail.ended", subject=str(number), time=clock.real_now(), sequence=1, position=1,
        hall=hall, call_id="", data=data,
    )  # fmt: skip


def test_each_end_is_kept_once_and_one_that_contradicts_it_too(
    database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database("notifications")
    made = Database(Store, load_queries("services.notifications"), url=url, size=2, timeout=DEADLINE_S)
    told = [
        ended(0, "0"),
        ended(3, "a"),
        ended(3, "a"),
        ended(9, "b"),
        ended(9, "c"),
        ended(5, "d", hall="other"),
    ]
    with made.transaction() as store:
        witness.keep_trail_heads(store, told)
    with made.autocommit() as store:
        found = [
            (each["number"], each["link"][0]) for each in witness.list_trail_heads(store, ADMIN, after=0)
        ]
        assert sorted(found) == [(3, "a"), (9, "b"), (9, "c")]
        (last,) = {each["number"] for each in witness.list_trail_heads(store, ADMIN, after=9)}
        assert last == 9, "so that a shorter trail shows wherever one begins to follow it"
        monkeypatch.setattr(witness, "AT_ONCE", 1)
        cut = [each["link"][0] for each in witness.list_trail_heads(store, ADMIN, after=3)]
        assert sorted(cut) == ["b", "c"], "where a part ends, both that contradict each other are told"
        for roles in ((), ("manager",), ("service",)):
            with pytest.raises(StaffOnly):
                witness.list_trail_heads(store, Caller(hall="main", roles=frozenset(roles)), after=0)
    for statement in ("DELETE FROM trail_heads", "UPDATE trail_heads SET number = 1", "TRUNCATE trail_heads"):
        with made.connect() as connection, pytest.raises(RestrictViolation):
            connection.execute(statement)
    made.close()
