"""The follow-up of an unusual movement over HTTP in a running hall."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from services.chassis.db import Database, load_queries
from services.statistics.anomalies.domain.anomalies import Anomaly
from services.statistics.store import Store
from tests.e2e.pages.conftest import rows_of
from tests.e2e.test_booking_over_http import hall_now, problem
from tests.e2e.test_hall_over_http import Api
from tests.halls import RunningHall
from tests.waiting import DEADLINE_S


@pytest.fixture
def found(hall: RunningHall) -> str:
    """An item of the hall in which the analyst's detection has found something, as it stores it."""
    from deploy.local import databases, state
    from deploy.local.layout import Layout

    known = state.read(Layout(hall.folder))
    assert known is not None
    dsn = databases.dsn(known.database_admin, "statistics", password=known.role_passwords["statistics"])
    day = date(2026, 2, 27)
    anomaly = Anomaly(
        hall="main", id=str(uuid4()), subject_kind="item", subject=f"x-{uuid4().hex[:8]}", department="market",
        direction="rise", business_date=day, since=day, window_days=1, since_hour=None, observed=90.0, expected=40.0,
        lower=21.0, upper=66.0, chance=1e-8, score=8.0, method="farrington-flexible", last_year=38.0,
        series=[{"at": "2026-02-27", "observed": 90.0, "expected": 40.0, "lower": 23.0, "upper": 61.0}],
        detected_at=datetime(2026, 2, 27, 17, tzinfo=UTC), seen_on=day,
    )  # fmt: skip
    database = Database(Store, load_queries("services.statistics"), url=dsn, size=1, timeout=DEADLINE_S)
    with database.transaction() as store:
        assert store.add_anomaly(anomaly)
    database.close()
    return anomaly.id


def test_an_anomaly_is_assigned_explained_confirmed_and_fed_back(hall: RunningHall, found: str) -> None:
    analyst, path = Api(hall, "analyst"), f"/anomalies/{found}"
    listed = analyst.get("/anomalies", **{"from": "2026-02-27", "to": "2026-02-27", "state": "detected"})
    assert found in [each["id"] for each in listed.json()["items"]]
    due_on = (hall_now(analyst) + timedelta(days=7)).date().isoformat()
    assert problem(analyst.post(f"{path}/explain", {"text": "新规施行"})) == (409, "conflict")
    assert problem(analyst.post(f"{path}/assign", {"owner": "market", "due_on": "2026-02-27"}))[0] == 422

    assigned = analyst.post(f"{path}/assign", {"owner": "market", "due_on": due_on}, key="anomaly-e2e")
    assert (assigned.status_code, assigned.json()["state"]) == (200, "assigned"), assigned.text
    again = analyst.post(f"{path}/assign", {"owner": "market", "due_on": due_on}, key="anomaly-e2e")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (assigned.json(), "true")

    manager = Api(hall, "manager")
    assert manager.post(f"{path}/explain", {"text": "新规施行"}).json()["explanation"] == "新规施行"
    assert manager.post(f"{path}/confirm").json()["state"] == "confirmed"
    assert problem(manager.post(f"{path}/dismiss", {"reason": "迟了"})) == (409, "conflict")
    ended = manager.post(f"{path}/feed-back", {"result": "增开窗口"}).json()
    assert (ended["state"], ended["outcome"], ended["version"]) == ("fed_back", "增开窗口", 5)

    whole = analyst.get(path).json()
    assert [each["by"] for each in whole["history"]] == [None, "analyst", "manager", "manager", "manager"]
    assert whole["series"][0]["observed"] == 90
    assert "约 40 件" in whole["words"]["zh"] and "about 40 were expected" in whole["words"]["en"]


def test_analysts_managers_and_the_departments_people_get_at_anomalies(hall: RunningHall, found: str) -> None:
    assert problem(Api(hall).get("/anomalies"))[0] == 401
    assert problem(Api(hall, "operator").get(f"/anomalies/{found}"))[0] == 403
    rows = rows_of("clerks")
    own, other = (
        next(row["username"] for row in rows if (row["department"] == "market") is here)
        for here in (True, False)
    )
    assert Api(hall, own).get(f"/anomalies/{found}").status_code == 200
    assert problem(Api(hall, other).get(f"/anomalies/{found}"))[0] == 404
    task = {"owner": "market", "due_on": "2099-01-01"}
    assert problem(Api(hall, own).post(f"/anomalies/{found}/assign", task))[0] == 403
    assert problem(Api(hall, own).get("/anomalies/owners"))[0] == 403
    task["owner"] = "nobody-here"
    assert problem(Api(hall, "analyst").post(f"/anomalies/{found}/assign", task))[0] == 422
    assert problem(Api(hall, "analyst").get(f"/anomalies/{uuid4()}"))[0] == 404
    assert problem(Api(hall, "analyst").get("/anomalies", state="lost"))[0] == 422


def test_the_past_is_examined_by_a_command(hall: RunningHall) -> None:
    said = hall.command("detect", "anomalies", "--from", "2019-02-25", "--to", "2019-03-01")
    assert "0 days examined, 0 new findings" in said
