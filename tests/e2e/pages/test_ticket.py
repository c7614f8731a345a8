"""A ticket on a phone."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

Bring = Callable[..., Any]


def _open(visitor: Bring, ticket: Any, **options: Any) -> Any:
    someone = visitor("phone", **options)
    someone.go(f"/ticket/{ticket['id']}#{ticket['token']}")
    someone.page.wait_for_selector(".ticket-number")
    return someone


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_phone_shows_how_many_are_ahead_and_how_long_it_takes(
    visitor: Bring, desk: Bring, language: str
) -> None:
    clerk = desk("ccpit")
    clerk.issue()
    ticket = clerk.issue()
    someone = _open(visitor, ticket, language=language)
    facts = someone.page.locator(".ticket-facts dd")
    assert facts.all_inner_texts()[0].startswith("1")
    unit = "分钟" if language == "zh" else "min"
    # A process of ticketing may know of a window a second after its clerk has come.
    someone.wait(lambda: unit in facts.all_inner_texts()[1], what="how long it takes")
    assert someone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    someone.keep(f"ticket-waiting-{language}", full_page=True)


def test_a_phone_follows_its_ticket_to_the_evaluation(visitor: Bring, desk: Bring) -> None:
    clerk = desk("ccpit")
    ticket = clerk.issue()
    someone = _open(visitor, ticket)
    page = someone.page
    page.evaluate("() => { navigator.vibrate = (pattern) => { window.buzzed = pattern; return true; }; }")
    page.locator(".ticket-number").tap()
    clerk.call()
    page.wait_for_selector(".ticket-hero[data-state='called']")
    assert clerk.window in page.locator(".ticket-window").inner_text()
    someone.until("window.buzzed?.length > 1")
    assert page.title().startswith(f"★ 请到{clerk.window}号窗口")
    someone.keep("ticket-called")
    clerk.on(ticket["id"], "start")
    page.wait_for_selector(".ticket-hero[data-state='serving']")
    clerk.on(ticket["id"], "finish")
    page.wait_for_selector(".ticket-hero[data-state='served']")
    send = page.get_by_role("button", name="提交评价")
    assert send.is_disabled()
    page.locator(".level", has_text="基本满意").click()
    page.get_by_label("想说的话").fill("办得很快")
    someone.keep("ticket-evaluation", full_page=True)
    with page.expect_request("**/evaluation") as sent:
        send.click()
    assert sent.value.post_data_json == {"level": 3, "comment": "办得很快"}
    someone.sees("谢谢您的评价")
    page.reload()
    someone.sees("谢谢您的评价")


def test_a_number_can_be_given_up_after_being_asked(visitor: Bring, desk: Bring) -> None:
    clerk = desk("ccpit")
    ticket = clerk.issue()
    someone = _open(visitor, ticket)
    page = someone.page
    page.get_by_role("button", name="取消排队").click()
    page.get_by_role("button", name="继续排队").click()
    page.get_by_role("button", name="取消排队").click()
    page.get_by_role("button", name="确定取消").click()
    page.wait_for_selector(".ticket-hero[data-state='cancelled']")
    someone.keep("ticket-cancelled")
    assert clerk.kiosk.get(f"tickets/{ticket['id']}")["state"] == "cancelled"


def test_a_phone_without_the_stream_asks_by_itself(visitor: Bring, desk: Bring) -> None:
    clerk = desk("ccpit")
    ticket = clerk.issue()
    someone = visitor("phone")
    someone.expect_complaint("ERR_FAILED")
    someone.page.route("**/events", lambda route: route.abort())
    someone.page.clock.install()
    someone.go(f"/ticket/{ticket['id']}")
    someone.page.wait_for_selector(".ticket-number")
    clerk.call()
    someone.page.clock.fast_forward("00:11")
    someone.page.wait_for_selector(".ticket-hero[data-state='called']")


def test_a_number_that_does_not_exist_is_said_so(visitor: Bring) -> None:
    someone = visitor("phone")
    someone.expect_complaint("404")
    someone.go(f"/ticket/{uuid4()}")
    someone.sees("没有找到这个排队号")
    someone.keep("ticket-unknown")


def test_a_phone_that_has_the_number_alone_sees_it_and_can_do_nothing(visitor: Bring, desk: Bring) -> None:
    clerk = desk("ccpit")
    ticket = clerk.issue()
    someone = visitor("phone")
    someone.go(f"/ticket/{ticket['id']}")
    someone.page.wait_for_selector(".ticket-number")
    someone.sees("请扫小票上的二维码")
    assert someone.page.locator("#cancel").count() == 0
    someone.keep("ticket-without-token", full_page=True)
    for verb in ("call", "start", "finish"):
        clerk.call() if verb == "call" else clerk.on(ticket["id"], verb)
    someone.page.wait_for_selector(".ticket-hero[data-state='served']")
    assert someone.page.locator("form.evaluation").count() == 0


def test_a_phone_is_left_to_be_told_that_the_turn_is_near(
    visitor: Bring, desk: Bring, account: Callable[[str], Any]
) -> None:
    clerk = desk("ccpit")
    clerk.issue(phone="13800004321")
    ticket = clerk.issue()
    someone = _open(visitor, ticket)
    page = someone.page
    page.get_by_role("button", name="快叫到时发短信通知我").click()
    page.get_by_label("手机号").fill("123")
    page.get_by_role("button", name="确定").click()
    someone.sees("请填写正确的手机号")
    page.get_by_label("手机号").fill("138 0000 4321")
    someone.keep("ticket-phone")
    assert someone.faults() == []
    page.get_by_role("button", name="确定").click()
    someone.sees("这个手机号在同一队列还取了 1 个号")
    someone.sees("会发短信到您留下的手机号")
    assert "4321" not in page.evaluate("Object.values(localStorage).join()")
    someone.keep("ticket-phone-left", full_page=True)

    def told() -> list[Any]:
        sent = account("manager").get("messages", kind="approaching", limit=200)["items"]
        return [
            each for each in sent if ticket["number"] in (each["text"] or "") and each["to"] == "138****4321"
        ]

    someone.wait(told, what="the visitor is told")
