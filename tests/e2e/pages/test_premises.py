"""Administrators arrange the hall in the browser: places, hours, the calendar."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.pages.staff import Bring, looks_right, send, sent, sign_in


@pytest.fixture
def code() -> str:
    """The code of a place that there is not."""
    return f"p{uuid4().hex[:8]}"


def row_of(page: Any, code: str) -> Any:
    """Return the row of a place, once it is there."""
    row = page.locator(f"tr[data-place='{code}']")
    row.wait_for()
    return row


def test_a_department_is_made_and_changed_and_told_whom_it_touches(
    visitor: Bring, account: Callable[[str], Any], code: str
) -> None:
    someone = sign_in(visitor, "/premises", "admin")
    someone.expect_complaint("422")
    page = someone.page
    row_of(page, "archives")
    looks_right(someone)
    someone.keep("premises")
    page.locator("#new").press("Enter")
    send(page, name="河长办")
    someone.sees("请填写。", within="dialog")
    send(page, name_en="Rivers", code="archives")
    someone.sees("已有这个代码。", within="dialog")
    assert someone.faults() == []
    someone.keep("premises-new")
    sent(page, code=code)
    page.locator("#q").fill("河长")
    row = row_of(page, code)
    assert page.locator("tr[data-place]").count() == 1
    row.locator("[data-deed=change]").press("Enter")
    sent(page, name="市河长办")
    someone.sees("市河长办", within=f"tr[data-place='{code}']")
    found = {each["code"]: each for each in account("manager").get("departments")["items"]}
    assert (found[code]["name"], found[code]["offers_three_services"]) == ("市河长办", True)


def test_a_window_is_made_to_serve_queues_of_several_departments(
    visitor: Bring, account: Callable[[str], Any], code: str
) -> None:
    someone = sign_in(visitor, "/premises#windows", "admin")
    page = someone.page
    page.locator("tr[data-place]").first.wait_for()
    page.locator("#new").press("Enter")
    queues = account("manager").get("queues", limit=500)["items"]
    chosen = [
        queues[0]["code"],
        next(each["code"] for each in queues if each["department"] != queues[0]["department"]),
    ]
    for queue in chosen:
        page.locator(f"dialog [value='{queue}']").press("Space")
    someone.keep("premises-window")
    number = f"9{int(code[1:], 16) % 1000:03}"
    sent(page, name="综合窗口", name_en="Comprehensive", code=number, department=queues[0]["department"])
    assert row_of(page, number).locator(".tag").count() == 2
    row_of(page, number).locator("[data-deed=change]").press("Enter")
    page.locator(f"dialog [value='{chosen[0]}']").press("Space")
    sent(page)
    someone.until("(code) => document.querySelectorAll(`tr[data-place='${code}'] .tag`).length === 1", number)


def test_a_queue_keeps_a_prefix_of_its_own(visitor: Bring, account: Callable[[str], Any]) -> None:
    someone = sign_in(visitor, "/premises#queues", "admin")
    someone.expect_complaint("422")
    page = someone.page
    first, second = account("manager").get("queues", limit=2)["items"]
    row_of(page, first["code"]).locator("[data-deed=change]").press("Enter")
    someone.keep("premises-queue")
    send(page, prefix=second["prefix"])
    someone.sees("与其他设置不符", within="#toasts")
    sent(page, prefix=first["prefix"], max_wait_s="75")
    someone.sees("75", within=f"tr[data-place='{first['code']}']")


def test_hours_and_days_are_changed_once_those_are_told_who_are_touched(visitor: Bring) -> None:
    someone = sign_in(visitor, "/premises#hours", "admin")
    page = someone.page
    page.locator("#change-hours").press("Enter")
    page.locator("dialog [type=submit]").press("Enter")
    someone.sees("请至少选一天。", within="dialog")
    page.locator("dialog [name=weekdays][value='6']").press("Space")
    send(page, department="archives", opens="12:00", closes="10:00")
    someone.sees("时间须依次：开门、午休、关门。", within="dialog")
    someone.keep("premises-hours-new")
    sent(page, opens="09:30", closes="12:00")
    someone.sees("09:30–12:00", within="tr[data-department=archives][data-weekday='6']")
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("premises-hours")

    page.locator("#tab-calendar").press("Enter")
    page.locator("tr[data-day]").first.wait_for()
    someone.keep("premises-calendar")
    page.locator("#change-days").press("Enter")
    send(page, **{"from": "2028-12-30", "to": "2028-12-31", "name": "馆庆"})
    page.wait_for_selector("dialog", state="detached")
    someone.sees("馆庆", within="tr[data-day='2028-12-31']")
    page.locator("#change-days").press("Enter")
    sent(page, **{"from": "2028-12-30", "to": "2028-12-31", "rule": "plain"})
    someone.sees("2028 年的安排还没有", within="#tab-panel")
    page.locator("#official").press("Enter")
    someone.sees("国家还没有公布 2028 年的安排", within="#toasts")


def test_nobody_else_arranges_the_hall_and_it_speaks_english(visitor: Bring) -> None:
    someone = sign_in(visitor, "/premises", "manager")
    someone.sees("此账号不能使用本页面", within="main")
    other = sign_in(visitor, "/premises#windows", "admin", language="en")
    other.page.locator("tr[data-place]").first.wait_for()
    other.keep("premises-windows-en")
