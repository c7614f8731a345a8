"""One's own appointment: found by reference and phone, moved, cancelled, offered, taken away."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import segno

from tests.e2e.pages.booking import (
    choose_slot,
    clock_time,
    coming_slots,
    item_of,
    press_whenever_it_can_be,
    somebody,
)
from tests.e2e.test_hall_over_http import Api
from tests.waiting import until

Bring = Callable[..., Any]


def _look_up(someone: Any, reference: str, phone: str) -> None:
    someone.page.get_by_label("预约号").fill(reference)
    someone.page.get_by_label("手机号").fill(phone)
    someone.page.get_by_role("button", name="查询").click()


def test_an_appointment_is_found_by_reference_and_phone_then_moved_and_cancelled(
    visitor: Bring, hall: Any
) -> None:
    item = item_of(hall, "drug")["code"]
    slot, new = coming_slots(hall, item)[2:4]
    person = somebody(hall)
    booked = person.book(slot, item)
    someone = visitor("phone")
    someone.expect_complaint("40[49]|429")
    page = someone.go("/appointment")
    someone.page.get_by_role("button", name="查询").click()
    someone.sees("预约号是 8 位字母和数字")
    _look_up(someone, "ZZZZ ZZZ9", person.phone)
    someone.sees("没有找到这个预约")
    someone.keep("appointment-lookup", full_page=True)
    problem = {"status": 429, "code": "too_many_requests", "detail": ""}
    page.route(
        "**/lookup", lambda route: route.fulfill(status=429, json=problem, headers={"Retry-After": "120"})
    )
    _look_up(someone, booked["reference"], person.phone)
    someone.sees("操作太频繁，请稍后再试。 请 2 分钟后再试。")
    page.unroute_all()
    reference = f"{booked['reference'][:4].lower()} {booked['reference'][4:]}"
    _look_up(someone, reference, person.phone)
    page.wait_for_selector(".held-hero[data-state='booked']")
    assert person.phone not in page.url

    page.get_by_role("link", name="改约").click()
    page.go_back()
    page.get_by_role("link", name="改约").click()
    choose_slot(someone, new)
    someone.keep("appointment-move", full_page=True)
    others = [somebody(hall) for _ in range(new["free"])]
    holds = [other.hold(new, item) for other in others]
    page.get_by_role("button", name="改到这个时间").click()
    someone.sees("这个时段刚刚约满")
    assert person.see(booked)["state"] == "booked"
    someone.keep("appointment-move-full", full_page=True)
    page.locator(".slot-offer").last.click()
    moves: list[str] = []
    page.on("request", lambda each: moves.append(each.url) if each.url.endswith("/reschedule") else None)
    press_whenever_it_can_be(page, ".go-bar .primary")
    page.get_by_role("button", name="改到这个时间").click()
    someone.until("!location.hash.endsWith('/move') && document.querySelector('.held-hero')")
    moved = person.see(booked)
    assert len(moves) == 1
    assert (moved["state"], moved["rescheduled_to"]) == (
        "rescheduled",
        urlsplit(page.url).path.rsplit("/", 1)[1],
    )
    for other, held in zip(others, holds, strict=True):
        other.api.post(f"/appointments/{held['id']}/cancel")

    page.get_by_role("button", name="取消预约").click()
    someone.keep("appointment-cancel")
    page.get_by_role("button", name="保留", exact=True).click()
    page.get_by_role("button", name="取消预约").click()
    page.get_by_role("button", name="确定取消").click()
    page.wait_for_selector(".held-hero[data-state='cancelled']")
    someone.keep("appointment-cancelled", full_page=True)
    page.get_by_role("link", name="重新预约").click()
    someone.sees("选择预约时间")


def test_a_place_that_is_offered_is_accepted_and_one_that_is_withdrawn_leads_to_others(
    visitor: Bring, hall: Any
) -> None:
    item = item_of(hall, "foreign")["code"]
    slot = next(each for each in coming_slots(hall, item) if clock_time(each) == "15:00")
    day = slot["starts_at"][:10]
    waiting = somebody(hall)
    wish = {"item": item, "name": "王小明", "phone": waiting.phone, "from": day, "to": day}
    waits = waiting.api.post("/waitlist", wish).json()
    until(lambda: waiting.see(waits)["state"] == "offered", what="a place is offered")
    someone = visitor("phone")
    page = someone.go(f"/appointment/{waits['id']}#{waits['token']}")
    page.wait_for_selector(".held-hero[data-state='offered']")
    assert "前确认" in page.locator("[role=timer].notice").inner_text()
    someone.keep("appointment-offered", full_page=True)
    page.get_by_role("button", name="接受这个时间").click()
    page.wait_for_selector(".held-hero[data-state='booked']")

    booked = somebody(hall).book(slot, item)
    manager = Api(hall, "manager")
    plans = manager.get("/slot-plans", department="foreign").json()["items"]
    plan = next(each for each in plans if each["code"] == "foreign-pm")
    manager.post(f"/slot-plans/{plan['code']}/withdraw", {"from": day})
    someone.go(f"/appointment/{booked['id']}#{booked['token']}")
    page.wait_for_selector(".held-hero[data-state='displaced']")
    someone.sees("大厅调整了安排")
    someone.keep("appointment-displaced", full_page=True)
    page.locator(".slot-offer").first.click()
    page.wait_for_url("**/book#/details")
    someone.sees("填写信息")
    manager.post("/slot-plans", plan)


def test_a_wish_is_given_up_on_its_page(visitor: Bring, hall: Any) -> None:
    item = item_of(hall, "foreign")["code"]
    coming = coming_slots(hall, item)
    day = coming[-1]["starts_at"][:10]
    for slot in coming:
        if slot["starts_at"][:10] == day:
            for _ in range(slot["free"]):
                somebody(hall).hold(slot, item)
    waiting = somebody(hall)
    wish = {"item": item, "name": "王小明", "phone": waiting.phone, "from": day, "to": day}
    waits = waiting.api.post("/waitlist", wish).json()
    someone = visitor("phone")
    page = someone.go(f"/appointment/{waits['id']}#{waits['token']}")
    page.wait_for_selector(".held-hero[data-state='waitlisted']")
    someone.keep("appointment-waitlisted", full_page=True)
    page.get_by_role("button", name="取消候补").click()
    someone.sees("取消后不能恢复。")
    page.get_by_role("button", name="确定取消").click()
    page.wait_for_selector(".held-hero[data-state='cancelled']")
    assert waiting.see(waits)["state"] == "cancelled"
    assert waiting.api.post("/waitlist", wish).status_code == 201


def test_an_appointment_that_does_not_exist_is_said_so_and_its_code_leads_to_it(
    visitor: Bring, hall: Any
) -> None:
    unknown = str(uuid4())
    someone = visitor("phone")
    someone.expect_complaint("404")
    someone.go(f"/appointment/{unknown}")
    someone.sees("没有找到这个预约")
    base = hall.url.rstrip("/")
    answer = httpx.get(f"{base}/appointment/{unknown}/qr.svg")
    modules = segno.make_qr(f"{base}/appointment/{unknown}", error="m").symbol_size(border=4)[0]
    assert f'viewBox="0 0 {modules} {modules}"' in answer.text


def test_a_phone_is_read_as_people_type_and_paste_it(visitor: Bring, hall: Any) -> None:
    item = item_of(hall, "drug")["code"]
    person = somebody(hall)
    booked = person.book(coming_slots(hall, item)[2], item)
    digits = person.phone[-11:]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in digits)
    parts = digits[:3], digits[3:7], digits[7:]
    someone = visitor("phone")
    page = someone.go("/appointment")
    _look_up(someone, booked["reference"], "139０")
    someone.sees("请填写正确的手机号")
    for typed in (
        wide,
        "–".join(parts),
        f"\u202d{digits}\u202c",
        f"  +86 ({parts[0]}) {parts[1]}　{parts[2]}",
    ):
        someone.go("/appointment")
        _look_up(someone, booked["reference"], typed)
        page.wait_for_selector(".held-hero[data-state='booked']")


def test_an_address_without_its_token_shows_nothing_and_leads_to_the_lookup(
    visitor: Bring, hall: Any
) -> None:
    item = item_of(hall, "drug")["code"]
    person = somebody(hall)
    booked = person.book(coming_slots(hall, item)[0], item)
    someone = visitor("phone")
    someone.expect_complaint("403")
    page = someone.go(f"/appointment/{booked['id']}")
    someone.sees("没有找到这个预约")
    assert booked["reference"] not in page.content()
    page.get_by_role("link", name="查询预约").click()
    _look_up(someone, booked["reference"], person.phone)
    page.wait_for_selector(".held-hero[data-state='booked']")
    assert page.url.endswith(f"#{booked['token']}")
    page.reload()
    page.wait_for_selector(".held-hero[data-state='booked']")
