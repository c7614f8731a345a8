"""Machine clients at the administrators' page: made, signed in, changed, given another secret and closed."""

import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

from tests.e2e.pages.staff import looks_right, send, sent, sign_in
from tests.waiting import until

Bring = Callable[..., Any]


@pytest.fixture
def code() -> str:
    """The code of a client that there is not."""
    return f"c-{uuid4().hex[:8]}"


class Machine:
    """A program that uses the API with its secret."""

    def __init__(self, url: str) -> None:
        """Use the API of this hall."""
        self.api = f"{url}/api/v1"

    def asked(self, path: str, *, token: str = "", **body: str) -> tuple[int, Any]:
        """Return status and answer, of a POST where a body is given."""
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )
        data = json.dumps(body).encode() if body else None
        try:
            with urlopen(Request(f"{self.api}/{path}", data, headers)) as answer:  # noqa: S310 - this hall's
                return answer.status, json.load(answer)
        except HTTPError as refused:
            return refused.code, json.load(refused)

    def signed_in(self, code: str, secret: str) -> Any:
        """Return the answer with the token, None where it is refused."""
        status, answer = self.asked("auth/token", client_id=code, client_secret=secret)
        assert status in (200, 401)
        return answer if status == 200 else None


def row_of(page: Any, code: str) -> Any:
    """Return the row of a client, once it is there."""
    row = page.locator(f"tr[data-client={code}]")
    row.wait_for()
    return row


def choose(page: Any, group: str, *operations: str) -> None:
    """Choose operations in the form, by keyboard."""
    details = page.locator(f"dialog [data-group={group}]")
    if details.get_attribute("open") is None:
        details.locator("summary").press("Enter")
    for operation in operations:
        details.locator(f"[value={operation}]").press("Space")


def secret_shown(someone: Any) -> str:
    """Read the secret that is shown, and close the dialog for good."""
    shown: str = someone.page.locator("dialog .client-secret").inner_text()
    someone.page.keyboard.press("Escape")
    someone.page.locator("dialog").wait_for(state="detached")
    return shown


def test_a_client_is_made_changed_and_closed_and_each_counts_at_once(
    visitor: Bring, hall: Any, code: str
) -> None:
    someone = sign_in(visitor, "/accounts#clients", "admin")
    someone.expect_complaint("422")
    page, machine = someone.page, Machine(hall.url)
    page.locator("#new-client").press("Enter")
    send(page, name="市政务公开屏", code=code, owner="nobody", quota="0")
    someone.sees("1 到 60000 之间的整数。", within="dialog")
    someone.sees("请选 1 到 50 项操作。", within="dialog")
    choose(page, "notifications", "list_messages", "list_templates")
    send(page, quota="30")
    someone.sees("没有这个使用中的账号。", within="dialog")
    assert someone.faults() == []
    someone.keep("clients-new")
    page.locator("dialog [name=owner]").fill("001号")
    page.keyboard.press("ArrowDown")
    someone.keep("clients-owner")
    page.keyboard.press("Enter")
    page.locator("dialog [type=submit]").press("Enter")
    page.locator("dialog .client-secret").wait_for()
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("clients-secret")
    secret = secret_shown(someone)
    assert len(secret) == 43
    assert "30" in row_of(page, code).inner_text()
    assert "clerk001" in row_of(page, code).inner_text()

    signed_in = machine.signed_in(code, secret)
    token = signed_in["access_token"]
    assert signed_in["scope"] == "list_messages list_templates"
    assert machine.asked("messages", token=token)[0] == 200
    assert machine.asked("audit", token=token)[0] == 403
    page.reload()
    someone.sees("登录", within=f"tr[data-client={code}]")
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("clients")

    row_of(page, code).locator("[data-deed=change]").press("Enter")
    choose(page, "notifications", "list_templates")
    sent(page, name="公开屏")
    someone.sees("公开屏", within=f"tr[data-client={code}]")
    until(lambda: machine.asked("messages", token=token)[0] == 401, what="the old token is refused")
    assert machine.signed_in(code, secret)["scope"] == "list_messages"

    row_of(page, code).locator("[data-deed=secret]").press("Enter")
    page.locator("dialog [type=submit]").press("Enter")
    page.locator("dialog .client-secret").wait_for()
    another = secret_shown(someone)
    assert machine.signed_in(code, secret) is None
    token = machine.signed_in(code, another)["access_token"]

    row_of(page, code).locator("[data-deed=close]").press("Enter")
    sent(page)
    someone.sees("已停用", within=f"tr[data-client={code}]")
    assert row_of(page, code).locator("button").count() == 0
    until(lambda: machine.asked("messages", token=token)[0] == 401, what="the token is refused")
    assert machine.signed_in(code, another) is None

    page.goto(f"{hall.url}/audit")
    someone.sees(f"client:{code}", within="main table")
    someone.sees("停用接入程序", within="main table")
    someone.keep("clients-trail")


def test_the_page_is_in_english_and_on_a_phone_too(visitor: Bring, code: str) -> None:
    someone = sign_in(visitor, "/accounts#clients", "admin", size="phone", language="en")
    page = someone.page
    page.locator("#new-client").press("Enter")
    choose(page, "ticketing", "get_floor")
    looks_right(someone)
    someone.keep("clients-new-en")
    send(page, name="Open data screen", code=code, owner="clerk001", quota="60")
    page.locator("dialog .client-secret").wait_for()
    looks_right(someone)
    secret_shown(someone)
    someone.sees("not signed in", within=f"tr[data-client={code}]")
    someone.keep("clients-en")
