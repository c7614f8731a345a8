"""A hall that is no demo is opened in the browser: the code, the first administrator, the first account."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.pages.staff import looks_right
from tests.halls import new_hall
from tests.processes import Stack
from tests.shared import ROOT
from tests.waiting import DEADLINE_S, until

Bring = Callable[..., Any]
PASSWORD = "eine lange Parole 7"


@pytest.fixture
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A hall that was started for the first time, and is no demo."""
    with new_hall(
        tmp_path_factory.mktemp("hall"), "identity", "catalogue", "notifications", "gateway"
    ) as hall:
        yield hall


def command(hall: Stack, module: str, *arguments: str, typed: str = "") -> str:
    """Run what whoever has started the hall runs, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=hall.environment | {"AMQP_URI": hall.amqp_uri},
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def shown_code(hall: Stack) -> str:
    """Return the set-up code that is shown at the start."""
    found = re.search(
        r"^set-up code: ([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})$", command(hall, "deploy.hall.begin"), re.M
    )
    assert found is not None
    return found[1]


def fill(page: Any, **given: str) -> None:
    """Fill the form that is there."""
    for name, value in given.items():
        page.locator(f"form [name={name}]").fill(value)


def test_a_hall_is_opened_from_nothing_and_its_first_account_signs_in(hall: Stack, visitor: Bring) -> None:
    code = shown_code(hall)
    someone = visitor()
    someone.expect_complaint("404|401|422")
    page = someone.go("/setup")
    page.locator("form [name=code]").wait_for()
    looks_right(someone)
    page.keyboard.press("Enter")
    someone.sees("请填写。", within="form")
    given = {
        "hall": "新城政务服务中心",
        "hall_en": "New Town Service Centre",
        "name": "局办公室",
        "username": "head",
    }
    fill(page, code="0000-0000-0000", password=PASSWORD, again=f"{PASSWORD}!", **given)
    page.keyboard.press("Enter")
    someone.sees("两次输入的密码不一样。", within="form")
    fill(page, again=PASSWORD)
    page.keyboard.press("Enter")
    someone.sees("开通码不对", within="form")
    someone.keep("setup", full_page=True)
    fill(page, code=code.lower())
    page.keyboard.press("Enter")
    someone.sees("大厅已开通", within="main")
    assert someone.faults() == []
    someone.keep("setup-done")
    page.locator("main a.button").click()
    page.locator("tr[data-account=head]").wait_for()
    someone.until("document.querySelector('[data-hall-name]').textContent === '新城政务服务中心'")
    page.locator("#new").click()
    fill(page, name="赵主任", username="zhao")
    page.locator("dialog [value=manager]").check()
    page.locator("dialog [type=submit]").press("Enter")
    page.locator("dialog").wait_for(state="detached")
    page.locator("tr[data-account=zhao] [data-deed=password]").click()
    password = page.locator(".account-password").inner_text()
    page.locator("dialog [type=submit]").press("Enter")
    page.locator("dialog").wait_for(state="detached")
    other = visitor()
    other.expect_complaint("404")
    desk = other.go("/messages")
    fill(desk, username="zhao", password=password)
    desk.keyboard.press("Enter")
    other.sees("zhao", within="#account")
    again = visitor()
    again.go("/setup")
    again.sees("大厅已经开通", within="main")


def test_a_kiosk_is_enrolled_renewed_and_locked_out(hall: Stack, visitor: Bring) -> None:
    set_up(hall)
    someone = visitor()
    page = someone.go("/accounts#kiosks")
    fill(page, username="head", password=PASSWORD)
    page.keyboard.press("Enter")
    someone.sees("还没有取号机", within="main")
    page.locator("#new-kiosk").click()
    fill(page, code="east", name="一楼东门")
    page.locator("dialog [type=submit]").press("Enter")
    someone.sees("取号机登记码", within="dialog")
    someone.keep("accounts-kiosk-code")
    code = page.locator(".account-password").inner_text()
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    visited = visitor("kiosk")
    visited.expect_complaint("401|403")  # whoever hears first that it is locked out
    visited.page.clock.install()
    device = visited.go("/kiosk")
    device.locator("#code").fill("ABCD-EFGH-JKMN")
    device.keyboard.press("Enter")
    visited.sees("登记码无效或已过期。", within="main")
    device.locator("#code").fill(code.lower())
    device.keyboard.press("Enter")
    visited.sees("还没有可以办理的事项", within="main")
    held = "JSON.parse(localStorage['hall-kiosk'])?.access_token ?? ''"
    before = visited.until(held)
    device.clock.fast_forward("24:00:01")
    device.clock.resume()
    visited.until(f"(before) => ![before, ''].includes({held})", before)
    page.reload()
    row = page.locator("tr[data-kiosk=east]")
    row.get_by_text("使用中").wait_for()
    someone.keep("accounts-kiosks")
    row.locator("[data-deed=revoke]").click()
    page.locator("dialog [type=submit]").press("Enter")
    row.get_by_text("已作废").wait_for()
    device.clock.fast_forward("24:00:01")
    device.clock.resume()
    visited.sees("登记本取号机", within="main")
    visited.keep("kiosk-locked-out")


def set_up(hall: Stack) -> None:
    """Set the hall up over the API."""
    wanted = {
        "code": shown_code(hall),
        "username": "head",
        "name": "局办公室",
        "password": PASSWORD,
        "hall": {"name": "新城政务服务中心", "name_en": "New Town Service Centre"},
    }
    api = f"{hall.url}/api/v1"
    httpx.post(f"{api}/setup", json=wanted, timeout=DEADLINE_S).raise_for_status()
    until(lambda: httpx.get(f"{api}/hall", timeout=DEADLINE_S).is_success, what="the hall's names are known")


def test_whoever_has_lost_the_password_gets_a_new_one_at_the_machine(hall: Stack, visitor: Bring) -> None:
    command(hall, "deploy.hall.admin", "create", "boss", "--name", "主任", typed=f"{PASSWORD}\n")
    assert "has an administrator" in command(hall, "deploy.hall.admin", "code")
    someone = visitor()
    someone.expect_complaint("404")
    page = someone.go("/accounts")
    someone.sees("这个大厅还没有开通。", within="#not-set-up")
    fill(page, username="boss", password=PASSWORD)
    page.keyboard.press("Enter")
    row = page.locator("tr[data-account=boss]")
    row.wait_for()
    row.locator("[data-deed=close]").click()
    page.locator("dialog [type=submit]").press("Enter")
    someone.expect_complaint("409")
    someone.sees("至少要有一个能登录的系统管理员。", within="#toasts")
    command(hall, "deploy.hall.admin", "create", "boss", typed="another long phrase 8\n")
    other = visitor()
    other.expect_complaint("404")
    page = other.go("/accounts")
    fill(page, username="boss", password="another long phrase 8")
    page.keyboard.press("Enter")
    page.locator("tr[data-account=boss]").wait_for()
