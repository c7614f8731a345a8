"""The kiosk."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import segno

from tests.e2e.pages.conftest import rows_of

Bring = Callable[..., Any]
SMALLEST_TARGET_PX = 56
POINTS_PER_MM = 72 / 25.4
# What is read or pressed and stands outside the screen, or under the header.
OUTSIDE = """
(() => {
  const head = document.querySelector('.page-header').getBoundingClientRect().bottom;
  return [...document.querySelectorAll('main h1, main button, main p, main li, main dd, main input')]
      .filter(each => each.checkVisibility() && !each.closest('.visually-hidden, .clamp'))
      .map(each => [each.textContent || each.tagName, each.getBoundingClientRect()])
      .filter(([, box]) => box.width > 1)
      .filter(([, box]) => box.top < head - 1 || box.bottom > innerHeight + 1 || box.right > innerWidth + 1)
      .map(([text, box]) => `${text}: ${box.top}-${box.bottom}`);
})()
"""


def _search(someone: Any, letters: str) -> None:
    someone.page.click(".search-entry")
    for letter in letters:
        someone.page.get_by_role("button", name=letter, exact=True).click()
    someone.page.wait_for_selector(".search-results .choice")


def _choose_item(someone: Any, letters: str = "qysl") -> None:
    _search(someone, letters)
    someone.page.locator(".search-results .choice").first.click()
    someone.page.wait_for_selector(".take-number")


def _take_number(someone: Any, item: str) -> str:
    someone.go(f"/kiosk#/item/{item}")
    someone.page.click(".take-number")
    return str(someone.page.locator(".slip-number").inner_text())


def test_a_new_kiosk_of_a_demo_hall_signs_in_by_itself(visitor: Bring) -> None:
    someone = visitor("kiosk")
    someone.go("/kiosk")
    someone.sees("您好，请选择要办理业务的部门")
    assert "access_token" in someone.page.evaluate("localStorage.getItem('hall-kiosk')")


def test_a_kiosk_of_a_real_hall_asks_for_its_enrolment_code(visitor: Bring) -> None:
    someone = visitor("kiosk")
    someone.expect_complaint("40[0-9]")

    def without_demo(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"demo": False})

    someone.page.route("**/api/v1/hall", without_demo)
    someone.go("/kiosk")
    someone.page.get_by_label("登记码").fill("NOT-A-CODE-OF-OURS")
    someone.page.get_by_role("button", name="登记").click()
    someone.sees("登记码无效或已过期")
    someone.keep("kiosk-enrolment")


@pytest.mark.parametrize("size", ["kiosk", "tall kiosk"])
def test_all_departments_are_there_grouped_by_zone(at_kiosk: Bring, size: str) -> None:
    page = at_kiosk(size).page
    assert page.locator(".zone-section").count() == 8
    names = page.locator(".zone-section .department .choice-name").all_text_contents()
    assert len(names) == len(set(names)) == 34
    at_kiosk(size, language="en").keep(f"kiosk-start-{size.replace(' ', '-')}-en")


def test_a_department_shows_its_items_in_pages_and_by_kind_of_business(at_kiosk: Bring) -> None:
    someone = at_kiosk()
    page = someone.page
    page.get_by_role("button", name="交通与环境区").click()
    page.get_by_role("button", name="市交通运输委").click()
    someone.sees("共 71 个事项")
    someone.sees("第 1 / 8 页")
    page.get_by_role("button", name="下一页").click()
    someone.sees("第 2 / 8 页")
    page.get_by_role("button", name="港口与水路运输").click()
    page.wait_for_selector(".chip[aria-pressed='true']:has-text('港口')")
    someone.keep("kiosk-department")


def test_the_search_finds_an_item_by_its_initials_its_pinyin_and_its_name(at_kiosk: Bring) -> None:
    someone = at_kiosk()
    page = someone.page
    _search(someone, "hhqysldj")
    found = page.locator(".search-results .choice", has_text="合伙企业设立登记")
    found.first.wait_for()
    someone.keep("kiosk-search")
    box = page.get_by_role("searchbox")
    for words in ("hehuoqiyesheli", "合伙企业设立"):
        box.fill(words)
        someone.until("document.querySelectorAll('.search-results .choice').length > 0")
        found.first.wait_for()
    box.fill("没有这样的事")
    someone.sees("没有找到“没有这样的事”")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_number_slip_shows_number_place_wait_and_a_code_for_the_phone(
    at_kiosk: Bring, desk: Bring, language: str, as_pdf: Callable[[Any], Any]
) -> None:
    clerk = desk("market")
    clerk.is_counted()
    someone = at_kiosk(language=language)
    page = someone.page
    with page.expect_request("**/qr.svg*") as drawn:
        number = _take_number(someone, clerk.item)
    assert number[-3:].isdigit()
    wait = page.locator(".slip-facts dd").nth(1).inner_text()
    assert ("分钟" if language == "zh" else "min") in wait
    code = page.locator(".slip-code img")
    someone.until("document.querySelector('.slip-code img')?.naturalWidth > 0")
    ticket = page.url.rsplit("/", 1)[1]
    assert urlsplit(drawn.value.url).path == f"/ticket/{ticket}/qr.svg"
    token = drawn.value.headers["x-holder-token"]
    link = f"{someone.url}/ticket/{ticket}?lang={language}#{token}"
    modules = segno.make_qr(link, error="m").symbol_size(border=4)[0]
    assert f'viewBox="0 0 {modules} {modules}"' in unquote(code.get_attribute("src"))
    assert token not in page.url, "whoever stands here next finds it nowhere"
    someone.keep(f"kiosk-slip-{language}")
    page.emulate_media(media="print")
    assert not page.locator(".page-header").is_visible()
    assert not page.locator(".slip-side").is_visible()
    assert page.locator(".slip-number").is_visible()
    _says_what_to_do(page, clerk)
    pages = re.findall(rb"/MediaBox \[0 0 ([\d.]+)", as_pdf(page).read_bytes())
    assert [round(float(width) / POINTS_PER_MM) for width in pages] == [80]
    page.emulate_media(media="screen")
    page.get_by_role("button", name="完成" if language == "zh" else "Done").click()
    page.wait_for_selector(".kiosk-start")


@pytest.mark.parametrize("refused", [False, True])
def test_a_slip_is_printed_once_by_itself_with_its_code_or_without(
    at_kiosk: Bring, desk: Bring, refused: bool
) -> None:
    clerk = desk("market")
    someone = at_kiosk(script="window.printed = []; window.print = () => printed.push(location.hash);")
    page = someone.page
    if refused:
        someone.expect_complaint("429")
        page.route("**/qr.svg*", lambda route: route.fulfill(status=429, json={"code": "too_many_requests"}))
    someone.go("/")
    with page.expect_request("**/qr.svg*") as drawn:
        someone.go(f"/kiosk?print=auto#/item/{clerk.item}")
        page.click(".take-number")
    assert drawn.value.headers["authorization"].startswith("Bearer "), "its account is counted by itself"
    someone.until("printed.length > 0")
    assert page.evaluate("printed") == [f"#/ticket/{page.url.rsplit('/', 1)[1]}"]
    assert page.evaluate("document.querySelector('.slip-code img')?.naturalWidth > 0") is not refused


def _says_what_to_do(page: Any, clerk: Any) -> None:
    """The slip names the windows, what happens to a missed number, the documents, and a line for who reads English."""
    text = page.locator(".slip").inner_text()
    first = page.locator(".slip-windows .number").inner_text()
    assert int(first[:3]) <= int(clerk.window)
    assert "30" in page.locator(".slip-rule").inner_text()
    assert "window" in text
    assert page.locator(".slip-materials li").count() == len(
        clerk.staff.get(f"items/{clerk.item}")["materials"]
    )
    assert page.locator(".slip-materials").is_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_slip_begins_at_the_top_of_its_paper_and_has_room_for_the_longest_list(
    at_kiosk: Bring, language: str, as_pdf: Callable[[Any], Any]
) -> None:
    longest = max(rows_of("items"), key=lambda row: len(row["materials"].split("|")))["code"]
    someone = at_kiosk(language=language)
    page = someone.page
    _take_number(someone, longest)
    page.wait_for_selector(".slip-number")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 280, "height": 640})
    page.locator(".slip-materials").wait_for()
    someone.until("document.querySelector('.slip-code img')?.naturalWidth > 0")
    assert page.locator(".slip").bounding_box()["y"] < 10
    someone.keep(f"slip-print-{language}", full_page=True)
    assert len(re.findall(rb"/MediaBox", as_pdf(page).read_bytes())) == 1


def test_pressing_twice_gives_one_ticket(at_kiosk: Bring) -> None:
    someone = at_kiosk()
    sent: list[str] = []
    someone.page.on(
        "request",
        lambda request: request.method == "POST" and "/tickets" in request.url and sent.append(request.url),
    )
    _choose_item(someone)
    someone.page.locator(".take-number").evaluate("button => { button.click(); button.click(); }")
    someone.page.wait_for_selector(".slip-number")
    assert len(sent) == 1


def test_trying_again_after_a_lost_answer_repeats_the_command_and_gives_one_ticket(at_kiosk: Bring) -> None:
    someone = at_kiosk()
    someone.expect_complaint("ERR_FAILED")
    keys: list[str] = []
    numbers: list[str] = []

    def lose_the_first_answer(route: Any) -> None:
        keys.append(route.request.headers["idempotency-key"])
        answer = route.fetch()
        numbers.append(answer.json()["number"])
        if len(keys) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    someone.page.route("**/api/v1/tickets", lose_the_first_answer)
    _choose_item(someone)
    someone.page.click(".take-number")
    someone.sees("网络不通，还没有收到号码")
    someone.keep("kiosk-offline")
    someone.page.get_by_role("button", name="重试").click()
    shown = someone.page.locator(".slip-number").inner_text()
    assert keys[0] == keys[1]
    assert numbers == [shown, shown]


def test_those_with_priority_can_say_so(at_kiosk: Bring) -> None:
    someone = at_kiosk()
    _choose_item(someone)
    someone.page.get_by_text("老年人、残疾人、孕妇、军人").click()
    with someone.page.expect_response("**/api/v1/tickets") as answered:
        someone.page.click(".take-number")
    assert answered.value.json()["class"] == "priority"
    someone.sees("优先", within=".slip-time")


@pytest.mark.parametrize(
    ("code", "title"), [("cut_off", "今天的号已经放完"), ("hall_closed", "现在不在办公时间")]
)
def test_a_kiosk_that_may_not_give_a_number_says_what_to_do_instead(
    at_kiosk: Bring, code: str, title: str
) -> None:
    someone = at_kiosk()
    someone.expect_complaint("409")
    problem = {
        "type": f"/problems/{code}",
        "title": "Conflict",
        "status": 409,
        "code": code,
        "detail": "No number now.",
        "alternatives": [
            {"kind": "appointment", "item": "market-001", "slots": "/api/v1/slots?item=market-001"},
            {"kind": "next_opening", "opens_at": "2026-03-03T09:00:00+08:00"},
        ],
    }
    someone.page.route(
        "**/api/v1/tickets",
        lambda route: route.fulfill(status=409, json=problem, content_type="application/problem+json"),
    )
    _choose_item(someone)
    someone.page.click(".take-number")
    someone.sees(title)
    someone.sees("预约办理")
    someone.sees("2026年3月3日")
    someone.keep(f"kiosk-{code.replace('_', '-')}")
    someone.page.get_by_role("button", name="返回首页").click()
    someone.page.wait_for_selector(".kiosk-start")


def test_elder_mode_enlarges_everything_and_offers_fewer_choices(at_kiosk: Bring) -> None:
    someone = at_kiosk()
    page = someone.page
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    plain, choices = page.evaluate(size), page.locator("main button:visible").count()
    page.get_by_role("button", name="长辈模式").click()
    someone.sees("您好，请问要办什么？")
    assert page.evaluate(size) >= 1.25 * plain
    assert page.locator("main button:visible").count() == 3 < choices
    page.get_by_role("button", name="我来选部门").click()
    page.wait_for_selector(".choices .choice")
    assert page.locator(".choices .choice").count() <= 8


@pytest.mark.parametrize("size", ["kiosk", "tall kiosk", "wide kiosk"])
def test_elders_see_every_step_whole(at_kiosk: Bring, size: str) -> None:
    someone = at_kiosk(size)
    page = someone.page
    page.get_by_role("button", name="长辈模式").click()
    someone.sees("您好，请问要办什么？")

    def whole(name: str) -> None:
        someone.settle()
        someone.keep(f"elder-{name}-{size.replace(' ', '-')}")
        assert page.evaluate(OUTSIDE) == [], name
        _targets_are_large(page)

    whole("start")
    page.get_by_role("button", name="我有预约").click()
    page.get_by_role("heading", name="预约签到").wait_for()
    for character in "H87NKQ3M":
        page.get_by_role("button", name=character.lower(), exact=True).click()
    box = page.locator(".search-input")
    assert box.input_value().upper() == "H87NKQ3M"
    assert box.evaluate("each => each.scrollWidth <= each.clientWidth")
    whole("check-in")
    page.get_by_role("button", name="首页").click()
    page.get_by_role("button", name="我来选部门").click()
    page.get_by_role("button", name="交通与环境区").click()
    page.get_by_role("button", name="市交通运输委").click()
    page.get_by_role("button", name="港口与水路运输").click()
    page.wait_for_selector(".chip[aria-pressed='true']:has-text('港口')")
    assert page.locator(".choices .choice").count() >= 6
    whole("items")
    page.get_by_role("button", name="首页").click()
    page.get_by_role("button", name="我知道要办的事").click()
    page.get_by_role("button", name="d", exact=True).click()
    with page.expect_response(lambda answer: "q=dj" in answer.url):
        page.get_by_role("button", name="j", exact=True).click()
    page.wait_for_selector(".search-results .choice")
    whole("search")


@pytest.mark.parametrize("size", ["kiosk", "tall kiosk", "wide kiosk"])
def test_elders_are_told_the_documents_and_offered_priority_first(at_kiosk: Bring, size: str) -> None:
    someone = at_kiosk(size)
    page = someone.page
    page.get_by_role("button", name="长辈模式").click()
    longest = max(rows_of("items"), key=lambda row: len(row["materials"].split("|")))
    page.evaluate("code => { location.hash = `#/item/${code}`; }", longest["code"])
    page.wait_for_selector(".take-number")
    assert page.locator(".materials li").first.is_visible()
    someone.sees("全部印在小票上")
    assert page.locator("input[value=priority]").is_checked()
    someone.settle()
    someone.keep(f"elder-confirm-{size.replace(' ', '-')}")
    assert page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("size", ["kiosk", "tall kiosk"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_touch_target_is_large_and_nothing_is_cut_off(
    at_kiosk: Bring, size: str, language: str
) -> None:
    someone = at_kiosk(size, language=language)
    page = someone.page
    _targets_are_large(page)
    _search(someone, "dj")
    _targets_are_large(page)
    someone.keep(f"kiosk-search-{size.replace(' ', '-')}-{language}")
    page.locator(".search-results .choice").first.click()
    page.wait_for_selector(".take-number")
    _targets_are_large(page)
    someone.keep(f"kiosk-confirm-{size.replace(' ', '-')}-{language}")


def _targets_are_large(page: Any) -> None:
    small = page.evaluate(
        """least => [...document.querySelectorAll('button, .page-header a, .class-option')]
            .map(each => [each.textContent.trim(), each.getBoundingClientRect()])
            .filter(([, box]) => box.width && box.height && (box.height < least - 0.5 || box.width < least - 0.5))
            .map(([text, box]) => `${text}: ${box.width} × ${box.height}`)""",
        SMALLEST_TARGET_PX,
    )
    assert small == []
    outside = page.evaluate(
        """[...document.querySelectorAll('main button')].map(each => [each.textContent, each.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1))
            .map(([text]) => text)"""
    )
    assert outside == []
    cut = page.evaluate(
        """[...document.querySelectorAll('.choice')]
            .filter(each => each.clientHeight && each.scrollHeight > each.clientHeight + 1)
            .map(each => `${each.textContent}: ${each.scrollHeight} in ${each.clientHeight}`)"""
    )
    assert cut == []


def test_a_kiosk_left_alone_goes_back_to_the_start_after_a_minute(visitor: Bring, kiosk_token: str) -> None:
    someone = visitor("kiosk", token=kiosk_token)
    page = someone.page
    page.clock.install()
    someone.go("/kiosk")
    page.clock.fast_forward(1_000)
    page.wait_for_selector(".kiosk-start")
    page.click(".search-entry")
    page.wait_for_selector(".keyboard")
    someone.stop_clock()
    page.clock.run_for(52_000)
    someone.sees("秒后返回首页")
    page.clock.run_for(9_000)
    page.wait_for_selector(".kiosk-start")
    assert not page.locator(".idle-note").is_visible()
