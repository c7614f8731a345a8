"""The floor of a running hall over HTTP: set aside, freed, chosen, sent on, and counted where it was spent."""

import csv
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.test_booking_over_http import hall_now, problem
from tests.e2e.test_hall_over_http import Api
from tests.halls import RunningHall
from tests.shared import ROOT
from tests.waiting import until

Seat = Callable[..., tuple[Api, str]]


@pytest.fixture(scope="module")
def kiosk(hall: RunningHall) -> Api:
    return Api(hall, "kiosk")


@pytest.fixture(scope="module")
def manager(hall: RunningHall) -> Api:
    return Api(hall, "manager")


@pytest.fixture
def seat(hall: RunningHall, manager: Api) -> Iterator[Seat]:
    """Seat the nth clerk of a department at its nth window; a manager frees them all in the end."""
    taken: list[str] = []

    def sit(department: str, nth: int = 0) -> tuple[Api, str]:
        with (ROOT / "deploy" / "hall" / "clerks.csv").open(encoding="utf-8") as source:
            accounts = [row["username"] for row in csv.DictReader(source) if row["department"] == department]
        codes = [each["code"] for each in manager.get("/windows", department=department).json()["items"]]
        clerk = Api(hall, accounts[nth])
        assert clerk.post(f"/windows/{codes[nth]}/sign-in").status_code == 200
        taken.append(codes[nth])
        return clerk, codes[nth]

    yield sit
    for code in taken:
        desk = manager.get(f"/windows/{code}/current").json()
        for each in filter(None, [desk["ticket"], *desk["held"], *desk["missed"], *desk["waiting"]]):
            assert manager.post(f"/tickets/{each['id']}/end", {"reason": "清场"}).status_code == 200
        manager.post(f"/windows/{code}/sign-out", {"reason": "清场"})


def items_of(api: Api, department: str) -> list[dict[str, Any]]:
    """Return the items of a department that are in the queue its first window calls from."""
    window = api.get("/windows", department=department).json()["items"][0]
    rows: list[dict[str, Any]] = api.get("/items", department=department).json()["items"]
    return [each for each in rows if each["queue"] == window["queues"][0]]


def serving(kiosk: Api, seated: tuple[Api, str], department: str) -> str:
    """Return a ticket that is being served."""
    clerk, window = seated
    item = items_of(kiosk, department)[0]["code"]
    id_ = kiosk.post("/tickets", {"item": item, "channel": "kiosk"}).json()["id"]
    assert clerk.post(f"/windows/{window}/call-next").json()["id"] == id_
    assert clerk.post(f"/tickets/{id_}/start").status_code == 200
    return str(id_)


def test_who_was_set_aside_is_served_at_another_window(kiosk: Api, manager: Api, seat: Seat) -> None:
    first = seat("planning")
    id_ = serving(kiosk, first, "planning")
    number = first[0].post(f"/tickets/{id_}/hold").json()["number"]
    left = first[0].post(f"/windows/{first[1]}/sign-out").json()
    assert (left["state"], left["held"]) == ("closed", [number])
    listed = {each["code"]: each for each in kiosk.get("/windows", department="planning").json()["items"]}
    assert listed[first[1]]["held"] == [number]
    other, window = seat("planning", 1)
    assert [each["id"] for each in other.get(f"/windows/{window}/current").json()["held"]] == [id_]
    resumed = other.post(f"/tickets/{id_}/resume").json()
    assert (resumed["state"], resumed["window"]) == ("serving", window)
    floor = manager.get("/floor", department="planning").json()
    assert {each["code"]: (each["ticket"] or {}).get("number") for each in floor["windows"]}[window] == number
    assert {each["department"] for each in floor["queues"]} == {"planning"}
    assert problem(kiosk.get("/floor")) == (403, "forbidden")
    shown = {each["code"]: each for each in manager.get("/windows", department="planning").json()["items"]}
    assert (shown[window]["ticket"]["number"], shown[window]["ticket"]["state"]) == (number, "serving")
    assert other.post(f"/tickets/{id_}/finish").json()["state"] == "served"


def test_a_manager_frees_a_window_whose_clerk_has_gone(kiosk: Api, manager: Api, seat: Seat) -> None:
    clerk, window = seat("transport")
    id_ = serving(kiosk, (clerk, window), "transport")
    assert problem(manager.post(f"/windows/{window}/sign-out")) == (422, "reason_needed")
    freed = manager.post(f"/windows/{window}/sign-out", {"reason": "窗口人员突发不适"})
    assert (freed.status_code, freed.json()["clerk"]) == (200, None)
    assert kiosk.get(f"/tickets/{id_}").json()["state"] == "waiting"
    assert problem(clerk.post(f"/tickets/{id_}/end", {"reason": "不是我"}))[0] == 403
    ended = manager.post(f"/tickets/{id_}/end", {"reason": "办事人已离开"})
    assert ended.json()["state"] == "closed"
    assert problem(manager.post(f"/tickets/{id_}/put-back", {"reason": "又回来了"})) == (
        409,
        "illegal_transition",
    )


def test_a_clerk_chooses_and_sends_on_with_a_reason_that_why_shows(kiosk: Api, seat: Seat) -> None:
    clerk, window = seat("water")
    colleague, beside = seat("water", 1)
    item = items_of(kiosk, "water")[0]["code"]
    first, second = (kiosk.post("/tickets", {"item": item, "channel": "kiosk"}).json() for _ in range(2))
    wrong = {"number": "ZZ999", "reason": "行动不便"}
    assert problem(clerk.post(f"/windows/{window}/call", wrong)) == (409, "not_waiting")
    called = clerk.post(f"/windows/{window}/call", {"number": second["number"], "reason": "行动不便"})
    assert called.json()["id"] == second["id"]
    why = kiosk.get(f"/tickets/{second['id']}/why").json()
    assert (why["rule"], why["reason"], why["runner_up"]["number"]) == (
        "chosen",
        "行动不便",
        first["number"],
    )
    sent = clerk.post(f"/tickets/{second['id']}/transfer", {"window": beside, "reason": "原经办人"})
    assert (sent.json()["for_window"], sent.json()["state"]) == (beside, "waiting")
    assert sent.json()["called_at"] is None and sent.json()["started_at"] is None
    assert clerk.post(f"/windows/{window}/call-next").json()["id"] == first["id"]
    assert colleague.post(f"/windows/{beside}/call-next").json()["id"] == second["id"]
    assert kiosk.get(f"/tickets/{second['id']}/why").json()["reason"] == "原经办人"


def test_waits_and_services_are_those_of_each_queue(kiosk: Api, manager: Api, seat: Seat) -> None:
    here, there = seat("habitat"), seat("agri")
    id_ = serving(kiosk, here, "habitat")
    item = items_of(kiosk, "agri")[0]
    moved = here[0].post(f"/tickets/{id_}/transfer", {"queue": item["queue"], "reason": "要先办前置"}).json()
    assert there[0].post(f"/windows/{there[1]}/call-next").json()["id"] == id_
    there[0].post(f"/tickets/{id_}/start")
    done = there[0].post(f"/tickets/{id_}/finish").json()
    assert done["called_at"] <= done["started_at"] <= done["finished_at"]
    day = hall_now(kiosk).date().isoformat()

    def rows(path: str, group: str) -> dict[str, Any]:
        asked = {"from": day, "to": day, "group": group, "by": "day"}
        if path == "waits":
            del asked["by"]
        found = manager.get(f"/statistics/{path}", **asked).json()
        return {each["group"]: each for each in found["items"]}

    def counted() -> bool:
        served = rows("waits", "window")
        return there[1] in served and served[there[1]]["served"] == 1

    until(counted, what="the visit is counted")
    windows, items = rows("waits", "window"), rows("waits", "item")
    assert (windows[here[1]]["called"], windows[here[1]]["served"]) == (1, 1)
    assert moved["item"] in items and items[moved["item"]]["called"] == 1
    volumes = rows("volumes", "department")
    assert (volumes["habitat"]["tickets"], volumes["habitat"]["served"]) == (1, 0)
    assert (volumes["agri"]["tickets"], volumes["agri"]["served"]) == (0, 1)
