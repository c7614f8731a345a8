"""The landing page."""

from collections.abc import Callable
from typing import Any

Bring = Callable[..., Any]


def test_the_landing_page_shows_the_hall_its_state_its_zones_and_every_service(visitor: Bring) -> None:
    someone = visitor()
    page = someone.go("/")
    someone.sees("市行政服务大厅", within="main")
    someone.sees("正在办公", within="#hall-state")
    page.wait_for_selector("#health .health-row")
    assert page.locator("#health .tag.good").count() == page.locator("#health .health-row").count() >= 6
    assert page.locator("#zones .zone-link").count() == 8
    for path in (
        "/kiosk", "/book", "/appointment", "/board", "/window", "/operator", "/planning", "/closures", "/messages",
        "/overview",
        "/onsite", "/field", "/dispatch", "/dashboard", "/reports", "/anomalies", "/quality", "/joint",
        "/guide", "/catalogue", "/workbook", "/accounts", "/audit",
    ):  # fmt: skip
        assert page.locator(f"main a[href='{path}']").count() == 1
    someone.keep("landing", full_page=True)


def test_a_clock_that_is_not_the_real_one_is_announced_on_every_page(visitor: Bring) -> None:
    someone = visitor()
    for path in ("/", "/kiosk", "/book", "/board", "/board/A", "/window", "/overview"):
        someone.go(path)
        someone.sees("演示时钟", within="#clock-strip")
        assert "2026年3月2日" in someone.page.locator("#clock-strip").inner_text()


def test_the_language_switch_translates_the_page_and_is_remembered(visitor: Bring) -> None:
    someone = visitor()
    page = someone.go("/")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.get_by_role("link", name="English").click()
    someone.sees("City Government Service Hall", within="main")
    assert page.locator("html").get_attribute("lang") == "en"
    someone.sees("Open now")
    someone.keep("landing-en", full_page=True)
    someone.go("/overview")
    someone.sees("Sign in")


def test_a_service_that_is_away_is_named(visitor: Bring) -> None:
    someone = visitor()
    someone.expect_complaint("503")
    missing = {
        "status": "missing",
        "bus": "ok",
        "services": {"ticketing": {"database": "ok"}, "cases": {"error": "ServiceAway"}},
        "missing": ["cases"],
    }
    someone.page.route("**/readyz", lambda route: route.fulfill(status=503, json=missing))
    someone.go("/")
    row = someone.page.locator(".health-row", has_text="办件服务")
    assert "无应答" in row.inner_text()
    assert "正常" in someone.page.locator(".health-row", has_text="排队叫号服务").inner_text()
