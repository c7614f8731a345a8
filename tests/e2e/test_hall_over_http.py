"""A running hall over HTTP: what clients outside rely on, right and wrong."""

import csv
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.halls import RunningHall
from tests.servers import HTTP
from tests.shared import ROOT
from tests.waiting import DEADLINE_S

MEGABYTES = 10_000_000


class Api:
    """A client with the token of a demo account, or none."""

    def __init__(self, hall: RunningHall, username: str | None = None) -> None:
        self.root = f"{hall.url}/api/v1"
        self.headers: dict[str, str] = {}
        if username:
            answer = self.post("/auth/token", {"username": username, "password": "demo"})
            self.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def post(
        self, path: str, body: Any = None, *, key: str | None = None, holder: str = ""
    ) -> httpx.Response:
        headers = {**self.headers, "Idempotency-Key": key or str(uuid4()), **held(holder)}
        return HTTP.post(self.root + path, json={} if body is None else body, headers=headers)

    def send(self, path: str, content: bytes, *, media_type: str) -> httpx.Response:
        headers = {**self.headers, "Content-Type": media_type}
        return HTTP.post(self.root + path, content=content, headers=headers)

    def get(self, path: str, *, holder: str = "", **query: str) -> httpx.Response:
        return HTTP.get(self.root + path, params=query or None, headers={**self.headers, **held(holder)})


def held(token: str) -> dict[str, str]:
    """Return the header that proves who holds a ticket, appointment or order."""
    return {"X-Holder-Token": token} if token else {}


@pytest.fixture(scope="module")
def kiosk(hall: RunningHall) -> Api:
    return Api(hall, "kiosk")


@pytest.fixture(scope="module")
def manager(hall: RunningHall) -> Api:
    return Api(hall, "manager")


@pytest.fixture
def clerk_at_window(hall: RunningHall) -> Iterator[tuple[Api, str]]:
    """A clerk of customs at a window of theirs; nobody else works there in these tests."""
    windows = Api(hall).get("/windows", department="customs").json()["items"]
    window = next(each for each in windows if each["clerk"] is None)
    with (ROOT / "deploy" / "hall" / "clerks.csv").open(encoding="utf-8") as source:
        account = next(row for row in csv.DictReader(source) if row["department"] == "customs")
    clerk = Api(hall, account["username"])
    assert clerk.post(f"/windows/{window['code']}/sign-in").status_code == 200
    yield clerk, window["code"]
    desk = clerk.get(f"/windows/{window['code']}/current").json()
    if desk["ticket"]:
        clerk.post(f"/tickets/{desk['ticket']['id']}/start")
        clerk.post(f"/tickets/{desk['ticket']['id']}/finish")
    assert clerk.post(f"/windows/{window['code']}/sign-out").status_code == 200


def _item_of(api: Api, window: str, department: str = "customs") -> str:
    queues = next(
        each for each in api.get("/windows", department=department).json()["items"] if each["code"] == window
    )
    items = api.get("/items", department=department, limit="200").json()["items"]
    return next(item["code"] for item in items if item["queue"] in queues["queues"])


def serving(clerk: Api, window: str, item: str) -> str:
    """Have somebody at the window, and whoever was waiting before served, and return their ticket."""
    return str(holder_served(clerk, window, item)["id"])


def holder_served(clerk: Api, window: str, item: str) -> Any:
    """Do as `serving` does and return the answer to the issue."""
    body = {"item": item, "channel": "window", "cutoff_override": "test"}
    mine = clerk.post("/tickets", body).json()
    while True:
        called = clerk.post(f"/windows/{window}/call-next").json()["id"]
        assert clerk.post(f"/tickets/{called}/start").status_code == 200
        if called == mine["id"]:
            return mine
        assert clerk.post(f"/tickets/{called}/finish").status_code == 200


def _problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert {"type", "title", "detail", "call_id"} <= body.keys()
    return body


def test_a_kiosk_request_repeated_with_its_key_gives_the_same_ticket(kiosk: Api) -> None:
    body = {"item": "drug-001", "channel": "kiosk"}
    first = kiosk.post("/tickets", body, key="again-1")
    second = kiosk.post("/tickets", body, key="again-1")
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    other = kiosk.post("/tickets", {**body, "item": "drug-002"}, key="again-1")
    _problem(other, 422, "idempotency_key_reused")


def test_fifty_kiosks_at_once_get_numbers_without_gap_or_repeat(hall: RunningHall) -> None:
    begin = threading.Barrier(50, timeout=DEADLINE_S)
    clerk = Api(hall, "clerk001")

    def take(_: int) -> list[dict[str, Any]]:
        begin.wait()
        body = {"item": "police-001", "channel": "kiosk", "cutoff_override": "test"}
        return [clerk.post("/tickets", body).json() for _ in range(4)]

    with ThreadPoolExecutor(50) as pool:
        tickets = [ticket for taken in pool.map(take, range(50)) for ticket in taken]
    prefix = tickets[0]["number"].rstrip("0123456789")
    numbers = sorted(int(ticket["number"].removeprefix(prefix)) for ticket in tickets)
    assert numbers == list(range(numbers[0], numbers[0] + 200))


WRONG: list[tuple[str, Any, int, str]] = [
    ("wrong type", {"item": 7, "channel": "kiosk"}, 422, "invalid"),
    ("missing field", {"channel": "kiosk"}, 422, "invalid"),
    ("unknown field", {"item": "drug-001", "channel": "kiosk", "colour": "red"}, 422, "invalid"),
    ("unknown item", {"item": "drug-999", "channel": "kiosk"}, 422, "unknown_item"),
    ("NUL in a code", {"item": "drug\u0000001", "channel": "kiosk"}, 422, "invalid"),
    ("emoji for a channel", {"item": "drug-001", "channel": "🎫"}, 422, "invalid"),
    ("a list for an object", [1, 2, 3], 422, "invalid"),
    (
        "urgent from a kiosk",
        {"item": "drug-001", "channel": "kiosk", "class": "urgent", "reason": "x"},
        403,
        "clerk_only",
    ),
    (
        "override from a kiosk",
        {"item": "drug-001", "channel": "kiosk", "cutoff_override": "x"},
        403,
        "clerk_only",
    ),
]


@pytest.mark.parametrize(
    ("body", "status", "code"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_bad_input_gets_its_problem_and_changes_nothing(
    kiosk: Api, manager: Api, body: Any, status: int, code: str
) -> None:
    before = kiosk.post("/tickets", {"item": "drug-003", "channel": "kiosk"}).json()["number"]
    _problem(kiosk.post("/tickets", body), status, code)
    after = kiosk.post("/tickets", {"item": "drug-003", "channel": "kiosk"}).json()["number"]
    prefix = before.rstrip("0123456789")
    assert int(after.removeprefix(prefix)) == int(before.removeprefix(prefix)) + 1


def test_broken_json_large_bodies_and_wrong_media_types_are_refused(kiosk: Api) -> None:
    json = "application/json"
    assert kiosk.send("/tickets", b'{"item": ', media_type=json).status_code == 400
    assert kiosk.send("/tickets", b"x" * MEGABYTES, media_type=json).status_code == 413
    assert kiosk.send("/tickets", b"a=b", media_type="text/plain").status_code == 415


def test_unknown_ids_and_paths_are_not_found(kiosk: Api, hall: RunningHall) -> None:
    _problem(kiosk.get(f"/tickets/{uuid4()}"), 404, "ticket_not_found")
    _problem(kiosk.get("/boards/Z9"), 404, "zone_not_found")
    assert kiosk.get("/cases/2026-9999999").status_code in (403, 404)
    assert kiosk.get("/nothing-here").status_code == 404
    assert kiosk.get("/volumes?limit=99999999999999999999").status_code == 404


def test_who_has_no_token_or_the_wrong_role_may_not(hall: RunningHall, kiosk: Api) -> None:
    anonymous = Api(hall)
    assert anonymous.post("/tickets", {"item": "drug-001", "channel": "kiosk"}).status_code == 401
    assert kiosk.post("/windows/101/call-next").status_code == 403
    assert kiosk.get("/statistics/overview").status_code == 403


def test_illegal_transitions_and_other_peoples_tickets_change_nothing(
    hall: RunningHall, kiosk: Api, clerk_at_window: tuple[Api, str]
) -> None:
    clerk, window = clerk_at_window
    item = _item_of(kiosk, window)
    ticket = kiosk.post("/tickets", {"item": item, "channel": "kiosk"}).json()
    _problem(clerk.post(f"/tickets/{ticket['id']}/finish"), 409, "illegal_transition")
    called = clerk.post(f"/windows/{window}/call-next").json()
    stranger = Api(hall, "clerk001")
    _problem(stranger.post(f"/tickets/{called['id']}/start"), 403, "not_your_ticket")
    _problem(stranger.post(f"/windows/{window}/call-next"), 403, "not_your_window")
    _problem(clerk.post(f"/windows/{window}/call-next"), 409, "window_busy")
    assert kiosk.get(f"/tickets/{called['id']}").json()["state"] == "called"


def test_a_case_is_accepted_decided_and_delivered(kiosk: Api, clerk_at_window: tuple[Api, str]) -> None:
    clerk, window = clerk_at_window
    item = _item_of(kiosk, window)
    kiosk.post("/tickets", {"item": item, "channel": "kiosk"})
    ticket = clerk.post(f"/windows/{window}/call-next").json()
    early = clerk.post(f"/tickets/{ticket['id']}/cases", {"item": item})
    assert early.status_code == 409, "it is called, not served yet"
    clerk.post(f"/tickets/{ticket['id']}/start")
    case = clerk.post(f"/tickets/{ticket['id']}/cases", {"item": item}).json()
    assert (case["state"], case["origin"]) == ("accepted", "walk_in")
    decided = clerk.post(f"/cases/{case['number']}/decide").json()
    assert (decided["state"], decided["on_time"]) == ("decided", True)
    assert clerk.post(f"/cases/{case['number']}/deliver").json()["state"] == "delivered"
    again = clerk.post(f"/cases/{case['number']}/decide")
    assert again.status_code == 409


def test_a_visitor_signs_in_by_a_code_to_the_phone(hall: RunningHall) -> None:
    visitor = Api(hall)
    sent = visitor.post("/auth/otp", {"phone": "13800138000"})
    assert sent.status_code == 202
    token = visitor.post("/auth/token", {"phone": "13800138000", "otp": sent.json()["demo_code"]}).json()
    assert token["roles"] == ["visitor"]
    _problem(
        visitor.post("/auth/token", {"phone": "13800138000", "otp": "000000"}), 401, "invalid_credentials"
    )


def test_a_signed_out_token_no_longer_counts(hall: RunningHall) -> None:
    analyst = Api(hall, "analyst")
    assert analyst.get("/auth/me").status_code == 200
    assert analyst.post("/auth/revoke").status_code == 204
    assert analyst.get("/auth/me").status_code == 401
