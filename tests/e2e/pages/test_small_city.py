"""An invented small city loads its hall from the template in the browser, and works with it."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from services.catalogue.tables.headings import sheet_of
from tests.e2e.pages.small_city import SMALL_CITY, filled
from tests.e2e.pages.staff import sent
from tests.e2e.pages.test_setup import PASSWORD, fill, set_up
from tests.e2e.pages.test_workbook import fetched, rests, send
from tests.halls import new_hall
from tests.processes import Stack
from tests.waiting import DEADLINE_S

Bring = Callable[..., Any]


@pytest.fixture
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A hall of all services that is no demo, set up and empty."""
    with new_hall(tmp_path_factory.mktemp("hall")) as hall:
        set_up(hall)
        yield hall


def test_a_small_city_loads_its_hall_from_the_template_and_works_with_it(hall: Stack, visitor: Bring) -> None:
    someone = visitor()
    someone.expect_complaint("404")
    page = someone.go("/workbook")
    fill(page, username="head", password=PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#template").wait_for()
    template = fetched(page, "#template")
    assert load_workbook(BytesIO(template))[sheet_of("hall")]["B4"].value == "新城政务服务中心"
    wrong = {**SMALL_CITY, "windows": [(101, "1号窗口", "Window 1", "permit", "A", "permits")]}
    send(page, filled(template, wrong))
    rests(page, "faulty")
    someone.sees("没有单位“permit”", within="#found")
    send(page, filled(template))
    rests(page, "checked")
    assert page.locator("[data-table=items]").inner_text().split("\t")[:2] == ["事项", "3"]
    page.locator("#apply").press("Enter")
    sent(page)
    rests(page, "applied")
    someone.sees("资料已载入", within="#found")
    assert someone.faults() == []
    someone.keep("workbook-applied")
    works(hall, visitor)
    send(page, fetched(page, "#there"))
    rests(page, "checked")
    someone.sees("与现有资料一致", within="#found")


def works(hall: Stack, visitor: Bring) -> None:
    """A clerk gets a password and signs in at the window; somebody takes a number there and is called."""
    with httpx.Client(base_url=f"{hall.url}/api/v1", timeout=DEADLINE_S) as api:

        def signed_in(username: str, password: str) -> dict[str, str]:
            answer = api.post("/auth/token", json={"username": username, "password": password})
            return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}

        head = signed_in("head", PASSWORD)
        secret = "noch eine lange Parole 8"
        api.post("/accounts/li.na/password", json={"password": secret}, headers=head).raise_for_status()
        clerk = signed_in("li.na", secret)
        assert api.get("/slots", params={"item": "company"}).raise_for_status().json()["items"]
        api.post("/windows/101/sign-in", json={}, headers=clerk).raise_for_status()
        number = {"item": "company", "channel": "window"}
        ticket = api.post("/tickets", json=number, headers=clerk).raise_for_status().json()
        called = api.post("/windows/101/call-next", headers=clerk).raise_for_status().json()
        assert (called["id"], called["number"]) == (ticket["id"], "A001")
    guide = visitor()
    guide.go("/guide/company")
    guide.sees("企业设立登记", within="main")
    guide.sees("经营场所证明", within="main")
