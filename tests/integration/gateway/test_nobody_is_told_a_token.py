"""A walk through all operations of the description: no answer to anyone but the holder has what lets one act for them.

People take numbers, book, move, wait, come and ask for visits; all they were answered that makes them holders is kept.
Then everybody else asks all there is to ask, and tries everything with the ids that they found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.e2e.test_booking_over_http import free_slots, hall_now, later, some_phone, visitor
from tests.e2e.test_hall_over_http import Api
from tests.e2e.test_onsite_over_http import wanted
from tests.halls import warm_hall
from tests.processes import Stack
from tests.servers import HTTP

WINDOW, ITEM, ZONE, CREW = "101", "market-001", "A", "market-1"
STAFF = ("clerk001", "operator", "dispatcher", "crew", "analyst", "manager", "admin")
# Who is neither the holder nor staff that may act for them; clerk035 is of another department.
STRANGERS = ("nobody", "a visitor", "kiosk", "clerk035", "crew", "analyst")
# What takes a holder's token: whoever adds to it, adds to the deeds that are tried below.
HOLDERS = {
    "cancel_ticket", "evaluate_ticket", "leave_phone", "find_todays_appointments", "get_appointment",
    "get_calendar_file", "confirm_appointment", "cancel_appointment", "reschedule_appointment", "check_in",
    "get_order", "cancel_order",
}  # fmt: skip
REFUSED = (401, 403)
# Who is told nobody's user name: half of what signing in takes.
NO_STAFF = ("nobody", "a visitor", "kiosk")
STAFF_NAMES = re.compile(r"\bclerk\d{3}\b")
SECRET_MEMBERS = re.compile(r'"(token|rescheduled_to_token)":\s*"[^"]')


@dataclass
class Held:
    """What the people of this test hold: ids by kind, and the secrets that go with them."""

    ids: dict[str, list[str]] = field(
        default_factory=lambda: {"tickets": [], "appointments": [], "orders": []}
    )
    secrets: dict[str, str] = field(default_factory=dict)
    phone: str = ""
    reference: str = ""

    def keep(self, kind: str, answer: httpx.Response) -> Any:
        """Keep what was made, and its token."""
        assert answer.status_code in (200, 201), answer.text
        made = answer.json()
        self.ids[kind].append(made["id"])
        self.secrets[made["token"]] = made["id"]
        return made


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A hall of its own, whose databases and logs are read in the end."""
    with warm_hall(tmp_path_factory.mktemp("hall")) as hall:
        yield hall


@pytest.fixture(scope="module")
def people(hall: Stack) -> dict[str, Api]:
    """Everybody who holds nothing."""
    signed_in = {name: Api(hall, name) for name in (*STAFF, "kiosk", "clerk035")}
    return {"nobody": Api(hall), "a visitor": visitor(hall, some_phone()), **signed_in}


@pytest.fixture(scope="module")
def held(hall: Stack, people: dict[str, Api]) -> Held:
    """What came of a busy morning."""
    made = Held(phone=some_phone())
    _take_numbers(made, people)
    _book(made, people, visitor(hall, made.phone))
    _ask_for_visits(made, people, visitor(hall, made.phone))
    assert len(made.secrets) == 11
    return made


def _take_numbers(made: Held, people: dict[str, Api]) -> None:
    clerk = people["clerk001"]
    clerk.post(f"/windows/{WINDOW}/sign-in")
    for _ in range(4):
        made.keep("tickets", people["kiosk"].post("/tickets", {"item": ITEM, "channel": "kiosk"}))
    served = clerk.post(f"/windows/{WINDOW}/call-next").json()["id"]
    for verb in ("start", "finish"):
        assert clerk.post(f"/tickets/{served}/{verb}").status_code == 200
    clerk.post(f"/windows/{WINDOW}/call-next")
    token = next(token for token, id_ in made.secrets.items() if id_ == served)
    body = {"level": 2, "comment": "等了很久"}
    assert people["nobody"].post(f"/tickets/{served}/evaluation", body, holder=token).status_code == 201


def _book(made: Held, people: dict[str, Api], me: Api) -> None:
    operator = people["operator"]
    now = hall_now(operator)
    slots = free_slots(operator, ITEM, channel="phone")
    soon = next(
        each for each in slots if datetime.fromisoformat(each["starts_at"]) - now <= timedelta(minutes=30)
    )
    mine, moved = later(free_slots(me, ITEM), now)[:2]
    who = {"item": ITEM, "name": "张三", "phone": made.phone, "channel": "web"}
    booked = made.keep("appointments", me.post("/appointments", {**who, "slot": mine["id"]}))
    me.post(f"/appointments/{booked['id']}/confirm")
    new = me.post(f"/appointments/{booked['id']}/reschedule", {"slot": moved["id"]})
    made.reference = made.keep("appointments", new)["reference"]
    comes = {**who, "slot": soon["id"], "channel": "phone", "phone": some_phone()}
    guest = made.keep("appointments", operator.post("/appointments", comes))
    come = people["kiosk"].post(f"/appointments/{guest['id']}/check-in").json()
    made.ids["tickets"].append(come["ticket"]["id"])
    made.secrets[come["ticket"]["token"]] = come["ticket"]["id"]
    day = (now + timedelta(days=3)).date().isoformat()
    wish = {"item": ITEM, "name": "李四", "phone": some_phone(), "from": day, "to": day}
    made.keep("appointments", operator.post("/waitlist", wish))


def _ask_for_visits(made: Held, people: dict[str, Api], me: Api) -> None:
    now = hall_now(me)
    order = made.keep("orders", me.post("/onsite-orders", wanted(now, ITEM, made.phone)))
    people["dispatcher"].post(f"/onsite-orders/{order['id']}/screen", {"accept": True})
    made.keep("orders", people["operator"].post("/onsite-orders", wanted(now, ITEM, some_phone())))


def test_no_answer_to_others_has_a_token(hall: Stack, people: dict[str, Api], held: Held) -> None:
    description = HTTP.get(f"{hall.url}/openapi.json").json()
    operations = dict(_operations(description))
    assert {name for name, (_, _, of) in operations.items() if _takes_a_token(of)} == HOLDERS
    asked = 0
    for path, operation in ((path, of) for method, path, of in operations.values() if method == "get"):
        for address in _addresses(path, held):
            for name, api in people.items():
                for query in ({}, _query(operation, api, held)):
                    answer = _get(api, address, query)
                    _has_no_secret(answer, held, f"{name} asks {address} {query}")
                    if name in NO_STAFF:
                        assert not STAFF_NAMES.search(answer.text), f"{name} asks {address} {query}"
                    asked += answer.status_code == 200
    assert asked > 500, "too few answers to say anything"


def _operations(description: Any) -> Iterator[tuple[str, tuple[str, str, Any]]]:
    for path, operations in description["paths"].items():
        for method in operations.keys() & {"get", "post", "put", "patch"}:
            yield operations[method].get("operationId", path), (method, path, operations[method])


def _takes_a_token(operation: Any) -> bool:
    return {"$ref": "#/components/parameters/HolderToken"} in operation.get("parameters", ())


def _addresses(path: str, held: Held) -> list[str]:
    """Return addresses of an operation: one for each thing of its kind that is held."""
    kinds = {
        "tickets": "tickets",
        "evaluations": "tickets",
        "appointments": "appointments",
        "onsite-orders": "orders",
    }
    kind = kinds.get(path.removeprefix("/api/v1/").split("/")[0])
    if kind and "{" in path:
        return [re.sub(r"\{[a-z]+\}", id_, path) for id_ in held.ids[kind]]
    place = {"{zone}": ZONE, "{kind}": "daily", "{number}": "2026-0000001", "{id}": str(uuid4())}
    of_crews = "/crews/" in path
    place["{code}"] = WINDOW if "/windows/" in path else CREW if of_crews else ITEM
    for name, value in place.items():
        path = path.replace(name, value)
    return [path]


def _query(operation: Any, api: Api, held: Held) -> dict[str, str]:
    """Return a query of all that the operation takes: of today, and of whom this is about."""
    today = hall_now(api).date().isoformat()
    known = {
        "from": today, "to": today, "date": today, "period": today, "phone": held.phone, "item": ITEM,
        "department": "market", "q": held.reference, "format": "json", "kind": "wait", "limit": "200",
        "number": "A001",
    }  # fmt: skip
    names = [each.get("name") for each in operation.get("parameters", ())]
    return {name: known[name] for name in names if name in known}


def _get(api: Api, address: str, query: dict[str, str]) -> httpx.Response:
    """Ask; of a stream the first event."""
    root = api.root.removesuffix("/api/v1")
    if not address.endswith("/events"):
        return HTTP.get(root + address, params=query or None, headers=api.headers)
    with HTTP.stream("GET", root + address, params=query or None, headers=api.headers) as answer:
        read = b""
        for piece in answer.iter_bytes():
            read += piece
            if answer.status_code != 200 or b"\n\n" in read.partition(b"data:")[2]:
                break
    return httpx.Response(answer.status_code, headers=dict(answer.headers), content=read)


def _has_no_secret(answer: httpx.Response, held: Held, what: str) -> None:
    told = f"{answer.text} {answer.headers}"
    assert not [secret for secret in held.secrets if secret in told], what
    assert not SECRET_MEMBERS.search(answer.text), what


def test_ids_alone_let_nobody_act(hall: Stack, people: dict[str, Api], held: Held) -> None:
    """Everything that takes a token, with none, an empty one, and those of other things."""
    others = uuid4().hex[:22]
    for stranger in STRANGERS:
        for verb, kind, path, body in _deeds(people):
            for id_ in held.ids[kind]:
                wrong = [token for token, of in held.secrets.items() if of != id_][:2]
                for token in ("", others, *wrong):
                    if stranger == "kiosk" and verb == "check in":
                        continue  # for whom it has found
                    api, address = people[stranger], path.format(id=id_)
                    answer = (
                        api.get(address, holder=token)
                        if verb == "see"
                        else api.post(address, body, holder=token)
                    )
                    what = f"{stranger}: {verb} {address}"
                    assert answer.status_code in REFUSED, f"{what}: {answer.status_code} {answer.text}"
                    _has_no_secret(answer, held, what)


def _deeds(people: dict[str, Api]) -> list[tuple[str, str, str, Any]]:
    slot = later(free_slots(people["nobody"], ITEM), hall_now(people["nobody"]))[-1]["id"]
    return [
        ("cancel", "tickets", "/tickets/{id}/cancel", {}),
        ("leave a phone", "tickets", "/tickets/{id}/phone", {"phone": "13800005678"}),
        *(
            ("take the token over", kind, f"/{path}/{{id}}/token", {"reason": "丢失"})
            for kind, path in (("tickets",) * 2, ("appointments",) * 2, ("orders", "onsite-orders"))
        ),
        ("evaluate", "tickets", "/tickets/{id}/evaluation", {"level": 5}),
        ("see", "appointments", "/appointments/{id}", None),
        ("see", "appointments", "/appointments/{id}/calendar.ics", None),
        ("confirm", "appointments", "/appointments/{id}/confirm", {}),
        ("cancel", "appointments", "/appointments/{id}/cancel", {}),
        ("move", "appointments", "/appointments/{id}/reschedule", {"slot": slot}),
        ("check in", "appointments", "/appointments/{id}/check-in", {}),
        ("see", "orders", "/onsite-orders/{id}", None),
        ("cancel", "orders", "/onsite-orders/{id}/cancel", {}),
    ]


def test_staff_who_act_for_people_are_told_no_token(people: dict[str, Api], held: Held) -> None:
    """Whoever makes a thing hands its token on; whoever changes it has no need of it."""
    clerk, operator = people["clerk001"], people["operator"]
    waiting = [
        each for each in held.ids["tickets"] if clerk.get(f"/tickets/{each}").json()["state"] == "waiting"
    ]
    answers = [
        clerk.get(f"/windows/{WINDOW}/current"),
        clerk.post(f"/tickets/{waiting[0]}/cancel"),
        people["kiosk"].post(f"/appointments/{held.ids['appointments'][2]}/check-in"),
        operator.post(f"/appointments/{held.ids['appointments'][1]}/cancel"),
        people["dispatcher"].post(f"/onsite-orders/{held.ids['orders'][1]}/screen", {"accept": True}),
        operator.post(f"/onsite-orders/{held.ids['orders'][1]}/cancel"),
    ]
    for answer in answers:
        assert answer.status_code == 200, answer.text
        _has_no_secret(answer, held, str(answer.url))


def test_no_store_and_no_log_keeps_a_token(hall: Stack, held: Held) -> None:
    """Nor does an event: statistics archives them all, and what waits is in the outboxes."""
    found = [
        f"{service}.{table}"
        for service, dsn in hall.databases.items()
        for table, text in _rows_of(dsn)
        if any(secret in text for secret in held.secrets)
    ]
    assert found == []
    for name, process in hall.processes.items():
        log = process.log.read_text()
        assert not [secret for secret in held.secrets if secret in log], name
    assert held.ids["tickets"][0] in hall.processes["gateway"].log.read_text(), "as ids are in all logs"


def _rows_of(dsn: str) -> Iterator[tuple[str, str]]:
    with psycopg.connect(dsn) as connection:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for (table,) in connection.execute(query).fetchall():
            rows = sql.SQL("SELECT each::text FROM {} AS each").format(sql.Identifier(table))
            for (text,) in connection.execute(rows):
                yield table, text
