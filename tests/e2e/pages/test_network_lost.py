"""Whatever a page loses to the network, it says so in words and comes back by itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Route

from tests.e2e.pages.booking import coming_slots, item_of, somebody
from tests.e2e.pages.losing import (
    LOST,
    WAYS,
    WORDS,
    Loss,
    bad_gateway,
    broken_off,
    says_so,
    signed_in,
    stands,
)
from tests.e2e.test_booking_over_http import hall_now, some_phone
from tests.e2e.test_hall_over_http import Api
from tests.e2e.test_onsite_over_http import wanted

Bring = Callable[..., Any]
API = "/api/v1/"
SMALLEST = "/healthz$"
# A module that only modules of modules ask for.
DEEP = r"/format\.js$"
AWAY = {"status": 503, "code": "service_unavailable", "title": "Service Unavailable", "detail": ""}
OTHER_WAYS = ("kiosk", "board", "ticket", "window", "overview")


@dataclass(frozen=True)
class Place:
    """A page, what is there once it stands, and who opens it."""

    path: str
    signs: tuple[str, ...]
    account: str = ""
    size: str = "desktop"


PLACES = {
    "landing": Place("/", (".zone-list", ".health-list", "#hall-state[data-state]")),
    "kiosk": Place("/kiosk", (".kiosk-start",), size="kiosk"),
    "boards": Place("/board", (".zone-list",)),
    "board": Place("/board/A", ("#board", "#clock-strip"), size="board"),
    "window": Place("/window", (".desk",), "desk"),
    "ticket": Place("/ticket/{ticket}", (".ticket-number", "#fresh"), size="phone"),
    "booking": Place("/book", (".zone-choice",), size="phone"),
    "booking an item": Place("/book?item={item}", (".step-view .button.primary",), size="phone"),
    "finding an appointment": Place("/appointment", ("form", "#clock-strip"), size="phone"),
    "appointment": Place("/appointment/{appointment}", (".held-hero", ".fact-list"), size="phone"),
    "on-site service": Place("/onsite", (".onsite-departments",), size="phone"),
    "asking for a visit": Place("/onsite#/item/market-001", (".map-board", ".days"), size="phone"),
    "on-site order": Place("/onsite/{order}", (".held-hero",), size="phone"),
    "guide": Place("/guide", (".guide-beginnings",)),
    "guide to a department": Place("/guide?department=drug", (".guide-rows",)),
    "guide to an item": Place("/guide/archives-001", (".guide-item",)),
    "operator": Place("/operator", (".call",), "operator"),
    "messages": Place("/messages", (".tab-panel .tools", "#as-of"), "manager"),
    "texts of messages": Place("/messages#texts", (".text-editor",), "manager"),
    "planning": Place("/planning", ("#new-plan", "tr[data-plan]"), "manager"),
    "closures": Place("/closures", ("#new-closure",), "manager"),
    "field": Place("/field", (".field-page",), "crew", "phone"),
    "dispatch": Place("/dispatch", (".day-side",), "dispatcher"),
    "crews": Place("/dispatch#crews", ("tr[data-crew]",), "dispatcher"),
    "overview": Place("/overview", (".figures",), "manager"),
    "dashboard": Place("/dashboard", (".today", "#title-waits"), "manager"),
    "reports": Place("/reports", ("#report-title",), "analyst"),
    "anomalies": Place("/anomalies", (".anomaly-page .state",), "analyst"),
    "quality": Place("/quality", (".tab-panel .tools",), "manager"),
    "joint": Place("/joint", (".tab-panel .tools",), "manager"),
    "accounts": Place("/accounts", ("tr[data-account]",), "admin"),
    "kiosks": Place("/accounts#kiosks", ("#new-kiosk",), "admin"),
    "workbook": Place("/workbook", ("#template",), "admin"),
    "setup": Place("/setup", (".setup-card",)),
    "audit": Place("/audit", (".audit-panel tbody tr",), "admin"),
    "catalogue": Place("/catalogue", (".tab-panel [data-row]",), "admin"),
}


@pytest.fixture(scope="module")
def known(hall: Any, account: Bring) -> dict[str, str]:
    """What visitors hold in their hands: a ticket, an appointment, an on-site order."""
    item = item_of(hall, "drug")["code"]
    order = Api(hall, "dispatcher").post(
        "/onsite-orders", wanted(hall_now(Api(hall)), "market-001", some_phone())
    )
    return {
        "item": item,
        "ticket": _with_token(account("kiosk").post("tickets", item=item, channel="kiosk")),
        "appointment": _with_token(somebody(hall).book(coming_slots(hall, item)[5], item)),
        "order": _with_token(order.json()),
    }


def _with_token(made: Any) -> str:
    return f"{made['id']}#{made['token']}"


@pytest.fixture
def opened(visitor: Bring, account: Bring, desk: Bring, known: dict[str, str]) -> Bring:
    """Bring somebody, signed in where a place needs that, with the place's address."""
    sitting: list[Any] = []

    def staff_of(place: Place) -> Any:
        if place.account != "desk":
            return account(place.account)
        sitting[:] = sitting or [desk("meteor")]
        return sitting[0].staff

    def bring(name: str, **options: Any) -> Any:
        place = PLACES[name]
        script = signed_in(staff_of(place), name) if place.account else ""
        someone = visitor(place.size, script=script, **options)
        someone.expect_complaint(LOST)
        return someone, place.path.format(**known)

    return bring


def _undisturbed(opened: Bring, name: str) -> str:
    someone, path = opened(name)
    someone.go(path)
    stands(someone, *PLACES[name].signs)
    return str(someone.page.evaluate(WORDS))


def _stands_whole(someone: Any, name: str, words: str) -> None:
    stands(someone, *PLACES[name].signs)
    someone.wait(
        lambda: someone.page.evaluate(WORDS) == words,
        what=f"{name} says what it does undisturbed, {words!r}",
        seen=lambda: someone.page.evaluate(WORDS),
    )


def _documents(someone: Any) -> list[str]:
    asked: list[str] = []
    someone.page.on("request", lambda one: one.is_navigation_request() and asked.append(one.url))
    return asked


@pytest.mark.parametrize(
    ("name", "way"),
    [*((name, "broken off") for name in PLACES)]
    + [(name, way) for way in WAYS if way != "broken off" for name in OTHER_WAYS],
)
def test_each_question_that_was_lost_once_is_asked_again_and_nothing_is_missing_in_the_end(
    opened: Bring, name: str, way: str
) -> None:
    words = _undisturbed(opened, name)
    someone, path = opened(name)
    loss = Loss(someone.page, API, WAYS[way], once=True)
    someone.go(path)
    says_so(someone)
    _stands_whole(someone, name, words)
    assert loss.lost


@pytest.mark.parametrize("name", OTHER_WAYS)
def test_without_a_network_a_page_waits_and_goes_on_once_it_is_back(opened: Bring, name: str) -> None:
    someone, path = opened(name)
    loss = Loss(someone.page, API)
    someone.go(path)
    says_so(someone)
    someone.page.context.set_offline(True)
    loss.ends()
    before = _documents(someone)
    someone.page.context.set_offline(False)
    stands(someone, *PLACES[name].signs)
    assert before == [], "what somebody typed would have been lost"


@pytest.mark.parametrize("name", ["kiosk", "window", "messages"])
def test_a_hall_whose_services_are_away_is_asked_until_they_are_back(opened: Bring, name: str) -> None:
    def away(route: Route) -> None:
        route.fulfill(status=503, json=AWAY, headers={"Retry-After": "1"})

    someone, path = opened(name)
    someone.page.clock.install()
    loss = Loss(someone.page, API, away)
    someone.go(path)
    says_so(someone)
    loss.ends()
    someone.page.clock.fast_forward("00:15")
    someone.page.clock.resume()
    stands(someone, *PLACES[name].signs)


def test_an_answer_of_the_hall_is_taken_as_it_is(visitor: Bring) -> None:
    someone = visitor("phone")
    someone.expect_complaint("404")
    someone.go("/ticket/00000000-0000-4000-8000-000000000000")
    someone.sees("没有找到这个排队号")
    assert someone.page.locator("#connection p").count() == 0


@pytest.mark.parametrize("way", ["broken off", "bad gateway"])
@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("kiosk", r"/kiosk\.js$"),
        ("board", DEEP),
        ("ticket", DEEP),
        ("window", DEEP),
        ("overview", r"echarts\.min\.js$"),
    ],
)
def test_a_page_that_lost_a_script_says_so_and_opens_again_only_once_the_hall_answers(
    opened: Bring, name: str, part: str, way: str
) -> None:
    someone, path = opened(name)
    documents = _documents(someone)
    loss = Loss(someone.page, f"{part}|{SMALLEST}", WAYS[way])
    someone.page.goto(someone.url + path, wait_until="commit")
    says_so(someone)
    someone.sees("页面没有完整打开", within="#connection")
    with someone.page.expect_request(re.compile(SMALLEST)):
        pass
    with someone.page.expect_request(re.compile(SMALLEST)):
        pass
    assert len(documents) == 1
    loss.ends()
    stands(someone, *PLACES[name].signs)
    assert len(documents) == 2
    assert someone.page.evaluate("sessionStorage.getItem('hall-tries')") is None


def test_a_page_that_was_cut_off_before_its_script_opens_again(opened: Bring) -> None:
    def cut(route: Route) -> None:
        whole = route.fetch()
        route.fulfill(response=whole, body=whole.text().split('<script type="module"')[0])

    someone, path = opened("kiosk")
    someone.page.route("**/kiosk", cut, times=1)
    someone.go(path)
    says_so(someone)
    stands(someone, *PLACES["kiosk"].signs)


def test_the_button_tries_at_once(opened: Bring) -> None:
    someone, path = opened("kiosk")
    someone.page.clock.install()
    loss = Loss(someone.page, f"{DEEP}|{SMALLEST}")
    someone.page.goto(someone.url + path, wait_until="commit")
    says_so(someone)
    loss.ends()
    someone.page.get_by_role("button", name="立即重试").click()
    stands(someone, *PLACES["kiosk"].signs)


def test_a_script_that_never_comes_is_given_up(opened: Bring) -> None:
    held: list[Route] = []
    someone, path = opened("kiosk")
    someone.page.clock.install()
    someone.page.route(re.compile(DEEP), lambda route: held.append(route), times=1)
    with someone.page.expect_request(re.compile(DEEP)):
        someone.page.goto(someone.url + path, wait_until="commit")
    someone.page.clock.fast_forward("00:21")
    says_so(someone)
    someone.page.clock.resume()
    stands(someone, *PLACES["kiosk"].signs)
    assert held


def test_a_sheet_that_never_comes_hides_the_page_no_longer(opened: Bring) -> None:
    held: list[Route] = []
    someone, path = opened("kiosk")
    someone.page.clock.install()
    someone.page.route(re.compile(r"/base\.css$"), lambda route: held.append(route), times=1)
    with someone.page.expect_request(re.compile(r"/base\.css$")):
        someone.page.goto(someone.url + path, wait_until="commit")
    someone.page.clock.fast_forward("00:21")
    someone.page.clock.resume()
    stands(someone, *PLACES["kiosk"].signs)
    assert held


@pytest.mark.parametrize("sheet", ["tokens", "base", "window"])
def test_a_page_that_lost_a_sheet_keeps_what_was_typed_and_has_the_sheet_in_the_end(
    visitor: Bring, sheet: str
) -> None:
    someone = visitor()
    someone.expect_complaint(LOST)
    documents = _documents(someone)
    loss = Loss(someone.page, rf"/{sheet}\.css$|{SMALLEST}", bad_gateway)
    someone.go("/window")
    says_so(someone)
    someone.page.locator("#username").fill("clerk001")
    loss.ends()
    stands(someone, "#username")
    assert someone.page.locator("#username").input_value() == "clerk001"
    assert someone.page.evaluate("[...document.styleSheets].length") == 4
    assert len(documents) == 1


def test_pictures_and_icons_that_were_lost_are_fetched_again(opened: Bring) -> None:
    someone, path = opened("appointment")
    loss = Loss(someone.page, r"qr\.svg|icons\.svg|mark\.svg")
    someone.go(path)
    someone.page.locator(".held-hero").wait_for()
    assert loss.lost
    loss.ends()
    someone.until("[...document.images].every(({ complete, naturalWidth }) => complete && naturalWidth > 0)")
    someone.until("[...document.querySelectorAll('main .icon')].some((each) => each.getBBox().width > 0)")


def test_a_kiosk_signs_in_again_when_its_signing_in_was_lost(visitor: Bring) -> None:
    someone = visitor("kiosk")
    someone.expect_complaint(LOST)
    someone.page.route("**/auth/token", broken_off, times=2)
    someone.go("/kiosk")
    says_so(someone)
    stands(someone, ".kiosk-start")


def test_a_kiosk_goes_back_to_chinese_only_once_the_hall_answers(at_kiosk: Bring) -> None:
    someone = at_kiosk(language="en")
    page = someone.page
    someone.expect_complaint(LOST)
    page.clock.install()
    someone.go("/kiosk")
    page.wait_for_selector(".kiosk-start")
    documents = _documents(someone)
    loss = Loss(page, SMALLEST)
    with page.expect_request(re.compile(SMALLEST)):
        page.clock.run_for(61_000)
    assert documents == []
    loss.ends()
    page.clock.run_for(16_000)
    page.locator("html[lang='zh-CN']").wait_for()
    page.wait_for_selector(".kiosk-start")


def test_the_description_of_the_api_opens_too(visitor: Bring) -> None:
    someone = visitor()
    someone.expect_complaint(LOST)
    loss = Loss(someone.page, r"swagger-ui-bundle\.js$")
    someone.page.goto(someone.url + "/docs", wait_until="commit")
    someone.sees("Try again now")
    loss.ends()
    someone.page.locator(".swagger-ui .info").wait_for()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("size", "path", "part"),
    [
        ("kiosk", "/kiosk", DEEP),
        ("phone", "/book", API),
        ("board", "/board/A", DEEP),
        ("desktop", "/window", API),
    ],
)
def test_the_notice_can_be_read_on_every_screen(
    visitor: Bring, size: str, path: str, part: str, language: str
) -> None:
    someone = visitor(size, language=language)
    someone.expect_complaint(LOST)
    Loss(someone.page, f"{part}|{SMALLEST}")
    someone.page.goto(someone.url + path, wait_until="commit")
    someone.page.locator("#connection p").wait_for()
    someone.keep(f"network-lost-{size}-{language}")
    assert someone.faults() == []
    assert someone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
