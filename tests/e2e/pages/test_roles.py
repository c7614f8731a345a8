"""Roles that an administrator makes of operations, and what those see who have them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.pages.staff import looks_right, send, sent, sign_in

Bring = Callable[..., Any]


@pytest.fixture
def code() -> str:
    """The code of a role, and the name of an account, that there is not."""
    return f"r{uuid4().hex[:8]}"


def row_of(page: Any, kind: str, code: str) -> Any:
    """Return the row of a role or an account, once it is there."""
    row = page.locator(f"tr[data-{kind}={code}]")
    row.wait_for()
    return row


def choose(page: Any, group: str, *operations: str) -> None:
    """Choose operations in the form of a role, by keyboard."""
    details = page.locator(f"dialog [data-group={group}]")
    if details.get_attribute("open") is None:
        details.locator("summary").press("Enter")
    for operation in operations:
        details.locator(f"[value={operation}]").press("Space")


def test_a_role_is_made_given_and_changed_and_counts_at_once(visitor: Bring, code: str) -> None:
    someone = sign_in(visitor, "/accounts#roles", "admin")
    someone.expect_complaint("422")
    someone.expect_complaint("409")
    page = someone.page
    row_of(page, "role", "department_head")
    looks_right(someone)
    someone.keep("roles")
    page.locator("#new-role").press("Enter")
    send(page, name="值班长", name_en="Supervisor", code="manager")
    someone.sees("请至少选一项权限。", within="dialog")
    choose(page, "notifications", "list_messages")
    assert "1 / 5" in page.locator("dialog [data-group=notifications] summary").inner_text()
    page.locator("dialog [type=submit]").press("Enter")
    someone.sees("已有这个代码的角色，可能已经停用。", within="dialog")
    assert someone.faults() == []
    someone.keep("roles-new")
    sent(page, code=code)
    assert row_of(page, "role", code).locator("td.figure").first.inner_text() == "1"
    page.locator("#tab-people").press("Enter")
    page.locator("#new").press("Enter")
    page.locator(f"dialog [value={code}]").press("Space")
    sent(page, name="钱进", username=code)
    row_of(page, "account", code).locator("[data-deed=password]").press("Enter")
    password = page.locator(".account-password").inner_text()
    sent(page)

    other = sign_in(visitor, "/messages", code, password=password)
    other.page.locator("#tab-texts").wait_for()
    assert other.page.locator(".staff-links a, #account a").all_inner_texts() == ["短信", "待办"]

    page.locator("#tab-roles").press("Enter")
    row_of(page, "role", code).locator("[data-deed=change]").press("Enter")
    choose(page, "notifications", "list_messages")
    choose(page, "auth", "list_audit")
    sent(page)
    other.page.goto(other.page.url.split("#")[0])
    other.sees("此账号不能使用本页面", within="main")
    other.page.locator("a[href='/audit']").press("Enter")
    other.page.locator("main table").wait_for()
    row_of(page, "role", code).locator("[data-deed=end]").press("Enter")
    page.locator("dialog [type=submit]").press("Enter")
    someone.sees("此角色还有账号在用", within="#toasts")


def test_a_role_that_comes_with_hallflow_is_shown_and_copied(visitor: Bring, code: str) -> None:
    someone = sign_in(visitor, "/accounts#roles", "admin", language="en")
    page = someone.page
    row = row_of(page, "role", "front_desk")
    assert row.locator("[data-deed=change], [data-deed=end]").count() == 0
    row.locator("[data-deed=show]").press("Enter")
    someone.sees("Check somebody in", within="dialog")
    someone.keep("roles-shown-en")
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    row.locator("[data-deed=copy]").press("Enter")
    assert page.locator("dialog [value=check_in]").is_checked()
    sent(page, name="引导员", name_en="Usher", code=code)
    made = row_of(page, "role", code)
    assert "Usher" in made.inner_text()
    made.locator("[data-deed=end]").press("Enter")
    sent(page)
    someone.sees("Withdrawn", within=f"tr[data-role={code}]")


def test_an_auditor_reads_the_trail_and_nothing_else(visitor: Bring) -> None:
    someone = sign_in(visitor, "/audit", "auditor")
    someone.page.locator("main table").wait_for()
    assert someone.page.locator(".staff-links a, #account a").all_inner_texts() == ["操作记录", "待办"]
    someone.keep("audit-of-an-auditor")


def test_a_department_head_opens_the_pages_of_those_who_answer_for_a_department(visitor: Bring) -> None:
    someone = sign_in(visitor, "/overview", "department_head")
    someone.page.locator(".floor, main section").first.wait_for()
    assert someone.page.locator(".staff-links a").all_inner_texts() == [
        "运行总览",
        "异常核查",
        "服务质量",
        "协同办理",
    ]
    assert someone.page.locator("[data-deed=end]").count() == 0
    someone.keep("overview-of-a-head")
    someone.page.locator("a[href='/quality']").press("Enter")
    someone.page.locator("#tab-evaluations").wait_for()
    assert someone.page.locator("[role=tab]").all_inner_texts() == ["差评回访", "例会"]
    someone.keep("quality-of-a-head")
