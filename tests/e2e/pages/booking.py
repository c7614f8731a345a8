"""What visitors with an appointment do, at the pages and over the API."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Page

from tests.e2e.test_booking_over_http import free_slots, hall_now, later, some_phone, visitor
from tests.e2e.test_hall_over_http import Api
from tests.halls import OpenHall

NAME = "王小明"


@dataclass(frozen=True)
class Person:
    """A person with a phone that was proved."""

    api: Api
    phone: str

    def hold(self, slot: dict[str, Any], item: str) -> Any:
        """Take a place on the web."""
        wanted = {"slot": slot["id"], "item": item, "name": NAME, "phone": self.phone, "channel": "web"}
        answer = self.api.post("/appointments", wanted)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def book(self, slot: dict[str, Any], item: str) -> Any:
        """Take a place and confirm it."""
        return self.api.post(f"/appointments/{self.hold(slot, item)['id']}/confirm").json()

    def see(self, appointment: Any) -> Any:
        """Ask for an appointment as it is now."""
        return self.api.get(f"/appointments/{appointment['id']}").json()


def somebody(hall: OpenHall) -> Person:
    """Return a new person."""
    phone = some_phone()
    return Person(visitor(hall, phone), phone)


def item_of(hall: OpenHall, department: str) -> Any:
    """Return the first item of a department."""
    return Api(hall).get("/items", department=department).json()["items"][0]


def coming_slots(hall: OpenHall, item: str) -> list[dict[str, Any]]:
    """Return the free slots of an item on other days than today."""
    api = Api(hall)
    return later(free_slots(api, item), hall_now(api))


def clock_time(slot: dict[str, Any]) -> str:
    """Return when a slot begins by the hall's clock, `HH:MM`."""
    return datetime.fromisoformat(slot["starts_at"]).astimezone(ZoneInfo("Asia/Shanghai")).strftime("%H:%M")


def open_item(someone: Any, item: str) -> None:
    """Go to an item and on to its times."""
    someone.go(f"/book?item={item}")
    someone.page.locator(".step-view .button.primary").click()
    someone.page.wait_for_selector(".slot-chooser")


def choose_slot(someone: Any, slot: dict[str, Any]) -> None:
    """Choose a time in the chooser."""
    day = slot["starts_at"][:10]
    someone.page.locator(f".day:has(input[value='{day}'])").click()
    someone.page.locator(f".time[data-slot='{slot['id']}']").click()


def fill_details(someone: Any, phone: str) -> None:
    """Give name and phone, have the code sent and type it."""
    page = someone.page
    page.locator("#name").fill(NAME)
    page.locator("#phone").fill(phone)
    page.locator("#code").fill(demo_code(someone, page.locator("#send-code").click))


def press_whenever_it_can_be(page: Page, button: str) -> None:
    """Have a button pressed each time it lets itself be pressed again."""
    page.locator(button).evaluate(
        "send => new MutationObserver(() => send.click()).observe(send, { attributeFilter: ['disabled'] })"
    )


def demo_code(someone: Any, ask: Callable[[], object]) -> str:
    """Return the code that a demo hall shows instead of sending it."""
    ask()
    return str(someone.until("document.querySelector('.code-said')?.textContent.match(/[0-9]{6}/)?.[0]"))
