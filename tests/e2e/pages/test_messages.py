"""The messages to people, and their texts."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

from services.notifications.domain.texts import PLACEHOLDERS
from tests.e2e.pages.staff import Bring, looks_right, sign_in, slots_of, some_phone

ITEM = "archives-001"


def _book(account: Bring, phone: str) -> Any:
    slot = [each for each in slots_of(account, ITEM) if each["free"]][-1]
    return account("operator").post(
        "appointments", slot=slot["id"], item=ITEM, name="赵六", phone=phone, channel="phone"
    )


def test_every_kind_of_message_has_a_name() -> None:
    source = Path(__file__).parents[3] / "gateway" / "pages" / "messages" / "words.js"
    [kinds] = re.findall(r"export const KINDS = \{(.*?)\};", source.read_text("utf-8"), re.DOTALL)
    assert set(re.findall(r"^  (\w+): t\(", kinds, re.MULTILINE)) == set(PLACEHOLDERS)


def test_what_was_sent_appears_by_itself_and_what_failed_is_tried_again(
    visitor: Bring, account: Bring
) -> None:
    someone = sign_in(visitor, "/messages", "operator")
    someone.expect_complaint("409")
    page = someone.page
    page.wait_for_selector("#as-of:has-text('自动刷新')")
    reference = _book(account, phone := some_phone())["reference"]
    row = page.locator("tbody tr", has_text=reference)
    row.wait_for()
    assert f"{phone[:3]}****{phone[-4:]}" in row.inner_text()
    assert phone not in page.content()
    for typed in (reference.lower(), phone, f"{phone[:3]} {phone[3:7]}-{phone[7:]}", phone[-4:]):
        page.locator("#q").fill(typed)
        someone.until("document.querySelectorAll('tbody tr').length === 1")
        row.wait_for()
    page.locator("#q").fill("NOSUCH99")
    someone.sees("没有这样的短信")
    page.locator("#q").fill("")
    row.wait_for()
    someone.keep("messages-sent")
    looks_right(someone)
    page.get_by_label("状态").select_option("due")
    page.get_by_label("类型").select_option("reminder_hour")
    page.wait_for_selector("tbody tr[data-state=due]")
    assert page.locator("tbody tr:not([data-state=due])").count() == 0
    assert page.locator("tbody td:has-text('预约成功')").count() == 0

    sent = account("operator").get("messages", state="sent")["items"][0]
    wrong = {**sent, "state": "failed", "fault": "gateway_away", "tries": 5}
    found = {"items": [wrong], "next": None}
    page.route("**/api/v1/messages?*state=failed*", lambda route: route.fulfill(json=found))
    page.get_by_label("类型").select_option("")
    page.locator("#show-failed").click()
    page.wait_for_selector("tr[data-state=failed]")
    someone.sees("短信网关无应答")
    someone.keep("messages-failed")
    looks_right(someone)
    page.get_by_role("button", name="重发").click()
    someone.sees("这条短信已不在失败状态")
    page.route("**/retry", lambda route: route.fulfill(json={}))
    page.get_by_role("button", name="重发").click()
    someone.sees("已重新安排发送")


def test_a_manager_changes_a_text_and_wrong_placeholders_are_told_at_the_field(
    visitor: Bring, account: Bring
) -> None:
    someone = sign_in(visitor, "/messages#texts", "manager")
    someone.expect_complaint("422")
    page = someone.page
    page.wait_for_selector("[data-kind=approaching]")
    texts = account("manager").get("message-templates", limit="500")["items"]
    assert page.locator(".text-editor").count() == len(texts) > 20
    card = page.locator("[data-kind=approaching] form").nth(1)
    area, save = card.locator("textarea"), card.get_by_role("button", name="保存")
    before = area.input_value()
    for wrong, told in (("{phone} calls", "{phone}"), ("{number", "花括号不成对"), ("  ", "请填写文字")):
        area.fill(wrong)
        assert told in card.locator("[role=alert]").inner_text()
        assert save.is_disabled()
    assert area.get_attribute("aria-invalid") == "true"
    someone.keep("messages-texts")
    looks_right(someone)
    area.fill("Number ")
    card.get_by_role("button", name="{number}").click()
    refused = {"status": 422, "code": "template_invalid", "errors": {"text": ["{number} is not one"]}}
    page.route("**/message-templates", lambda route: route.fulfill(status=422, json=refused))
    save.click()
    someone.sees("占位符有误：{number} is not one", within="[data-kind=approaching]")
    page.unroute("**/message-templates")
    area.fill("Your number {number} is next but {ahead}.")
    save.click()
    someone.sees("已保存")
    manager = account("manager")
    texts = {
        (each["kind"], each["language"]): each["text"] for each in manager.get("message-templates")["items"]
    }
    assert texts["approaching", "en"] == "Your number {number} is next but {ahead}."
    manager.client.put(
        "message-templates",
        json={"kind": "approaching", "language": "en", "text": before},
        headers={"Idempotency-Key": str(uuid4())},
    ).raise_for_status()


def test_an_operator_reads_the_texts_and_a_clerk_sees_no_messages(visitor: Bring) -> None:
    someone = sign_in(visitor, "/messages#texts", "operator")
    someone.sees("只有管理人员可以修改文字")
    assert someone.page.locator("textarea:not([readonly])").count() == 0
    other = sign_in(visitor, "/messages", "clerk")
    other.sees("此账号不能使用本页面")
