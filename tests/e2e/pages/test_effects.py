"""An administrator sees whom a change of an item touches before it is made, and it comes true."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.pages.staff import Bring, looks_right, send, sent, sign_in, slots_of, some_phone
from tests.waiting import until

CODE = "pages-effects-1"
IN_VIEW = """each => {
    const { top, bottom, left } = each.getBoundingClientRect();
    return each.contains(document.elementFromPoint(left + 20, (top + bottom) / 2));
}"""


@pytest.fixture
def item(account: Bring) -> Iterator[str]:
    """Offer an item of a department that takes appointments, which only this test knows."""
    admin = account("admin")
    queue = admin.get("queues", department="foreign")["items"][0]["code"]
    content = {"name": "外事活动备案", "name_en": "Filing of events", "department": "foreign", "queue": queue}
    admin.post("items", code=CODE, kind="public_service", time_limit_days=5, service_seconds=300, **content)
    yield CODE
    if admin.get(f"items/{CODE}")["state"] == "active":
        admin.post(f"items/{CODE}/withdraw")


def book(account: Bring, item: str) -> Any:
    """Book the last slot of the item, away from those of other tests."""

    def offered() -> Any:
        answer = account("operator").client.get("slots", params={"item": item, "channel": "phone"})
        return [each for each in answer.json().get("items", []) if each["free"]]

    slot = until(offered, what="the new item has slots")[-1]
    return account("operator").post(
        "appointments", slot=slot["id"], item=item, name="钱七", phone=some_phone(), channel="phone"
    )


def test_an_item_that_moves_and_ends_says_before_whom_it_touches(
    visitor: Bring, account: Bring, item: str
) -> None:
    slots_of(account, "foreign-001")
    booked = book(account, item)
    someone = sign_in(visitor, f"/catalogue?item={item}#items", "admin")
    page = someone.page
    page.locator("[data-deed=adjust]").press("Enter")
    queue = account("admin").get("queues", department="urban")["items"][0]["code"]
    page.locator("dialog [name=department]").select_option("urban")
    send(page, queue=queue)
    someone.sees("1 个预约失去位置", within="dialog")
    someone.sees(booked["reference"], within="dialog")
    assert page.locator("dialog .notice", has_text="1 个预约失去位置").evaluate(IN_VIEW), "without scrolling"
    someone.keep("catalogue-moves")
    looks_right(someone)
    assert account("operator").get(f"appointments/{booked['id']}")["state"] == "booked", "it is told before"
    sent(page)

    def state() -> bool:
        return bool(account("operator").get(f"appointments/{booked['id']}")["state"] == "displaced")

    until(state, what="the booking is displaced")
    page.locator("[data-deed=withdraw]").press("Enter")
    someone.sees("没有预约、号码、上门申请和在办件受影响", within="dialog")
    someone.keep("catalogue-ends")
    sent(page)
    assert someone.faults() == []
