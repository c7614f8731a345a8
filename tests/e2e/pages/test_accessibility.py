"""What axe-core says of every page, in the states that visitors and staff meet."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.pages.booking import (
    choose_slot,
    coming_slots,
    fill_details,
    item_of,
    open_item,
    some_phone,
    somebody,
)
from tests.e2e.pages.test_design import PATHS

Bring = Callable[..., Any]
LOADED = "!document.querySelector('main .spinner')?.checkVisibility()"
STATES = (
    "held", "booked", "lapsed", "checked_in", "fulfilled", "cancelled", "rescheduled", "no_show", "displaced",
    "waitlisted", "offered",
)  # fmt: skip


def _answer(page: Any, path: str, body: Any, status: int = 200) -> None:
    page.unroute_all()
    page.route(path, lambda route: route.fulfill(status=status, json=body))


@pytest.fixture
def without_faults(visitor: Bring) -> Iterator[Callable[[Any, str], None]]:
    """Look at what somebody sees; all faults of a test are told together."""
    found: list[str] = []

    def look(someone: Any, where: str) -> None:
        found.extend(f"{where}: {fault}" for fault in someone.faults())

    yield look
    assert found == []


@pytest.mark.parametrize("path", PATHS)
def test_no_page_has_a_serious_fault_when_it_is_opened(
    visitor: Bring, without_faults: Callable[[Any, str], None], path: str
) -> None:
    someone = visitor("board" if path.startswith("/board/") else "desktop")
    someone.expect_complaint("404")
    someone.go(path)
    someone.page.wait_for_selector("#clock-strip:not([hidden])")
    someone.until(LOADED)
    without_faults(someone, path)


def test_the_kiosk_has_no_serious_fault_on_the_way_to_a_number(
    at_kiosk: Bring, without_faults: Callable[[Any, str], None]
) -> None:
    someone = at_kiosk()
    page = someone.page
    page.click(".search-entry")
    page.get_by_role("searchbox").fill("hhqysldj")
    page.wait_for_selector(".search-results .choice")
    without_faults(someone, "search")
    page.locator(".search-results .choice").first.click()
    page.wait_for_selector(".take-number")
    without_faults(someone, "item")
    page.click(".take-number")
    page.wait_for_selector(".slip-number")
    without_faults(someone, "slip")
    page.get_by_role("button", name="完成").click()
    page.click("#elder")
    page.wait_for_selector(".elder-start")
    without_faults(someone, "elder")


def test_a_ticket_and_the_window_that_serves_it_have_no_serious_fault(
    visitor: Bring, desk: Bring, without_faults: Callable[[Any, str], None]
) -> None:
    clerk = desk("ccpit")
    ticket = clerk.issue()
    phone, console = visitor("phone"), visitor()
    phone.go(f"/ticket/{ticket['id']}#{ticket['token']}")
    phone.page.wait_for_selector(".ticket-hero[data-state='waiting']")
    without_faults(phone, "waiting")
    phone.page.get_by_role("button", name="取消排队").click()
    without_faults(phone, "dialog")
    phone.page.get_by_role("button", name="继续排队").click()
    page = console.go("/window")
    page.get_by_label("用户名").fill(clerk.username)
    page.get_by_label("密码").fill("demo")
    page.get_by_role("button", name="登录").click()
    console.until(LOADED)
    clerk.call()
    phone.page.wait_for_selector(".ticket-hero[data-state='called']")
    without_faults(phone, "called")
    page.get_by_text(ticket["number"]).first.wait_for()
    without_faults(console, "window")
    clerk.on(ticket["id"], "start")
    clerk.on(ticket["id"], "finish")
    phone.page.wait_for_selector(".ticket-hero[data-state='served']")
    without_faults(phone, "evaluation")


def test_a_booking_has_no_serious_fault_at_any_step(
    visitor: Bring, hall: Any, without_faults: Callable[[Any, str], None]
) -> None:
    item = item_of(hall, "housing")["code"]
    slot = coming_slots(hall, item)[-1]
    someone = visitor("phone")
    someone.expect_complaint("409")
    page = someone.go("/book")
    page.locator(".zone-fold summary").first.click()
    without_faults(someone, "departments")
    page.get_by_role("searchbox").fill(item)
    page.wait_for_selector(".item-choice")
    without_faults(someone, "search")
    open_item(someone, item)
    choose_slot(someone, slot)
    without_faults(someone, "time")
    page.evaluate("location.hash = '#/waitlist'")
    page.wait_for_selector("#wish-from")
    without_faults(someone, "waitlist")
    page.go_back()
    page.locator(".go-bar .button").click()
    page.locator("#name").wait_for()
    page.locator("[type=submit]").click()
    without_faults(someone, "details with errors")
    fill_details(someone, some_phone())
    refusal = {"status": 409, "code": "slot_full", "detail": ""}
    _answer(page, "**/api/v1/appointments", refusal, status=409)
    page.locator("[type=submit]").click()
    page.wait_for_selector(".refusal-notice")
    without_faults(someone, "full")
    page.unroute_all()
    page.locator("[type=submit]").click()
    page.wait_for_selector("#confirm")
    without_faults(someone, "check")
    page.locator("#confirm").click()
    page.wait_for_selector(".held-hero[data-state='booked']")
    page.locator("a[href$='/move']").click()
    page.wait_for_selector(".slot-chooser")
    without_faults(someone, "move")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_appointment_has_no_serious_fault_in_any_state_and_says_each_in_words(
    visitor: Bring, hall: Any, without_faults: Callable[[Any, str], None]
) -> None:
    item = item_of(hall, "eport")["code"]
    person = somebody(hall)
    booked = person.book(coming_slots(hall, item)[0], item)
    someone = visitor("phone")
    page = someone.page
    until = re.sub(r"T\d\d", "T23", booked["starts_at"])
    more = {
        "warning": "no_show_limit_near",
        "held_until": until,
        "offer_until": until,
        "wanted": {"from": "2026-03-03", "to": "2026-03-06"},
        "rescheduled_to": booked["id"],
        "ticket": {"id": booked["id"], "number": "A012"},
    }
    words = set()
    for state in STATES:
        times = {"starts_at": None, "ends_at": None} if state == "waitlisted" else {}
        _answer(page, f"**/api/v1/appointments/{booked['id']}", booked | more | times | {"state": state})
        someone.go(f"/appointment/{booked['id']}")
        page.wait_for_selector(f".held-hero[data-state='{state}']")
        words.add(page.locator(".held-state").inner_text())
        without_faults(someone, state)
    assert len(words) == len(STATES)
    assert not any(re.search("[a-z]", each) for each in words)
    assert page.get_by_role("button", name="接受这个时间").is_visible()
