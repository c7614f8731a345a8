"""Quality of service over HTTP in a running hall: from a bad evaluation to the meeting that speaks of it."""

from typing import Any

import pytest

from tests.e2e.test_booking_over_http import hall_now, problem
from tests.e2e.test_hall_over_http import Api, _item_of, clerk_at_window, holder_served
from tests.halls import RunningHall
from tests.servers import HTTP
from tests.waiting import until

__all__ = ["clerk_at_window"]


@pytest.fixture(scope="module")
def manager(hall: RunningHall) -> Api:
    return Api(hall, "manager")


@pytest.fixture(scope="module")
def day(manager: Api) -> str:
    """The business date of the hall."""
    return hall_now(manager).date().isoformat()


def quarter_of(day: str) -> str:
    """Return the quarter of a date."""
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"


def row_of(api: Api, path: str, department: str, day: str) -> dict[str, Any]:
    """Return the row of a department, an empty one when there is none."""
    query = {"from": day, "to": day, "group": "department"}
    rows = api.get(path, **query).json()["items"]
    return next((row for row in rows if row["group"] == department), {})


def test_a_bad_evaluation_is_followed_up_and_counted(
    hall: RunningHall, manager: Api, clerk_at_window: tuple[Api, str], day: str
) -> None:
    clerk, window = clerk_at_window
    mine = holder_served(clerk, window, _item_of(clerk, window))
    ticket, level = mine["id"], {"level": 1, "comment": "等了很久"}
    clerk.post(f"/tickets/{ticket}/finish")
    for stranger, token in ((Api(hall), ""), (clerk, ""), (clerk, mine["token"])):
        forged = stranger.post(f"/tickets/{ticket}/evaluation", {"level": 5}, holder=token)
        assert problem(forged) == (403, "visitors_only")
    given = Api(hall).post(f"/tickets/{ticket}/evaluation", level, holder=mine["token"])
    assert given.status_code == 201
    assert "follow_up" not in given.json(), "the visitor is told what they gave"
    waiting = manager.get("/evaluations", follow_up="open", department="customs").json()["items"]
    [row] = [each for each in waiting if each["ticket"] == ticket]
    assert row["comment"] == "等了很久"
    path = f"/evaluations/{ticket}"
    assert problem(manager.post(f"{path}/follow-up", {"result": "已回访"})) == (409, "follow_up_refused")
    assert problem(clerk.post(f"{path}/assign", {"owner": "clerk001", "due_on": day}))[0] == 403
    for stranger in ("nobody-here", "admin"):
        refused = manager.post(f"{path}/assign", {"owner": stranger, "due_on": day})
        assert problem(refused) == (422, "no_such_owner") and refused.json()["errors"]["owner"]
    assert (
        manager.post(f"{path}/assign", {"owner": "clerk001", "due_on": day}).json()["follow_up"] == "assigned"
    )
    assert manager.post(f"{path}/follow-up", {"result": "已回访"}).json()["follow_up"] == "followed_up"

    def followed_up() -> dict[str, Any]:
        row = row_of(manager, "/statistics/evaluations", "customs", day)
        return row if row.get("followed_up") else {}

    found = until(followed_up, what="statistics know of the follow-up")
    assert found["levels"]["1"] >= 1 and found["negative"] >= 1 and found["name"]
    waits = until(
        lambda: row_of(clerk, "/statistics/waits", "customs", day), what="statistics know the waits"
    )
    dates = {"from": day, "to": day}
    assert waits["called"] >= waits["served"] >= 1 and waits["under_15_min_rate"] > 0
    histogram = clerk.get("/statistics/distributions", **dates, kind="wait").json()
    assert histogram["bins"][-1]["cumulative"] == 1

    asked = manager.post("/staffing-advice", dates)
    assert (asked.status_code, asked.json()["state"]) == (202, "queued"), asked.text
    advice = until(
        lambda: (
            (told := manager.get(f"/staffing-advice/{asked.json()['id']}").json())["state"]
            in ("done", "failed")
            and told
        ),
        what="the advice is worked out",
    )
    assert advice["state"] == "done", advice["fault"]
    [*_, row] = [each for each in advice["rows"] if each["queue"] == mine["queue"]]
    assert row["windows_needed"] >= 1 and row["more"]["windows"] >= 2
    assert manager.get("/staffing-advice").json()["items"][0]["id"] == advice["id"]
    assert problem(clerk.post("/staffing-advice", dates))[0] == 403


def test_commendations_and_awards_make_points_that_the_meeting_sees(manager: Api, day: str) -> None:
    about = {"department": "customs", "kind": "banner", "received_on": day}
    given = manager.post("/commendations", about | {"note": "企业送来锦旗"})
    assert given.status_code == 201, given.text
    refused = manager.post("/commendations", about | {"note": "联系 138 1234 5678"})
    assert problem(refused) == (422, "personal_data") and "1234" not in refused.text
    path = f"/commendations/{given.json()['id']}"
    changed = {"reason": "是牌匾", "kind": "plaque"}
    kept = HTTP.patch(manager.root + path, json=changed, headers=manager.headers).json()
    assert (kept["kind"], [each["kind"] for each in kept["history"]]) == ("plaque", ["banner"])
    wrong = manager.post("/commendations", about).json()["id"]
    assert manager.post(f"/commendations/{wrong}/withdraw", {"reason": "重复"}).json()["withdrawn_at"]
    listed = manager.get("/commendations", **{"from": day, "to": day, "department": "customs"}).json()[
        "items"
    ]
    assert [each["id"] for each in listed] == [given.json()["id"]]

    rules = {each["code"]: each for each in manager.get("/assessment-rules").json()["items"]}
    assert rules["it"]["measure"] == "awards", "the loader brought the hall's table"
    award = {"department": "customs", "rule": "it", "date": day, "reason": "上线自助终端"}
    assert manager.post("/awards", award).status_code == 201
    assert problem(manager.post("/awards", award | {"rule": "letter"})) == (422, "not_an_award")
    assert manager.get("/awards", **{"from": day, "to": day}).json()["items"][0]["rule"] == "it"
    quarter = quarter_of(day)
    ranking = manager.get("/assessments", period=quarter).json()["ranking"]
    [customs] = [each for each in ranking if each["department"] == "customs"]
    points = {item["rule"]: item["points"] for item in customs["items"]}
    assert (points["plaque"], points["banner"], points["it"]) == (2, 0, 2)
    assert problem(manager.post("/assessments/publish", {"period": quarter})) == (409, "quarter_running")

    called = manager.post("/meetings", {"quarter": quarter, "date": day})
    assert called.status_code == 201, called.text
    meeting = called.json()
    topics = {each["topic"]: each["figures"] for each in meeting["agenda"]}
    assert topics["commendations"]["plaques"] == 1 and topics["ranking"][0]["rank"] == 1
    assert problem(manager.post("/meetings", {"quarter": quarter, "date": day})) == (409, "meeting_exists")
    path = f"/meetings/{meeting['id']}"
    assert manager.post(f"{path}/minutes", {"minutes": "议定一项。", "version": 1}).json()["version"] == 2
    stale = manager.post(f"{path}/minutes", {"minutes": "议定两项。", "version": 1})
    assert problem(stale) == (409, "meeting_changed") and stale.json()["version"] == 2
    task = {"task": "增开一个窗口", "department": "customs", "due_on": day}
    [action] = manager.post(f"{path}/actions", task).json()["actions"]
    settled = manager.post(f"/meeting-actions/{action['id']}/settle", {"state": "done", "result": "已增开"})
    assert settled.json()["state"] == "done"
    assert manager.get(path).json()["actions"][0]["result"] == "已增开"
    assert manager.get("/meetings").json()["items"][0]["open_actions"] == 0
