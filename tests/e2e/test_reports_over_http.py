"""Reports of a running hall over HTTP."""

from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from docx import Document
from openpyxl import load_workbook

from tests.e2e.test_booking_over_http import hall_now, problem
from tests.e2e.test_hall_over_http import Api
from tests.halls import RunningHall
from tests.waiting import until

WHOLE = (34, 363, 607)


@pytest.fixture(scope="module")
def analyst(hall: RunningHall) -> Api:
    return Api(hall, "analyst")


@pytest.fixture(scope="module")
def today(analyst: Api) -> str:
    return hall_now(analyst).date().isoformat()


def test_a_days_report_comes_as_json_workbook_and_document(analyst: Api, today: str) -> None:
    def look() -> dict[str, Any] | None:
        answer = analyst.get("/reports/daily", period=today)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found if (found["departments"], found["staff"], found["items"]) == WHOLE else None

    report = until(look, what="the report is about the whole hall")
    assert (report["kind"], report["edition"], report["printed_on"]) == ("daily", None, today)
    for form, reads in (("xlsx", load_workbook), ("docx", Document)):
        answer = _when_made(
            analyst, analyst.get("/reports/daily", period=today, department="market", format=form)
        )
        assert answer.status_code == 200, answer.text
        assert "officedocument" in answer.headers["Content-Type"]
        year, month, day = (int(part) for part in today.split("-"))
        name = quote(f"市市场监管局{year}年{month}月{day}日业务统计日报.{form}", safe="")
        assert answer.headers["Content-Disposition"] == (
            f"attachment; filename=\"daily-{today}.{form}\"; filename*=UTF-8''{name}"
        )
        assert reads(BytesIO(answer.content))


def _when_made(analyst: Api, answer: httpx.Response) -> httpx.Response:
    """Return the document; on a slow machine it is looked for where the answer says."""
    if answer.status_code != 202:
        return answer
    place = answer.headers["Location"].removeprefix("/api/v1")
    made = until(
        lambda: (found := analyst.get(place).json())["state"] in ("done", "failed") and found,
        what="the document is made",
    )
    return analyst.get(made["file"].removeprefix("/api/v1"))


def test_an_edition_is_made_once_and_read_again(analyst: Api) -> None:
    body, key = (
        {"period": "2019-Q4", "department": "statetax", "reason": "history was imported"},
        str(uuid4()),
    )
    made = analyst.post("/reports/quarterly/editions", body, key=key)
    again = analyst.post("/reports/quarterly/editions", body, key=key)
    assert (made.status_code, made.json()["edition"]) == (201, 1), made.text
    assert again.json() == made.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    listed = analyst.get("/reports", kind="quarterly").json()["items"]
    assert made.json() in listed
    about = {"period": "2019-Q4", "department": "statetax"}
    first = analyst.get("/reports/quarterly", **about, edition="1")
    assert first.json()["edition"] == 1
    assert analyst.get("/reports/quarterly", **about).content == first.content


def test_what_is_no_report_is_refused(hall: RunningHall, analyst: Api, today: str) -> None:
    clerk = Api(hall, "clerk001")
    assert clerk.get("/reports/daily", period=today).status_code == 403
    assert Api(hall).get("/reports/daily", period=today).status_code == 401
    assert problem(analyst.get("/reports/annual", period="2011-Q1")) == (422, "period_invalid")
    assert problem(analyst.get("/reports/annual", period="2150")) == (422, "period_invalid")
    assert problem(analyst.get("/reports/annual", period="2011", format="pdf")) == (422, "invalid")
    assert problem(analyst.get("/reports/annual")) == (422, "invalid")
    assert analyst.get("/reports/weekly", period=today).status_code == 404
    nobody = analyst.get("/reports/daily", period=today, department="nobody")
    assert problem(nobody) == (422, "unknown_department")
    missing = analyst.get("/reports/annual", period="2011", edition="7")
    assert problem(missing) == (404, "edition_not_found")
    running = analyst.post("/reports/daily/editions", {"period": today, "reason": "too early"})
    assert problem(running) == (409, "period_running")
