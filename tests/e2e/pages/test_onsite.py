"""A visitor asks for a visit, watches what becomes of it, and calls it off."""

import re
from typing import Any

import pytest

from gateway.schemas.dispatch import ORDER_STATES
from tests.e2e.pages.booking import NAME, demo_code, press_whenever_it_can_be, some_phone
from tests.e2e.pages.onsite import ITEM, Bring, orders_on_a_route
from tests.e2e.pages.staff import looks_right
from tests.e2e.pages.test_accessibility import _answer as answer
from tests.e2e.test_booking_over_http import hall_now
from tests.e2e.test_hall_over_http import Api
from tests.e2e.test_onsite_over_http import wanted


def _asks(visitor: Bring, phone: str, **options: Any) -> Any:
    """Bring somebody who has chosen an item and filled in where and whom."""
    someone = visitor("phone", **options)
    page = someone.go("/onsite")
    page.get_by_role("searchbox", name="搜索事项").fill(ITEM)
    page.locator(".item-choice").first.click()
    page.locator("[name=address]").fill("福田区福中三路12号3栋502")
    page.locator("#name").fill(NAME)
    page.locator("#phone").fill(phone)
    return someone


def _drag_marker(page: Any, *, right: float, down: float) -> None:
    """Drag the marker on the map, and make sure that its tip moves by just that."""
    tip = "document.querySelector('.map-marker').getAttribute('transform').match(/-?[0-9.]+/g).map(Number)"
    side = page.locator(".map-canvas").evaluate("({ clientWidth: w, clientHeight: h }) => Math.min(w, h)")
    before = page.evaluate(tip)
    box = page.locator(".map-marker path").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=4)
    page.mouse.up()
    moved = [(after - was) * side / 400 for after, was in zip(page.evaluate(tip), before, strict=True)]
    assert moved == pytest.approx([right, down], abs=2)


def test_a_visitor_asks_for_a_visit_sees_its_state_and_calls_it_off(visitor: Bring, hall: Any) -> None:
    phone, operator = some_phone(), Api(hall, "operator")
    someone = _asks(visitor, phone)
    page = someone.page
    someone.expect_complaint("401")
    page.locator("#code").fill(demo_code(someone, page.locator("#send-code").click))
    page.locator("#send").click()
    someone.sees("请在图上标出地点")
    assert page.evaluate("document.activeElement.className") == "map-board"
    assert not page.locator(".map-keys").is_visible(), "a phone has no arrow keys"
    someone.sees("请在家备齐材料")
    someone.keep("onsite-2-no-place", full_page=True)
    page.locator(".map-board").click(position={"x": 250, "y": 100})
    first = page.locator(".map-said").inner_text()
    assert "大厅东北" in first
    page.locator(".map-board").press("Shift+ArrowDown")
    page.locator(".map-board").press("-")
    page.locator(".map-board").press("ArrowLeft")
    assert page.locator(".map-said").inner_text() != first
    _drag_marker(page, right=60, down=-90)
    assert "大厅东北" in page.locator(".map-said").inner_text()
    days = Api(hall).get("/onsite-days", item=ITEM).json()["items"]
    offered = page.locator("[name=day]").evaluate_all("days => days.map(({ value }) => value)")
    assert offered == [each["date"] for each in days]
    page.locator(".day").nth(2).click()
    page.get_by_role("button", name="下午").click()
    assert page.locator("#from").input_value() == "14:00"
    someone.keep("onsite-2-form", full_page=True)
    looks_right(someone)
    press_whenever_it_can_be(page, "#send")
    page.locator("#send").dblclick()

    page.wait_for_url("**/onsite/*")
    page.wait_for_selector(".held-hero[data-state='requested']")
    someone.keep("onsite-3-requested", full_page=True)
    [order] = operator.get("/onsite-orders", phone=phone).json()["items"]
    assert page.locator(".held-reference").inner_text().replace(" ", "") == order["reference"]
    assert order["window"]["from"][11:16] == "06:00"  # UTC
    assert (order["channel"], order["item"], order["location"]["lat"] > 22.5431) == ("web", ITEM, True)
    assert someone.faults() == []

    proof = {"reference": order["reference"], "phone": phone}
    token = Api(hall).post("/onsite-orders/lookup", proof).json()["token"]
    assert page.url.endswith(f"/onsite/{order['id']}#{token}")
    page.locator("#cancel").click()
    someone.keep("onsite-4-cancel")
    page.get_by_role("button", name="确定取消").click()
    page.wait_for_selector(".held-hero[data-state='cancelled']")
    [order] = operator.get("/onsite-orders", phone=phone).json()["items"]
    assert order["state"] == "cancelled"


def test_a_draft_survives_a_reload_and_a_refusal_is_told_in_words(visitor: Bring) -> None:
    someone = _asks(visitor, some_phone())
    page = someone.page
    page.locator(".map-board").press("Enter")
    someone.keep("onsite-1-form", full_page=True)
    page.reload()
    assert page.locator("[name=address]").input_value() == "福田区福中三路12号3栋502"
    assert "在大厅" in page.locator(".map-said").inner_text()
    page.locator("#code").fill(demo_code(someone, page.locator("#send-code").click))
    someone.expect_complaint("409")
    answer(
        page, "**/api/v1/onsite-orders", {"status": 409, "code": "limit_reached", "detail": ""}, status=409
    )
    page.locator("#send").click()
    someone.sees("最多同时有三个上门申请")
    assert someone.faults() == []


def test_an_item_nobody_comes_for_leads_to_the_hall(visitor: Bring) -> None:
    someone = visitor("phone", language="en")
    page = someone.go("/onsite#/item/police-001")
    someone.sees("Nobody comes for this item")
    page.locator(".back-link").click()
    page.locator(".department-row").first.wait_for()
    someone.keep("onsite-1-en", full_page=True)
    looks_right(someone)


def test_an_order_that_is_planned_says_when_the_crew_comes_and_is_found_by_its_reference(
    visitor: Bring, hall: Any
) -> None:
    [order] = orders_on_a_route(hall, 1)
    phone = Api(hall, "crew").get(f"/crews/{order['crew']}/route").json()["stops"]
    own = next(stop["phone"] for stop in phone if stop["id"] == order["id"])
    someone = visitor("phone")
    page = someone.go("/onsite#/find")
    page.locator("#reference").fill(order["reference"])
    page.locator("#phone").fill(own)
    page.keyboard.press("Enter")
    page.wait_for_selector(".held-hero[data-state='assigned']")
    someone.sees("预计")
    someone.keep("onsite-3-assigned", full_page=True)
    crew = Api(hall, "crew")
    for verb, body in (("depart", {}), ("arrive", {}), ("fail", {"reason": "没有人在"})):
        assert crew.post(f"/onsite-orders/{order['id']}/{verb}", body).status_code == 200
    page.reload()
    someone.sees("原因：没有人在")
    looks_right(someone)


def test_each_state_of_an_order_is_told_in_words(visitor: Bring, hall: Any) -> None:
    someone = visitor("phone")
    page = someone.page
    now = hall_now(Api(hall))
    order = Api(hall, "operator").post("/onsite-orders", wanted(now, ITEM, some_phone())).json()
    words = set()
    for state in ORDER_STATES:
        seen = order | {"state": state, "arrives_at": order["window"]["from"]}
        if state == "done":
            seen["cases"] = [{"item": ITEM, "number": "2026-0000123"}]
        answer(page, f"**/api/v1/onsite-orders/{order['id']}", seen)
        someone.go(f"/onsite/{order['id']}")
        page.wait_for_selector(f".held-hero[data-state='{state}']")
        words.add(page.locator(".held-state").inner_text())
        assert ("2026-0000123" in page.locator("main").inner_text()) == (state == "done")
        looks_right(someone)
    assert someone.faults() == []
    assert len(words) == len(ORDER_STATES)
    assert not any(re.search("[a-z]", each) for each in words)
