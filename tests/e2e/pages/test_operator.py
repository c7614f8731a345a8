"""The phone operator's console: whole calls with the keyboard."""

import re
from typing import Any

import pytest

from tests.e2e.pages.staff import Bring, looks_right, sign_in, slots_of, some_phone

# Of a department with many places whose slots no other test takes.
ITEM, INITIALS = "ciq-003", "jzxb"


class Keyboard:
    """The keys of a call, counted."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.count = 0

    def type(self, text: str) -> None:
        """Press a key for each letter."""
        self.page.keyboard.type(text)
        self.count += len(text)

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1


@pytest.fixture
def at_console(visitor: Bring, account: Bring) -> Bring:
    """Bring an operator to the console, with a keyboard that counts."""

    slots_of(account, ITEM)

    def bring(**options: Any) -> tuple[Any, Keyboard]:
        someone = sign_in(visitor, "/operator", "operator", **options)
        someone.page.wait_for_selector(".call")
        return someone, Keyboard(someone.page)

    return bring


def _focused(someone: Any, selector: str) -> None:
    someone.until("selector => document.activeElement?.matches(selector)", selector)


def _finds(someone: Any, keys: Keyboard, phone: str, item: str) -> None:
    """Take a call: the number, then the item; the grid has the focus afterwards."""
    keys.type(phone)
    someone.page.wait_for_selector(".facts")
    keys.press("Enter")
    _focused(someone, "#item")
    keys.type(item)
    keys.press("Enter")
    _focused(someone, "[role=gridcell]")


def _books(someone: Any, keys: Keyboard, name: str = "王小明") -> str:
    keys.press("Enter")
    _focused(someone, "#name")
    keys.type(name)
    keys.press("Enter", "Enter")
    someone.page.wait_for_selector(".result[data-deed='booked']")
    return _reference(someone)


def _reference(someone: Any) -> str:
    return re.sub(r"\s", "", someone.page.locator(".reference").inner_text())


def _history(account: Bring, phone: str) -> Any:
    return account("operator").get("persons/history", phone=phone)


def test_a_whole_call_takes_the_keyboard_alone(at_console: Bring, account: Bring) -> None:
    someone, keys = at_console()
    page, phone = someone.page, some_phone()
    someone.keep("operator-waiting")
    _finds(someone, keys, phone, INITIALS)
    first = page.locator("[role=gridcell][aria-selected=true]")
    assert first.inner_text().isdigit(), "the first free place is chosen"
    keys.press("ArrowRight", "ArrowDown")
    chosen = page.locator("[role=gridcell][aria-selected=true]").get_attribute("aria-label")
    someone.keep("operator-slots")
    looks_right(someone)
    reference = _books(someone, keys)
    assert keys.count <= 30
    assert page.evaluate("window.pressed") is None
    assert chosen.split(" ")[2] in page.locator(".result .plan-time").inner_text()
    page.wait_for_selector(".sent .tag.good")
    assert reference in page.locator(".sent-text").inner_text()
    someone.keep("operator-booked")
    looks_right(someone)
    known = _history(account, phone)
    assert [each["reference"] for each in known["appointments"]] == [reference], (
        "a second Enter books nothing"
    )

    page.wait_for_selector(f".history-row:has-text('{reference[:4]}')")
    keys.press("F3", "m")
    page.wait_for_selector(".mode:not([hidden])")
    _focused(someone, "[role=gridcell]")
    keys.press("End", "Enter")
    _focused(someone, ".book")
    someone.keep("operator-moving")
    keys.press("Enter")
    page.wait_for_selector(".result[data-deed='rescheduled']")
    moved = _reference(someone)
    assert moved != reference
    page.wait_for_selector(f".history-row[data-state=booked]:has-text('{moved[:4]}')")

    keys.press("F3", "v")
    _focused(someone, "#purpose")
    someone.keep("operator-reveal")
    keys.press("Enter")
    page.wait_for_selector(".clear-name")
    assert "王小明" in page.locator(".clear-name bdi").inner_text(), "a name turns nothing round beside it"
    keys.press("F3", "c")
    page.wait_for_selector("dialog[open]")
    keys.press("Enter")
    page.wait_for_selector(".result[data-deed='cancelled']")
    _focused(someone, ".result-title")
    page.wait_for_selector(f".history-row[data-state=cancelled]:has-text('{moved[:4]}')")
    someone.keep("operator-cancelled")
    states = {each["reference"]: each["state"] for each in _history(account, phone)["appointments"]}
    assert states == {reference: "rescheduled", moved: "cancelled"}
    keys.press("F2")
    _focused(someone, "#caller")
    assert page.locator("#caller").input_value() == ""
    assert page.locator(".result").count() == 0
    assert page.evaluate("window.pressed") is None


def test_what_cannot_be_done_is_said_in_words(at_console: Bring, account: Bring) -> None:
    someone, keys = at_console()
    someone.expect_complaint("422|409")
    page, phone = someone.page, some_phone()
    keys.press("?")
    page.wait_for_selector("dialog[open]")
    keys.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert page.locator("#caller").input_value() == "", "a question mark asks for help there, too"
    keys.type("12345678")
    keys.press("Enter")
    someone.sees("电话号码不正确")
    keys.press("F2")
    keys.type(phone)
    page.wait_for_selector(".facts")
    keys.press("Enter")
    keys.type("police-001")
    keys.press("Enter")
    someone.sees("不开放预约，请来电人直接到大厅取号", within=".item-find")
    _focused(someone, "#item")
    keys.press("F2")
    _finds(someone, keys, phone, ITEM)
    keys.press("ArrowRight", "Enter", "Enter")
    someone.sees("请输入来电人的姓名")
    _focused(someone, "#name")
    keys.type("李四")
    keys.press("Enter")
    page.wait_for_selector(".result")
    keys.press("F4")
    keys.type(ITEM)
    keys.press("Enter")
    _focused(someone, "[role=gridcell]")
    keys.press("ArrowRight", "Enter", "Enter")
    someone.sees("来电人这一天已有同一事项的预约", within=".booking")
    someone.keep("operator-refused")
    assert len(_history(account, phone)["appointments"]) == 1
    page.locator(".history-row [data-deed=token]").press("Enter")
    page.locator("dialog [name=reason]").fill("手机丢失")
    someone.keep("operator-new-token")
    page.locator("dialog [type=submit]").press("Enter")
    page.wait_for_selector("dialog .paper img[src^='data:']")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.route(
        "**/persons/history?*",
        lambda route: route.fulfill(
            json={
                "appointments": [],
                "live": 0,
                "no_shows": 2,
                "cancellations": 0,
                "suspended_until": "2026-03-20T09:00:00+08:00",
            }
        ),
    )
    keys.press("F2")
    keys.type(some_phone())
    someone.sees("网上预约暂停至 2026年3月20日星期五；电话仍可预约")


def test_who_has_booked_the_last_place_still_reads_its_reference_out(at_console: Bring) -> None:
    someone, keys = at_console()
    full: list[str] = []

    def taken(route: Any) -> None:
        answer = route.fetch()
        found = answer.json()
        for slot in found["items"]:
            slot["free"] = 0
        full.append(route.request.url)
        route.fulfill(response=answer, json=found)

    _finds(someone, keys, some_phone(), INITIALS)
    someone.page.route("**/api/v1/slots?*", taken)
    reference = _books(someone, keys)
    someone.wait(lambda: full, what="the places are asked for again, and all are taken")
    someone.page.locator("[role=gridcell]:has-text('满')").first.wait_for()
    assert _reference(someone) == reference


def test_when_nothing_is_free_the_caller_waits_and_confirms_what_is_offered(
    at_console: Bring, account: Bring
) -> None:
    someone, keys = at_console(language="en")
    page, phone = someone.page, some_phone()

    def take_all(route: Any) -> None:
        found = route.fetch().json()
        route.fulfill(json={**found, "items": [{**each, "free": 0} for each in found["items"]]})

    page.route("**/api/v1/slots?*", take_all)
    keys.type(phone)
    page.wait_for_selector(".facts")
    keys.press("Enter")
    keys.type(ITEM)
    keys.press("Enter")
    _focused(someone, "#name")
    assert page.locator(".slot-full").count() > 100
    someone.keep("operator-waitlist-en")
    looks_right(someone)
    keys.type("Li Si")
    keys.press("Enter")
    page.wait_for_selector(".result[data-deed='waitlisted']")
    # There are free places in truth, so that one is offered soon.
    someone.wait(
        lambda: _history(account, phone)["appointments"][0]["state"] == "offered", what="a place is offered"
    )
    keys.press("F2")
    keys.type(phone)
    page.wait_for_selector(".history-row[data-state=offered]")
    keys.press("F3", "y")
    page.wait_for_selector(".result[data-deed='confirmed']")
    [booked] = _history(account, phone)["appointments"]
    assert (booked["state"], booked["item"]) == ("booked", ITEM)
    assert page.evaluate("window.pressed") is None


def test_an_answer_that_is_lost_does_not_book_twice(at_console: Bring, account: Bring) -> None:
    someone, keys = at_console()
    someone.expect_complaint("ERR_")
    page, phone = someone.page, some_phone()
    asked: list[str] = []

    def lose_the_first(route: Any) -> None:
        asked.append(route.request.headers["idempotency-key"])
        if len(asked) > 1:
            route.continue_()
            return
        route.fetch()
        route.abort()

    page.route("**/api/v1/appointments", lose_the_first)
    _finds(someone, keys, phone, ITEM)
    keys.press("End", "ArrowDown", "ArrowDown")
    reference = _books(someone, keys)
    assert len(asked) == 2
    assert len(set(asked)) == 1
    assert [each["reference"] for each in _history(account, phone)["appointments"]] == [reference]
