"""The day's figures."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.waiting import DEADLINE_S

Bring = Callable[..., Any]


def _open(visitor: Bring, *, path: str = "/overview", size: str = "desktop", language: str = "zh") -> Any:
    someone = visitor(size, language=language)
    page = someone.go(path)
    page.locator("#username").fill("manager")
    page.locator("#password").fill("demo")
    page.keyboard.press("Enter")
    page.wait_for_selector(".figures")
    return someone


def _ask_for_a_code(someone: Any) -> None:
    phone = f"138{uuid4().int % 10**8:08}"
    asked = httpx.post(f"{someone.url}/api/v1/auth/otp", json={"phone": phone}, timeout=DEADLINE_S)
    assert asked.status_code == 202, asked.text


@pytest.fixture
def a_visit(desk: Bring) -> Any:
    """Somebody was served today and a case was accepted."""
    clerk = desk("agri")
    clerk.is_counted()
    ticket = clerk.issue()
    clerk.call()
    clerk.on(ticket["id"], "start")
    clerk.on(ticket["id"], "cases", item=clerk.item)
    clerk.on(ticket["id"], "finish")
    return clerk


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_manager_sees_tiles_and_charts_with_their_numbers(
    visitor: Bring, a_visit: Any, language: str
) -> None:
    someone = _open(visitor, language=language)
    page = someone.page
    assert page.locator(".figure").count() == 8
    _ask_for_a_code(someone)

    def tells_codes() -> Any:
        page.locator("#refresh").click()
        return re.search(r"(只留在本机|only kept here) \d", page.locator("#codes-sent").inner_text())

    someone.wait(tells_codes, what="how many one-time codes were sent, and how")

    def has_charts() -> bool:
        page.locator("#refresh").click()
        return bool(page.locator(".chart canvas").count() == 3)

    someone.wait(has_charts, what="three charts, a moment after what happened at the windows")
    drawn = page.evaluate(
        """[...document.querySelectorAll('.chart canvas')].map(canvas => canvas.getContext('2d')
            .getImageData(0, 0, canvas.width, canvas.height).data.some(value => value > 0))"""
    )
    assert drawn == [True, True, True]
    someone.keep(f"overview-{language}", full_page=True)
    page.locator("[data-table='department']").click()
    rows = page.locator("#table-department tbody tr")
    assert rows.count() >= 1
    assert not page.locator(".chart-department").is_visible()
    total = sum(
        int(cell.replace(",", ""))
        for cell in page.locator("#table-department td:last-child").all_inner_texts()
    )
    assert total >= 1
    someone.keep(f"overview-table-{language}")


def test_a_day_without_business_says_so(visitor: Bring) -> None:
    someone = _open(visitor, path="/overview?date=2004-05-02")
    someone.sees("这一天没有业务")
    someone.page.get_by_role("button", name="今天").click()
    someone.sees("今日运行总览")


def test_a_day_of_which_a_part_is_missing_stays_so_when_the_figures_are_asked_for_again(
    visitor: Bring,
) -> None:
    page = _open(visitor).page
    page.locator("#date").focus()
    page.keyboard.press("Backspace")
    with page.expect_response("**/statistics/overview*"):
        page.locator("#refresh").evaluate("button => button.click()")
    page.wait_for_selector("#as-of:has-text('数据截至')")
    assert page.locator("#date").evaluate("date => date === document.activeElement && date.validity.badInput")


def test_an_account_that_may_not_see_the_figures_is_told_so(visitor: Bring) -> None:
    someone = visitor()
    page = someone.go("/overview")
    page.locator("#username").fill("kiosk")
    page.locator("#password").fill("demo")
    page.keyboard.press("Enter")
    someone.sees("此账号不能使用本页面")


def test_figures_stay_on_screen_while_the_service_is_away(visitor: Bring, a_visit: Any) -> None:
    someone = _open(visitor)
    someone.expect_complaint("503")
    problem = {"title": "away", "status": 503, "code": "service_unavailable", "detail": "Statistics is away."}
    someone.page.route("**/statistics/**", lambda route: route.fulfill(status=503, json=problem))
    someone.page.click("#refresh")
    someone.sees("显示的是上一次的数据")
    assert someone.page.locator(".figure").count() == 8


def test_a_manager_frees_a_window_and_ends_a_number_with_a_reason(visitor: Bring, desk: Bring) -> None:
    clerk = desk("culture")
    clerk.is_counted()
    ticket = clerk.issue()
    clerk.call()
    clerk.on(ticket["id"], "start")
    left = clerk.issue()
    someone = _open(visitor)
    page = someone.page
    row = page.locator(f".floor-table [data-window='{clerk.window}']")
    row.wait_for()
    assert ticket["number"] in row.inner_text()
    queue = page.locator(f".floor-table [data-queue='{left['queue']}']")
    cells = [queue.locator("td").nth(each).inner_text() for each in (1, 3, 5)]
    assert cells == ["1", "0", "1"], "one waits, nobody is set aside, one window is open"
    assert "分" in queue.locator("td").nth(2).inner_text(), "how long the first of them has waited"
    page.locator(".floor").scroll_into_view_if_needed()
    someone.keep("overview-floor")
    row.locator("[data-deed=free]").press("Enter")
    page.wait_for_selector("dialog[open]")
    someone.sees("1 人等候的队列再没有窗口叫号", within="dialog")
    someone.sees(left["number"], within="dialog")
    page.locator("dialog [type=submit]").press("Enter")
    someone.sees("请写明原因", within="dialog")
    page.locator("dialog [name=reason]").fill("窗口人员突发不适")
    page.locator("dialog [name=visitor]").select_option("hold")
    someone.keep("overview-free")
    page.locator("dialog [type=submit]").press("Enter")
    page.wait_for_selector("dialog", state="detached")
    row.get_by_text("无人在岗").wait_for()
    queue.get_by_text("暂无窗口").wait_for()
    assert queue.locator("td").nth(3).inner_text() == "1", "who was at the window is set aside"
    assert clerk.kiosk.get(f"tickets/{ticket['id']}")["state"] == "on_hold"
    row.locator("[data-deed=look]").press("Enter")
    page.wait_for_selector("dialog .floor-ticket")
    someone.keep("overview-numbers")
    page.locator(f"dialog [data-number='{ticket['number']}'] [data-deed=new-slip]").press("Enter")
    page.locator("dialog [name=reason]").fill("小票丢失")
    page.locator("dialog [type=submit]").press("Enter")
    page.wait_for_selector("dialog .paper img[src^='data:']")
    assert ticket["number"] in page.locator("dialog .paper").inner_text()
    someone.keep("overview-new-slip")
    page.emulate_media(media="print")
    someone.keep("overview-new-slip-printed")
    page.emulate_media(media="screen")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    row.locator("[data-deed=look]").press("Enter")
    page.locator(f"dialog [data-number='{ticket['number']}'] [data-deed=end]").press("Enter")
    page.locator("dialog [name=reason]").fill("办事人已离开")
    page.locator("dialog [type=submit]").press("Enter")
    page.wait_for_selector("dialog", state="detached")
    assert clerk.kiosk.get(f"tickets/{ticket['id']}")["state"] == "closed"
