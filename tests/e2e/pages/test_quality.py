"""The page of service quality: evaluations, commendations, the ranking of departments, meetings."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.pages.staff import Bring, looks_right, send, sent, sign_in

QUARTER, OLD_QUARTER = "2025-Q4", "2024-Q2"


def fill(page: Any, deed: str, **fields: str) -> None:
    """Press a button with the keyboard, fill its dialog and send it."""
    page.locator(f"[data-deed={deed}]").first.press("Enter")
    sent(page, **fields)


def test_a_bad_evaluation_is_given_to_somebody_and_answered(
    visitor: Bring, account: Callable[[str], Any], desk: Bring
) -> None:
    at = desk("water")
    mine = at.issue()
    ticket = mine["id"]
    at.clear()
    words = {"level": 1, "comment": "等了很久，没有人叫号"}
    account("kiosk").post(f"tickets/{ticket}/evaluation", holder=mine["token"], **words)
    someone = sign_in(visitor, "/quality", "manager")
    someone.expect_complaint("422")
    page = someone.page
    row = page.locator(f"tr[data-ticket='{ticket}']")
    row.wait_for()
    assert "等了很久" in row.inner_text() and "未分派" in row.inner_text()
    looks_right(someone)
    assert someone.faults() == []
    row.locator("[data-deed=assign]").press("Enter")
    assert mine["number"] in row.inner_text(), "the number the visitor knew"
    send(page)
    someone.sees("请选择责任人。", within="dialog")
    send(page, owner="nobody.at.all")
    someone.sees("没有这样的账号", within="dialog")
    looks_right(someone)
    [who] = [
        each
        for each in account("manager").get("people", department="water")["items"]
        if each["username"] == at.username
    ]
    owner = page.locator("dialog [name=owner]")
    owner.fill(who["name"])
    owner.press("ArrowDown")
    owner.press("Enter")
    assert owner.input_value() == f"{who['name']}（{at.username}）"
    send(page, due_on="2026-03-04")
    page.wait_for_selector("dialog", state="detached")
    page.locator("#follow-up").select_option("assigned")
    row.wait_for()
    assert f"{who['name']}（{at.username}），2026年3月4日 前" in row.inner_text()
    someone.keep("quality-evaluations", full_page=True)
    row.locator("[data-deed=answer]").press("Enter")
    send(page)
    someone.sees("请填写。", within="dialog")
    send(page, result="已当面致歉，并增开了窗口")
    page.wait_for_selector("dialog", state="detached")
    page.locator("#follow-up").select_option("followed_up")
    row.wait_for()
    assert "增开了窗口" in row.inner_text()
    assert row.locator("button").count() == 0
    assert page.evaluate("window.pressed") is None


def test_a_commendation_is_recorded_corrected_and_withdrawn(visitor: Bring) -> None:
    someone = sign_in(visitor, "/quality#commendations", "analyst")
    someone.expect_complaint("422")
    page = someone.page
    page.locator("#department").wait_for()
    page.locator("#department").select_option("agri")
    someone.sees("没有收到表扬")
    page.locator("[data-deed=record]").press("Enter")
    send(page)
    someone.sees("请选择部门。", within="dialog")
    send(page, department="agri", received_on="2026-03-09")
    someone.sees("日期不能晚于今天。", within="dialog")
    send(page, received_on="2026-03-01", note="农户来信，联系 138 1234 5678")
    someone.sees("不能写身份证号、电话号码", within="dialog")
    send(page, note="农户来信感谢")
    page.wait_for_selector("dialog", state="detached")
    page.wait_for_selector("[data-kind=letter] .number:has-text('1')")
    fill(page, "correct", kind="banner", reason="来的是锦旗")
    page.wait_for_selector("[data-kind=banner] .number:has-text('1')")
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("quality-commendations", full_page=True)
    page.get_by_role("button", name="更正过 1 次").press("Enter")
    someone.sees("来的是锦旗", within="dialog")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    fill(page, "withdraw", reason="登记错了部门")
    someone.sees("没有收到表扬")


def test_points_are_awarded_and_the_ranking_of_a_quarter_is_fixed(visitor: Bring) -> None:
    someone = sign_in(visitor, "/quality#assessment", "manager")
    page = someone.page
    page.locator("[data-deed=award]").wait_for()
    fill(page, "award", department="fire", rule="innovation", date="2026-03-02", reason="试行网上预审")
    fire = page.locator("tr[data-department=fire]")
    page.wait_for_selector("tr[data-award]:has-text('试行网上预审')")
    fire.locator("summary").press("Enter")
    assert "+3" in fire.locator("li", has_text="工作创新").inner_text()
    assert page.locator("[data-deed=publish]").count() == 0
    someone.sees("季度进行中")
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("quality-assessment", full_page=True)
    page.locator("#quarter").select_option(OLD_QUARTER)
    fill(page, "publish")
    page.wait_for_selector(".notice.good:has-text('manager 公布')")
    assert page.locator("[data-deed=award], [data-deed=publish]").count() == 0
    assert page.evaluate("window.pressed") is None


def test_a_meeting_has_its_agenda_minutes_and_actions(visitor: Bring, account: Callable[[str], Any]) -> None:
    someone = sign_in(visitor, "/quality#meetings", "manager")
    someone.expect_complaint("409")
    page = someone.page
    fill(page, "call", quarter=QUARTER, date="2026-03-02")
    page.wait_for_selector("#meeting-title:has-text('2025年4季度例会')")
    assert page.locator(".quality-agenda > li").count() == 6
    fill(page, "action", task="中午增开一个窗口", department="social", due_on="2026-03-20")
    action = page.locator("tr[data-action]")
    action.wait_for()
    page.locator("[data-deed=minutes]").press("Enter")
    listed = account("manager").get("meetings")["items"]
    [meeting] = [each for each in listed if each["quarter"] == QUARTER]
    account("manager").post(f"meetings/{meeting['id']}/minutes", minutes="别人先写的", version=1)
    send(page, minutes="议定中午增开窗口。")
    someone.sees("有人刚刚改过纪要", within="dialog")
    assert page.locator("dialog [name=minutes]").input_value() == "议定中午增开窗口。"
    page.keyboard.press("Escape")
    someone.sees("别人先写的", within=".quality-minutes")
    fill(page, "minutes", minutes="议定中午增开窗口。")
    someone.sees("议定中午增开窗口。", within=".quality-minutes")
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("quality-meeting", full_page=True)
    fill(page, "settle", result="已增开")
    page.wait_for_selector("tr[data-action][data-state=done]:has-text('已增开')")


def test_advice_on_staffing_is_asked_for_followed_and_read(visitor: Bring, desk: Bring) -> None:
    at = desk("water")
    at.issue()
    at.clear()
    someone = sign_in(visitor, "/quality#staffing", "analyst")
    someone.expect_complaint("422")
    page = someone.page
    page.locator("[data-deed=advise]").press("Enter")
    send(page, **{"from": "2026-03-03", "to": "2026-03-02"})
    someone.sees("结束日期不得早于开始日期", within="dialog")
    send(page, **{"from": "2026-03-02"})
    page.wait_for_selector("dialog", state="detached")
    cell = page.locator("tr[data-queue^=water] .staffing-cell").first
    cell.wait_for()
    looks_right(someone)
    assert someone.faults() == []
    waiting = at.issue()
    at.staff.post(f"windows/{at.window}/sign-out")
    page.locator("#backlog", has_text="无窗口开放").wait_for()  # the page looks again by itself
    someone.keep("quality-staffing", full_page=True)
    at.staff.post(f"windows/{at.window}/sign-in")
    assert waiting["number"]
    cell.press("Enter")
    someone.sees("多一个", within="dialog")
    looks_right(someone)
    someone.keep("quality-staffing-hour")
    page.keyboard.press("Escape")

    def not_yet(route: Any) -> None:
        advice = route.fetch().json()
        route.fulfill(json=advice | {"state": "running", "done": 3, "cells": 12, "rows": None})

    page.route("**/api/v1/staffing-advice/*", not_yet)
    page.reload()
    someone.sees("正在计算：3 / 12")
    looks_right(someone)
    page.unroute_all(behavior="wait")
    cell.wait_for()  # the page looks again by itself


@pytest.mark.parametrize("tab", ["evaluations", "commendations", "assessment", "meetings", "staffing"])
def test_on_a_phone_in_english_nothing_is_wider_than_the_screen(visitor: Bring, tab: str) -> None:
    someone = visitor("phone", language="en")
    someone.go(f"/quality#{tab}")
    someone.page.locator("#username").fill("analyst")
    someone.page.locator("#password").fill("demo")
    someone.page.keyboard.press("Enter")
    someone.page.wait_for_selector(f"#tab-{tab}[aria-selected=true]")
    someone.until("!document.querySelector('main .spinner')?.checkVisibility()")
    looks_right(someone)
    place = f"document.getElementById('tab-{tab}').getBoundingClientRect()"
    someone.until(f"{place}.left >= 0 && {place}.right <= innerWidth")
    someone.keep(f"quality-phone-{tab}", full_page=True)
