"""Dispatch as two real processes: a race to publish, and a completion while cases is away."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import psycopg
import pytest

from services.chassis import clock
from services.chassis.bus import Bus, RemoteProblem
from services.chassis.caller import Caller
from services.chassis.db import Database, load_queries
from services.dispatch.store import Store
from tests.connected_bus import connected_bus
from tests.integration.dispatch.in_process import CREW, DISPATCHER, ITEM, OTHER_CREW, Hall
from tests.processes import Stack
from tests.waiting import DEADLINE_S, until


@pytest.fixture
def running(running_services: Callable[..., Stack]) -> Iterator[tuple[Stack, Hall, Bus]]:
    """Two copies of dispatch and one of cases, which knows the item."""
    stack = running_services("dispatch", "dispatch", "cases")
    opened = Database(
        Store, load_queries("services.dispatch"), url=stack.databases["dispatch"], size=4, timeout=DEADLINE_S
    )
    hall, bus = Hall(opened), connected_bus(stack.amqp_uri)
    with psycopg.connect(stack.databases["cases"]) as connection:
        connection.execute("INSERT INTO items VALUES ('main', %s, 'market', 5, 'active', 1)", [ITEM])
    with clock.showing(lambda: hall.now):
        hall.open()
        yield stack, hall, bus
    bus.close()
    opened.close()


def call(bus: Bus, method: str, caller: Caller, **request: Any) -> Any:
    key = f"{method}:{caller.username}:{sorted(request.items())}"
    return bus.call(
        "dispatch",
        method,
        request,
        caller=caller.to_wire() | {"command_id": key},
        call_id="c",
        timeout=DEADLINE_S,
    ).result


def test_two_copies_publish_one_draft_and_what_is_accepted_while_cases_is_away_becomes_cases_once(
    running: tuple[Stack, Hall, Bus],
) -> None:
    stack, hall, bus = running
    _refused_by_field(bus)
    order = hall.screened(1, window=(14, 17))
    _published_at_once(hall, bus)
    stack.processes["cases"].kill()
    crew = {"m1": CREW, "m2": OTHER_CREW}[str(hall.now_is(order).crew)]
    for verb in ("depart", "arrive"):
        call(bus, verb, crew, id=order.id)
    for _ in range(2):
        done = call(bus, "complete", crew, id=order.id, cases=[{"item": ITEM}])
        assert done["state"] == "done"
    stack.processes["cases"].start()
    until(lambda: cases_of(stack), what="a case is accepted")
    assert [each[:3] for each in cases_of(stack)] == [("on_site", order.id, ITEM)]
    until(lambda: hall.now_is(order).case_numbers, what="dispatch hears the number")
    assert hall.now_is(order).accepted == [(ITEM, cases_of(stack)[0][3])]


def _published_at_once(hall: Hall, bus: Bus) -> None:
    drafts, at_once = [hall.planned(), hall.planned()], Barrier(8, timeout=DEADLINE_S)

    def attempt(nth: int) -> str:
        dispatcher = Caller(hall="main", username=f"d{nth}", roles=frozenset({"dispatcher"}))
        at_once.wait()
        try:
            return str(call(bus, "publish_plan", dispatcher, id=drafts[nth % 2].id)["state"])
        except RemoteProblem as problem:
            return problem.code

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(attempt, range(8)))
    assert answers == {"published": 1, "plan_not_draft": 3, "plan_outdated": 4}
    [current] = [each for each in map(hall.plan, drafts) if each.current]
    hall.check(current.id)


def cases_of(stack: Stack) -> list[tuple[str, ...]]:
    with psycopg.connect(stack.databases["cases"]) as connection:
        rows = connection.execute("SELECT origin, onsite_order, item, number FROM cases").fetchall()
    return [tuple(map(str, row)) for row in rows]


def _refused_by_field(bus: Bus) -> None:
    with pytest.raises(RemoteProblem) as refused:
        call(bus, "request_order", DISPATCHER, item=ITEM, location={"lat": 91, "lon": "x"})
    assert refused.value.kind == "invalid"
    assert {"location", "name", "phone", "address", "window"} <= refused.value.errors.keys()
