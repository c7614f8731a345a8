"""A clerk of the city signs in with a real issuer in Chromium, and works on when it is gone."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.ports import free_port
from tests.e2e.pages.staff import looks_right, sent, sign_in
from tests.halls import warm_hall
from tests.issuers import CLIENT, SECRET, Issuer, canaille
from tests.processes import Stack
from tests.waiting import DEADLINE_S

Bring = Callable[..., Any]
PASSWORD = "pw-of-the-city-1"


@pytest.fixture(scope="module")
def port() -> int:
    """Where the issuer listens."""
    return free_port()


@pytest.fixture(scope="module")
def hall(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A hall that knows an issuer."""
    settings = {
        "OIDC_ISSUER": f"http://127.0.0.1:{port}",
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_SCOPES": "openid profile email groups",
    }
    with warm_hall(tmp_path_factory.mktemp("hall"), **settings) as stack:
        yield stack


@pytest.fixture(scope="module")
def issuer(port: int, hall: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issuer]:
    """The city's issuer."""
    with canaille(port, hall.url.rstrip("/"), tmp_path_factory.mktemp("issuer")) as issuer:
        yield issuer


def post(hall: Stack, path: str, token: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": str(uuid4())} | ({"Authorization": f"Bearer {token}"} if token else {})
    url = f"{hall.url.rstrip('/')}/api/v1/{path}"
    return httpx.post(url, json=body, headers=headers, timeout=DEADLINE_S).raise_for_status().json()


def token(hall: Stack, username: str) -> str:
    return str(post(hall, "auth/token", username=username, password="demo")["access_token"])


def sign_on(page: Any, username: str) -> None:
    """Go to the issuer from the form of a page, and sign in there."""
    page.locator("#single-sign-on").press("Enter")
    page.locator("[name=login]").fill(username)
    page.keyboard.press("Enter")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_a_clerk_of_the_city_signs_in_once_for_all_pages_and_works_on_without_the_issuer(
    hall: Stack, issuer: Issuer, visitor: Bring
) -> None:
    someone = visitor("console")
    # The issuer's own pages complain of their own policy; a refused sign-in is a 401.
    someone.expect_complaint("Content Security Policy|401|404|127.0.0.1")
    page = someone.go("/window")
    page.locator("#single-sign-on").wait_for()
    looks_right(someone)
    someone.keep("sign-on")
    sign_on(page, "wang")
    someone.sees("您在本大厅还没有角色，请联系管理员。")
    page.wait_for_url("**/window")
    someone.keep("sign-on-refused")

    boss = sign_in(visitor, "/accounts#sign-in", "admin")
    boss.page.locator("#new-rule").press("Enter")
    boss.page.locator("dialog [value=clerk]").press("Space")
    sent(boss.page, value="desk", department="market")
    boss.page.locator("tr[data-rule=desk]").wait_for()
    looks_right(boss)
    boss.keep("accounts-sign-in")
    page.context.clear_cookies()
    sign_on(page, "li")
    page.locator(".window-tile").first.wait_for()
    assert page.url == f"{someone.url}/window"
    page.goto(f"{someone.url}/joint")
    page.locator("#leave").wait_for()
    assert page.locator("#own-account").inner_text().strip() == "li"
    assert page.locator("button#own-account").count() == 0, "there is no password to change"

    issuer.kill()
    page.goto(f"{someone.url}/window")
    page.locator(".window-tile:not(:disabled)").first.press("Enter")
    page.locator("[data-action=call]").wait_for()
    serves = page.evaluate("document.querySelector('.account-window strong').innerText")
    queues = next(row for row in _windows(hall) if row["code"] == serves)["queues"]
    item = next(row["code"] for row in _items(hall) if row["queue"] in queues)
    number = post(hall, "tickets", token(hall, "kiosk"), item=item, channel="kiosk")["number"]
    someone.sees(number)
    page.keyboard.press("F2")
    page.locator("[data-action=start]:not(:disabled)").wait_for()

    other = visitor()
    other.expect_complaint("401")
    there = other.go("/window")
    there.locator("#single-sign-on").press("Enter")
    other.sees("统一身份认证暂时无法使用。")
    other.keep("sign-on-away")
    there.locator("#username").fill("clerk002")
    there.locator("#password").fill("demo")
    there.keyboard.press("Enter")
    there.locator(".window-tile").first.wait_for()


def _windows(hall: Stack) -> list[dict[str, Any]]:
    return list(_get(hall, "windows"))


def _items(hall: Stack) -> list[dict[str, Any]]:
    return list(_get(hall, "items"))


def _get(hall: Stack, path: str) -> Any:
    url = f"{hall.url.rstrip('/')}/api/v1/{path}"
    query = {"department": "market", "limit": "200"}
    return httpx.get(url, params=query, timeout=DEADLINE_S).raise_for_status().json()["items"]
