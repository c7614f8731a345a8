"""The anomaly desk."""

from typing import Any

import pytest

from tests.e2e.pages.conftest import rows_of
from tests.e2e.pages.history import BURST, BURST_CASES, BURST_ITEM
from tests.e2e.pages.staff import Bring, looks_right, sign_in
from tests.waiting import until


@pytest.fixture
def burst(account: Bring, history: list[dict[str, str]]) -> Any:
    """What the analyst process finds of the burst; of earlier tests' follow-up it may be in any state."""

    def found() -> Any:
        rows = account("analyst").get("anomalies", **{"from": str(BURST)})["items"]
        return next(
            (row for row in rows if row["subject"] == BURST_ITEM and row["direction"] == "rise"), None
        )

    return until(found, what="the burst is found")


def _entry(page: Any, anomaly: Any) -> Any:
    return page.locator(f".anomaly[data-id='{anomaly['id']}']")


def _do(page: Any, deed: str, *, owner: str = "", **fields: str) -> None:
    page.locator(f"[data-deed={deed}]").press("Enter")
    if owner:
        page.locator("dialog [name=owner]").select_option(owner)
    for name, value in fields.items():
        page.locator(f"dialog [name={name}]").fill(value)
    page.locator("dialog [type=submit]").press("Enter")
    page.wait_for_selector("dialog", state="detached")


def test_an_anomaly_goes_through_the_whole_follow_up_without_a_mouse(visitor: Bring, burst: Any) -> None:
    someone = sign_in(visitor, "/anomalies", "analyst")
    page = someone.page
    page.locator("#state").select_option("all")
    _entry(page, burst).wait_for()
    _entry(page, burst).press("Home")
    page.keyboard.press("End")
    _entry(page, burst).press("Enter")
    page.wait_for_selector(".chart-anomaly canvas")
    assert page.evaluate("document.activeElement.id") == "anomaly-title"
    assert f"受理 {BURST_CASES}" in page.locator(".anomaly-words").inner_text().replace(
        "41", str(BURST_CASES)
    )
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("anomalies", full_page=True)
    page.locator("[data-deed=assign]").press("Enter")
    chosen = page.locator("dialog [name=owner]")
    assert chosen.input_value() == "agri", "the department it concerns stands first"
    someone.settle()
    someone.keep("anomalies-assign")
    chosen.select_option("")
    page.locator("dialog [type=submit]").press("Enter")
    someone.sees("请选择责任部门或责任人。", within="dialog")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    _do(page, "assign", owner="agri", due_on="2026-03-05")
    page.wait_for_selector("#anomaly-state:has-text('待说明')")
    assert "还有 3 天" in _entry(page, burst).inner_text()
    assert "市农业和渔业局" in _entry(page, burst).inner_text(), "the office by its name"
    _do(page, "explain", text="种子补贴政策实施首日")
    page.wait_for_selector("#anomaly-state:has-text('待核实')")
    _do(page, "confirm")
    page.wait_for_selector("#anomaly-state:has-text('属实')")
    _do(page, "feed-back", result="已提醒单位增设窗口")
    page.wait_for_selector("#anomaly-state:has-text('已反馈')")
    assert page.locator(".history-step").count() == 5
    assert "种子补贴政策实施首日" in page.locator(".facts").inner_text()
    page.locator("[data-table=anomaly]").press("Enter")
    last = page.locator("#table-anomaly tbody tr").last.inner_text().split("\t")
    assert int(last[1]) >= BURST_CASES
    assert page.evaluate("window.pressed") is None


def test_what_is_overdue_is_told_and_can_be_looked_at_alone(visitor: Bring, burst: Any) -> None:
    someone = visitor("phone", language="en")
    page = someone.page
    late = {**burst, "state": "assigned", "owner": "agri", "due_on": "2026-02-27", "overdue": True}
    open_one = {**burst, "id": "0d5a4ad5-5f0c-4f0e-8a51-000000000000", "state": "detected", "overdue": False}
    answer = {"items": [late, open_one], "next": None}
    page.route("**/api/v1/anomalies?**", lambda route: route.fulfill(json=answer))
    someone.go("/anomalies")
    page.locator("#username").fill("manager")
    page.locator("#password").fill("demo")
    page.keyboard.press("Enter")
    someone.sees("1 overdue")
    assert page.locator(".anomaly").count() == 2
    looks_right(someone)
    page.locator("#overdue").check()
    someone.until("document.querySelectorAll('.anomaly').length === 1")
    someone.sees("3 days overdue")
    _entry(page, late).click()
    page.wait_for_selector(".anomaly-view")
    assert not page.locator(".anomaly-side").is_visible()  # on a phone either the list or one
    assert burst["words"]["en"] in page.locator(".anomaly-words").inner_text()
    looks_right(someone)
    someone.keep("anomalies-phone", full_page=True)
    page.get_by_role("button", name="Back to the list").click()
    assert page.locator(".anomaly-side").is_visible()


def test_what_is_open_is_shown_however_old_it_is(visitor: Bring, burst: Any) -> None:
    asked: list[str] = []
    someone = visitor()
    page = someone.page
    page.route(
        "**/api/v1/anomalies?**",
        lambda route: (asked.append(route.request.url), route.fulfill(json={"items": [old], "next": None}))[
            1
        ],
    )
    old = {**burst, "business_date": "2010-03-05", "since": "2010-03-05", "state": "detected"}
    someone.go("/anomalies")
    page.locator("#username").fill("analyst")
    page.locator("#password").fill("demo")
    page.keyboard.press("Enter")
    _entry(page, burst).wait_for()
    someone.sees("共 1 项")
    assert "state=open" in asked[0]
    assert "from=" not in asked[0]


def test_the_departments_people_open_theirs_and_explain_it(
    visitor: Bring, burst: Any, account: Bring
) -> None:
    own = next(row["username"] for row in rows_of("clerks") if row["department"] == "agri")
    someone = sign_in(visitor, "/anomalies", own)
    page = someone.page
    page.locator("#state").select_option("all")
    _entry(page, burst).press("Enter")
    page.wait_for_selector(".anomaly-view")
    assert page.locator("[data-deed=assign], [data-deed=confirm], [data-deed=feed-back]").count() == 0
    task = {**burst, "state": "assigned", "owner": "agri", "series": [], "history": []}
    page.route("**/api/v1/anomalies/*", lambda route: route.fulfill(json=task))
    page.reload()
    page.locator("[data-deed=explain]").wait_for()
    stranger = next(row["username"] for row in rows_of("clerks") if row["department"] == "meteor")
    seen = account(stranger).get("anomalies", **{"from": burst["business_date"]})["items"]
    assert burst["id"] not in [row["id"] for row in seen]


def test_a_step_that_somebody_else_did_first_shows_how_it_stands(visitor: Bring, burst: Any) -> None:
    someone = sign_in(visitor, f"/anomalies?id={burst['id']}", "analyst")
    someone.expect_complaint("409")
    page = someone.page
    page.wait_for_selector(".anomaly-view")
    detected = {**burst, "state": "detected", "series": [], "history": []}
    page.route("**/api/v1/anomalies/*", lambda route: route.fulfill(json=detected))
    page.reload()
    page.locator("[data-deed=assign]").wait_for()
    page.unroute_all()
    problem = {"title": "conflict", "status": 409, "code": "illegal_transition", "detail": "It is fed back."}
    page.route("**/assign", lambda route: route.fulfill(status=409, json=problem))
    _do(page, "assign", owner="agri")
    someone.sees("当前状态下不能这样操作", within="#toasts")
    someone.until("document.querySelectorAll('.history-step').length > 0")
