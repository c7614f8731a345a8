"""Booking a time on the web."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from icalendar import Calendar
from playwright.sync_api import Route

from tests.e2e.pages.booking import (
    NAME,
    choose_slot,
    clock_time,
    coming_slots,
    demo_code,
    fill_details,
    item_of,
    open_item,
    press_whenever_it_can_be,
    some_phone,
    somebody,
)
from tests.e2e.test_hall_over_http import Api

Bring = Callable[..., Any]
CODE_SENT_LONG_AGO = """
    () => {
        const draft = JSON.parse(sessionStorage.getItem("hall-booking"));
        sessionStorage.setItem("hall-booking", JSON.stringify({ ...draft, codeSentAt: 0 }));
    }
"""


def _of_phone(hall: Any, phone: str) -> list[Any]:
    return list(Api(hall, "operator").get("/appointments", phone=phone).json()["items"])


def test_a_visitor_books_in_four_steps_and_two_taps_book_once(visitor: Bring, hall: Any) -> None:
    slot = coming_slots(hall, "archives-001")[1]
    phone = some_phone()
    someone = visitor("phone")
    someone.expect_complaint("401")
    asked: list[str] = []
    someone.page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page = someone.go("/book")

    someone.sees("您要预约办理什么")
    someone.keep("book-1-search", full_page=True)
    page.get_by_role("searchbox", name="搜索事项").fill("dacyly")
    page.locator(".item-choice", has_text="档案查阅利用").click()
    someone.sees("请带齐材料")
    someone.keep("book-1-item", full_page=True)
    page.go_back()
    page.locator(".item-choice", has_text="档案查阅利用").click()
    page.get_by_role("button", name="选择预约时间").click()

    choose_slot(someone, slot)
    someone.keep("book-2-time", full_page=True)
    page.get_by_role("button", name="下一步").click()

    fill_details(someone, phone)
    right = page.locator("#code").input_value()
    page.locator("#code").fill(f"{(int(right) + 1) % 10**6:06d}")
    page.get_by_role("button", name="下一步").click()
    someone.sees("验证码不正确或已过期")
    assert page.locator("#code").get_attribute("aria-invalid") == "true"
    someone.keep("book-3-wrong-code", full_page=True)
    page.reload()
    assert page.locator("#name").input_value() == NAME
    assert page.locator("#send-code").is_disabled()
    page.locator("#code").fill(right)
    page.get_by_role("button", name="下一步").click()

    page.wait_for_selector(".hold-clock")
    clock = page.locator(".hold-clock").inner_text()
    assert re.search(r"请在 (9|10) 分 \d+ 秒内确认；名额为您保留到 \d\d:\d\d", clock), (
        "no time of day for what is left"
    )
    assert page.locator(".fact-list").inner_text().count(phone) == 1
    page.reload()
    page.wait_for_selector(".hold-clock")
    someone.keep("book-4-check", full_page=True)
    press_whenever_it_can_be(page, "#confirm")
    page.locator("#confirm").dblclick()

    page.wait_for_url("**/appointment/*")
    page.wait_for_selector(".held-hero[data-state='booked']")
    someone.sees("预约成功", within=".held-hero")
    someone.sees("办理窗口", within=".fact-list")
    someone.until("document.querySelector('.kiosk-code img').naturalWidth > 0")
    someone.keep("book-5-confirmed", full_page=True)
    [booked] = _of_phone(hall, phone)
    assert (booked["state"], booked["slot"]) == ("booked", slot["id"])
    assert page.locator(".held-reference").inner_text().replace(" ", "") == booked["reference"]
    with page.expect_download() as download:
        page.get_by_role("button", name="存入手机日历").click()
    [event] = Calendar.from_ical(download.value.path().read_bytes()).walk("VEVENT")
    assert "档案查阅利用" in str(event["summary"])
    assert sum(line.startswith("POST") and line.endswith("/confirm") for line in asked) == 1
    assert page.evaluate("Object.values(sessionStorage).join()") == ""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not [line for line in asked if phone in line or "%E7%8E%8B" in line]


def _tab_to(page: Any, selector: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def test_a_booking_needs_nothing_but_the_keyboard(visitor: Bring, hall: Any) -> None:
    item = item_of(hall, "culture")
    coming_slots(hall, item["code"])
    phone = some_phone()
    someone = visitor(language="en")
    page = someone.go("/book")
    page.wait_for_selector(".zone-fold")
    _tab_to(page, "#item-search")
    page.keyboard.type(item["code"])
    page.wait_for_selector(".item-choice")
    _tab_to(page, ".item-choice")
    page.keyboard.press("Enter")
    page.wait_for_selector(".bring")
    _tab_to(page, ".button.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector(".slot-chooser")
    _tab_to(page, ".day input")
    page.keyboard.press("ArrowRight")
    _tab_to(page, ".time[aria-pressed]")
    page.keyboard.press("Space")
    page.wait_for_selector(".time[aria-pressed='true']")
    someone.keep("book-2-time-desktop-en", full_page=True)
    _tab_to(page, ".go-bar .button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#name")
    _tab_to(page, "#name")
    page.keyboard.type("Ann Lee")
    _tab_to(page, "#phone")
    page.keyboard.type(phone)
    _tab_to(page, "#send-code")
    code = demo_code(someone, lambda: page.keyboard.press("Enter"))
    someone.until("document.activeElement.id === 'code'")
    page.keyboard.type(code)
    someone.keep("book-3-details-desktop-en", full_page=True)
    page.keyboard.press("Enter")
    page.wait_for_selector("#confirm")
    someone.keep("book-4-check-desktop-en", full_page=True)
    _tab_to(page, "#confirm")
    page.keyboard.press("Enter")
    page.wait_for_selector(".held-hero[data-state='booked']")
    someone.sees("Booked")
    someone.keep("book-5-confirmed-desktop-en", full_page=True)
    assert [each["state"] for each in _of_phone(hall, phone)] == ["booked"]


def test_a_time_that_was_not_confirmed_is_said_to_be_over_and_can_be_had_again(
    visitor: Bring, hall: Any
) -> None:
    item = item_of(hall, "market")["code"]
    slot = coming_slots(hall, item)[3]
    phone = some_phone()
    someone = visitor("phone")
    someone.page.clock.install()
    open_item(someone, item)
    page = someone.page
    choose_slot(someone, slot)
    page.get_by_role("button", name="下一步").click()
    fill_details(someone, phone)
    page.get_by_role("button", name="下一步").click()
    page.wait_for_selector(".hold-clock")
    page.get_by_role("link", name="改时间").click()
    someone.sees("已为您保留")
    page.go_back()
    page.wait_for_selector(".hold-clock")

    # The page's clock goes ahead of the hall's, until the hall says again what time it is.
    hall_asked: list[Route] = []

    def answer_later(asked: Route) -> None:
        hall_asked.append(asked)

    page.route("**/api/v1/hall", answer_later)
    page.clock.fast_forward("11:00")
    someone.sees("保留时间已过")
    assert page.locator("#confirm").count() == 0
    someone.keep("book-4-expired", full_page=True)
    with page.expect_response("**/api/v1/hall"):
        for asked in hall_asked:
            asked.continue_()
    page.unroute("**/api/v1/hall")
    page.get_by_role("button", name="再约这个时间").click()
    page.wait_for_selector(".hold-clock")
    page.locator("#confirm").click()
    page.wait_for_selector(".held-hero[data-state='booked']")
    assert sorted(each["state"] for each in _of_phone(hall, phone)) == ["booked", "lapsed"]


def test_a_time_that_others_took_leads_to_the_nearest_one_and_to_the_waitlist(
    visitor: Bring, hall: Any
) -> None:
    item = item_of(hall, "urban")["code"]
    slots = coming_slots(hall, item)
    slot, nearest = slots[2], slots[1]
    someone = visitor("phone")
    someone.expect_complaint("409")
    open_item(someone, item)
    page = someone.page
    choose_slot(someone, slot)
    page.get_by_role("button", name="下一步").click()
    fill_details(someone, some_phone())
    for _ in range(slot["free"]):
        somebody(hall).hold(slot, item)
    page.get_by_role("button", name="下一步").click()
    someone.sees("这个时段刚刚约满")
    someone.keep("book-3-slot-full", full_page=True)
    assert page.locator(".slot-offer").count() == 3
    page.locator(".slot-offer", has_text=re.compile(rf" {clock_time(nearest)}")).click()
    page.wait_for_selector(".hold-clock")
    assert clock_time(nearest) in page.locator(".fact-list").inner_text()

    page.get_by_role("link", name="改时间").click()
    page.wait_for_selector(".slot-chooser")
    full = page.locator(f".time[data-slot='{slot['id']}']")
    assert "约满 · 候补" in full.inner_text()
    someone.keep("book-2-full", full_page=True)
    full.click()
    assert page.locator("#wish-from").input_value() == slot["starts_at"][:10]
    page.locator("#wish-to").fill("2026-03-01")
    page.get_by_role("button", name="下一步").click()
    someone.sees("请选择四周以内的日期")
    page.locator("#wish-to").fill(slot["starts_at"][:10])
    someone.keep("book-2-waitlist", full_page=True)
    page.get_by_role("button", name="下一步").click()
    someone.sees("手机号已验证")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认候补").click()
    # In truth there are free places, and the hall may offer one before the page looks.
    page.wait_for_selector(".held-hero:is([data-state='waitlisted'], [data-state='offered'])")
    someone.keep("appointment-waitlisted", full_page=True)


def _refuse(page: Any, status: int, **problem: object) -> None:
    page.unroute_all()
    page.route(
        "**/api/v1/appointments",
        lambda route: route.fulfill(
            status=status, json={"status": status, "detail": "", **problem}, headers={"Retry-After": "30"}
        ),
    )


def test_what_the_hall_refuses_is_said_in_words_with_a_way_on(visitor: Bring, hall: Any) -> None:
    item = item_of(hall, "stic")["code"]
    slot = coming_slots(hall, item)[0]
    someone = visitor("phone")
    someone.expect_complaint("40[19]|429")
    page = someone.go(f"/book?item={item_of(hall, 'police')['code']}")
    someone.sees("这个事项不用预约")
    someone.keep("book-1-not-bookable", full_page=True)
    page.evaluate("location.hash = '#/time'")
    page.get_by_role("button", name="选择其他事项").click()
    someone.sees("您要预约办理什么")

    taken = {"items": [slot | {"free": 0}], "next": None}
    page.route("**/api/v1/slots?*", lambda route: route.fulfill(json=taken))
    open_item(someone, item)
    someone.sees("四周内都约满了")
    assert page.get_by_role("button", name="登记候补").count() == 1
    someone.keep("book-2-nothing-free", full_page=True)
    page.unroute_all()
    page.reload()
    choose_slot(someone, slot)
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="下一步").click()
    someone.sees("请填写姓名")
    assert page.evaluate("document.activeElement.id") == "name"
    phone = some_phone()
    fill_details(someone, phone)
    until = "2026-04-01T00:00:00+08:00"
    for problem, words, way in (
        ({"code": "limit_reached", "limit": "item_and_day"}, "您当天已经约过这个事项", "查询我的预约"),
        ({"code": "limit_reached", "limit": "live"}, "一个手机号最多同时有三个预约", "另选时间"),
        ({"code": "slot_past"}, "这个时段已经开始", "另选时间"),
        ({"code": "booking_suspended", "until": until}, "网上预约暂停到2026年4月1日", ""),
    ):
        _refuse(page, 409, **problem)
        page.get_by_role("button", name="下一步").click()
        someone.sees(words)
        assert way in page.locator(".refusal-notice").inner_text()
        assert page.evaluate("document.activeElement.className") == "refused"
    someone.keep("book-3-suspended", full_page=True)
    _refuse(page, 429, code="too_many_requests")
    page.get_by_role("button", name="下一步").click()
    someone.sees("请 30 秒后再试")
    _refuse(page, 401, code="unauthenticated")
    page.get_by_role("button", name="下一步").click()
    someone.sees("手机号的验证已过期")
    page.evaluate(CODE_SENT_LONG_AGO)
    page.reload()
    fill_details(someone, phone)

    page.unroute_all()
    with page.expect_request("**/api/v1/appointments") as sent:
        page.get_by_role("button", name="下一步").click()
    assert sent.value.post_data_json["slot"] == slot["id"]
    page.wait_for_selector(".hold-clock")
    late = {"status": 409, "code": "hold_expired", "detail": ""}
    page.route("**/confirm", lambda route: route.fulfill(status=409, json=late))
    page.locator("#confirm").click()
    someone.sees("保留时间已过")
    page.unroute_all()
    page.get_by_role("button", name="再约这个时间").click()
    page.wait_for_selector(".hold-clock")
    page.route("**/confirm", lambda route: route.abort() if _first(route) else route.continue_())
    someone.expect_complaint("ERR_FAILED")
    with page.expect_response("**/confirm") as confirmed:
        page.locator("#confirm").click()
    assert confirmed.value.status == 200
    page.wait_for_selector(".held-hero[data-state='booked']")


def _first(route: Any, seen: set[str] = set()) -> bool:  # noqa: B006 - keys are random
    key = route.request.headers["idempotency-key"]
    if key in seen:
        return False
    seen.add(key)
    return True
