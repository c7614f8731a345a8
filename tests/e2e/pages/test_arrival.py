"""Who has an appointment comes to the hall: the kiosk and the window give them their number."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.e2e.pages.staff import Bring, looks_right, slots_of, some_phone
from tests.e2e.test_booking_over_http import hall_now
from tests.e2e.test_hall_over_http import Api

DEPARTMENT, ITEM = "housing", "housing-001"
EARLY = timedelta(minutes=30)


@pytest.fixture
def booked(account: Bring, hall: Any) -> Bring:
    """Have the operator book for people who come today: as soon as can be, or hours ahead."""
    now = hall_now(Api(hall))

    def book(*, soon: bool) -> tuple[str, Any]:
        slots = [slot for slot in slots_of(account, ITEM) if slot["free"]]
        times = [datetime.fromisoformat(slot["starts_at"]) for slot in slots]
        slot = next(
            slot
            for slot, time in zip(slots, times, strict=True)
            if (time - now <= EARLY if soon else time - now > 2 * EARLY)
        )
        phone = some_phone()
        wanted = {"slot": slot["id"], "item": ITEM, "name": "赵八", "phone": phone, "channel": "phone"}
        return phone, account("operator").post("appointments", **wanted)

    return book


def _type(someone: Any, text: str) -> None:
    for character in text.lower():
        someone.page.get_by_role("button", name=character, exact=True).click()


def _look_up(someone: Any, text: str) -> None:
    someone.page.click(".check-in-entry")
    _type(someone, text)
    someone.page.get_by_role("button", name="查找").click()


def test_the_kiosk_gives_its_number_to_who_types_the_last_digits(at_kiosk: Bring, booked: Bring) -> None:
    phone, appointment = booked(soon=True)
    someone = at_kiosk()
    someone.page.click(".check-in-entry")
    someone.sees("请扫描预约二维码")
    someone.keep("kiosk-check-in-start")
    someone.page.get_by_role("button", name="首页").click()
    _look_up(someone, phone[-6:])
    choice = someone.page.locator(".choice", has_text=f"{phone[:3]}****{phone[-4:]}")
    choice.wait_for()
    someone.keep("kiosk-check-in")
    assert "赵八" not in someone.page.content()
    choice.click()
    number = someone.page.locator(".slip-number").inner_text()
    someone.sees("预约", within=".slip-time")
    someone.keep("kiosk-check-in-slip")
    link = f"https://hall.example/appointment/{appointment['id']}#{appointment['token']}"
    # A reader types the link of the confirmation's code; whoever comes back gets the same number.
    someone.page.get_by_role("button", name="完成").click()
    someone.page.click(".check-in-entry")
    someone.page.locator(".search-input").fill(link)
    someone.page.keyboard.press("Enter")
    someone.page.locator(".choice", has_text="已签到").click()
    assert someone.page.locator(".slip-number").inner_text() == number


def test_who_comes_too_early_or_without_an_appointment_is_told_what_to_do(
    at_kiosk: Bring, booked: Bring
) -> None:
    _, appointment = booked(soon=False)
    someone = at_kiosk()
    someone.expect_complaint("409")
    _look_up(someone, appointment["reference"])
    someone.page.locator(".choice", has_text="赵*").click()
    someone.sees("还没到签到时间")
    someone.sees("以后签到")
    someone.keep("kiosk-check-in-early")
    someone.page.get_by_role("button", name="返回首页").click()
    _look_up(someone, "000000")
    someone.sees("没有找到今天的预约")


def test_a_clerk_checks_somebody_in_by_keyboard(visitor: Bring, booked: Bring, desk: Bring) -> None:
    phone, _ = booked(soon=True)
    clerk = desk(DEPARTMENT, sign_in=False)
    someone = visitor()
    page = someone.go("/window")
    page.get_by_label("用户名").fill(clerk.username)
    page.get_by_label("密码").fill("demo")
    page.keyboard.press("Enter")
    page.locator(f"[data-window='{clerk.window}']").click()
    page.wait_for_selector("[data-action=check-in]")
    page.keyboard.press("i")
    page.locator("dialog input[type=search]").fill(phone[-4:])
    page.locator("dialog .found-item", has_text=phone[-4:]).first.wait_for()
    someone.sees("建筑工程施工许可证核发", within="dialog")
    someone.keep("window-check-in")
    looks_right(someone)
    page.keyboard.press("Enter")
    someone.sees("已签到")
    page.locator("dialog").wait_for(state="detached")
    page.get_by_text("预约", exact=True).first.wait_for()
    someone.keep("window-checked-in")

    # The clerk sees whom the ticket is for only while it is served here, and who looked is kept.
    page.keyboard.press("F2")
    page.wait_for_selector(".current[data-state='called']")
    assert "赵八" not in page.content()
    page.keyboard.press("p")
    someone.sees("赵八", within=".current-person")
    assert phone not in page.content()
    someone.keep("window-appointment-person")
    looks_right(someone)
    page.keyboard.press("s")
    page.wait_for_selector(".current[data-state='serving']")
    someone.sees("赵八", within=".current-person")
    page.keyboard.press("f")
    page.wait_for_selector(".current[data-state='none']")
    assert "赵八" not in page.content()
