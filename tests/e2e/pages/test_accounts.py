"""Accounts of the staff, as administrators make and change them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.pages.staff import looks_right, send, sent, sign_in

Bring = Callable[..., Any]


@pytest.fixture
def username() -> str:
    """A username that nobody has."""
    return f"n{uuid4().hex[:8]}"


def row_of(page: Any, username: str) -> Any:
    """Return the row of an account, once it is there."""
    row = page.locator(f"tr[data-account={username}]")
    row.wait_for()
    return row


def test_an_administrator_makes_changes_and_closes_an_account_without_a_mouse(
    visitor: Bring, username: str
) -> None:
    someone = sign_in(visitor, "/accounts", "admin")
    someone.expect_complaint("422")
    page = someone.page
    row_of(page, "clerk001")
    looks_right(someone)
    someone.keep("accounts")
    page.locator("#new").press("Enter")
    page.locator("dialog [name=name]").fill("钱进")
    page.locator("dialog [type=submit]").press("Enter")
    someone.sees("请至少选一个角色。", within="dialog")
    page.locator("dialog [value=clerk]").press("Space")
    send(page, username=username)
    someone.sees("窗口人员、外勤人员和单位负责人须有部门。", within="dialog")
    assert someone.faults() == []
    someone.keep("accounts-new")
    sent(page, department="archives")
    row = row_of(page, username)
    assert {"窗口人员", "还没有密码"} <= set(row.inner_text().replace("\t", "\n").split("\n"))
    row.locator("[data-deed=change]").press("Enter")
    page.locator("dialog [value=manager]").press("Space")
    sent(page, name="钱进进")
    page.locator("#q").fill(username.upper())
    page.locator("tr[data-account=clerk001]").wait_for(state="detached")
    row = row_of(page, username)
    assert "钱进进" in row.inner_text()
    assert "大厅管理" in row.inner_text()
    row.locator("[data-deed=password]").press("Enter")
    password = page.locator(".account-password").inner_text()
    someone.keep("accounts-password")
    sent(page)
    other = sign_in(visitor, "/messages", username, password=password)
    other.sees(username, within="#account")
    change_password(other, password)
    page.locator("#state").select_option("")
    row_of(page, username).locator("[data-deed=close]").press("Enter")
    sent(page)
    someone.sees("已停用", within=f"tr[data-account={username}]")
    assert row_of(page, username).locator("[data-deed=close]").count() == 0


def change_password(someone: Any, password: str) -> None:
    """Change one's own password, and go on."""
    someone.expect_complaint("422")
    page = someone.page
    page.locator("#own-account").press("Enter")
    given = {"new_password": "ein neuer langer Satz", "again": "ein neuer langer Satz"}
    send(page, password="not the password", **given)
    someone.sees("密码不正确。", within="dialog")
    assert someone.faults() == []
    someone.keep("own-password")
    sent(page, password=password)
    someone.sees("密码已修改", within="#toasts")
    page.reload()
    page.locator(".tab-panel .tools").wait_for()


def test_accounts_are_found_by_role_and_department(visitor: Bring) -> None:
    someone = sign_in(visitor, "/accounts", "admin")
    page = someone.page
    row_of(page, "clerk001")
    everybody = page.locator("tr[data-account]").count()
    page.locator("#department").select_option("archives")
    someone.until("(all) => document.querySelectorAll('tr[data-account]').length < all", everybody)
    page.locator("#role").select_option("dispatcher")
    someone.sees("没有这样的账号", within="main")


def test_nobody_else_sees_accounts(visitor: Bring) -> None:
    someone = sign_in(visitor, "/accounts", "manager")
    someone.sees("此账号不能使用本页面", within="main")


def test_the_page_speaks_english(visitor: Bring) -> None:
    someone = sign_in(visitor, "/accounts", "admin", language="en")
    row_of(someone.page, "clerk001")
    someone.sees("no password yet", within="tr[data-account=clerk001]")
    someone.keep("accounts-en")
