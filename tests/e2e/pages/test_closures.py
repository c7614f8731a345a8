"""A manager closes a department, is told before whom that touches, and opens it again."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.pages.staff import Bring, looks_right, send, sent, sign_in, slots_of, some_phone
from tests.waiting import until

# Which no other test books at or closes.
DEPARTMENT, ITEM, NAME = "statetax", "statetax-001", "市国税局"
REASON, RUNNING = "机房搬迁停办", "消防演练停办"


def _book(account: Bring) -> Any:
    """Book the last slot of the department's item."""
    slot = [each for each in slots_of(account, ITEM) if each["free"]][-1]
    return account("operator").post(
        "appointments", slot=slot["id"], item=ITEM, name="钱七", phone=some_phone(), channel="phone"
    )


def _day_of(booked: Any) -> date:
    return date.fromisoformat(booked["starts_at"][:10])


def _closure(account: Bring, reason: str) -> Any:
    return next(each for each in account("manager").get("closures")["items"] if each["reason"] == reason)


def _fill(page: Any, reason: str, **times: str) -> None:
    """Fill a closure of the department in; the times are those of the form."""
    page.locator("#new-closure").press("Enter")
    page.locator("dialog [name=scope]").select_option("department")
    page.locator("dialog [name=department]").select_option(DEPARTMENT)
    for name, value in times.items():
        page.locator(f"dialog [name={name}]").fill(value)
    page.locator("dialog [name=reason]").fill(reason)


def test_a_closed_day_says_before_whom_it_touches_and_is_called_off(visitor: Bring, account: Bring) -> None:
    booked = _book(account)
    day = _day_of(booked)
    someone = sign_in(visitor, "/closures", "manager")
    page = someone.page
    page.locator("#new-closure").press("Enter")
    page.locator("dialog [type=submit]").press("Enter")
    someone.sees("请填写。", within="dialog")
    someone.keep("closures-errors")
    page.keyboard.press("Escape")
    _fill(page, REASON, starts_at=str(day), ends_at=str(day))
    page.locator("dialog [type=submit]").press("Enter")
    someone.sees("1 个预约失去位置", within="dialog")
    someone.sees(booked["reference"], within="dialog")
    looks_right(someone)
    someone.keep("closures-effects")
    assert account("operator").get(f"appointments/{booked['id']}")["state"] == "booked", "nothing is done yet"
    sent(page)
    closure = _closure(account, REASON)
    row = page.locator(f"[data-closure='{closure['id']}']")
    row.wait_for()
    assert (closure["state"], closure["scope"], closure["recorded_by"]) == ("coming", "department", "manager")
    assert "全天" in row.inner_text() and NAME in row.inner_text()
    until(
        lambda: account("operator").get(f"appointments/{booked['id']}")["state"] == "displaced",
        what="the booking is displaced",
    )
    assert not [each for each in slots_of(account, ITEM) if each["starts_at"][:10] == str(day)]
    looks_right(someone)
    someone.keep("closures")
    assert someone.faults() == []
    reader = visitor()
    reader.go(f"/guide/{ITEM}")
    reader.sees(f"全天：{REASON}")
    reader.keep("closures-guide")
    page.locator("#closure-search").fill("没有这样的")
    someone.sees("共 0 次停办")
    page.locator("#closure-search").fill("机房")
    page.locator("#state").select_option("coming")
    page.locator("#order").select_option("place")
    row.locator("[data-deed=end]").press("Enter")
    sent(page)
    page.locator("#state").select_option("")
    page.wait_for_selector(f"[data-closure='{closure['id']}'][data-state=called_off]")
    until(
        lambda: [each for each in slots_of(account, ITEM) if each["starts_at"][:10] == str(day)],
        what="the day has slots again",
    )


def test_a_department_that_is_closed_now_gives_no_numbers_until_it_is_opened(
    visitor: Bring, account: Bring, at_kiosk: Bring
) -> None:
    someone = sign_in(visitor, "/closures", "manager", language="en")
    page = someone.page
    hall = account("manager").get("hall")
    today = date.fromisoformat(hall["now"][:10])
    _fill(page, RUNNING, starts_at=str(today), ends_at=str(today + timedelta(days=1)))
    send(page)
    page.locator("dialog [type=submit]").press("Enter")
    page.wait_for_selector("dialog", state="detached")
    closure = _closure(account, RUNNING)
    assert closure["state"] == "running"
    kiosk = at_kiosk()
    kiosk.expect_complaint("409")
    kiosk.go(f"/kiosk#item/{ITEM}")
    kiosk.page.locator(".take-number").click()
    until(lambda: "临时停办" in kiosk.page.locator("main").inner_text(), what="the kiosk says it is closed")
    kiosk.sees(RUNNING)
    kiosk.keep("closures-kiosk")
    row = page.locator(f"[data-closure='{closure['id']}']")
    row.locator("[data-deed=end]").press("Enter")
    sent(page)
    page.wait_for_selector(f"[data-closure='{closure['id']}'][data-state=past]")
    someone.keep("closures-en")
    assert someone.faults() == []


@pytest.mark.parametrize(("size", "path"), [("board", "/board/A"), ("desktop", "/")])
def test_a_hall_that_is_closed_for_a_time_says_so_where_people_look(
    visitor: Bring, size: str, path: str
) -> None:
    someone = visitor(size)

    def closed(route: Any) -> None:
        answer = route.fetch()
        hall = answer.json()
        begins = datetime.fromisoformat(hall["now"])
        hours = {"starts_at": begins - timedelta(hours=1), "ends_at": begins + timedelta(hours=2)}
        closure = {"reason": RUNNING, "reason_en": "", **{name: at.isoformat() for name, at in hours.items()}}
        hall["today"]["closures"] = [closure]
        route.fulfill(response=answer, json=hall)

    someone.page.route("**/api/v1/hall", closed)
    someone.go(path)
    someone.sees("临时停办至")
    someone.sees(RUNNING)
    looks_right(someone)
    someone.keep(f"closures-{size}")
