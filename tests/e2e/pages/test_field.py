"""A crew with its phone: the route of today, what was done, and all of it without a connection."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.pages.onsite import ITEM, Bring, moments, order_now, orders_on_a_route, until_state
from tests.e2e.pages.staff import looks_right, sign_in
from tests.e2e.test_hall_over_http import Api
from tests.waiting import until

LOST = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource"


class Phone:
    """A crew's phone at the field page, with the actions that it sent."""

    def __init__(self, bring: Bring) -> None:
        self.someone = sign_in(bring, "/field", "crew", size="phone")
        self.page = self.someone.page
        self.someone.expect_complaint(LOST)
        self.sent: list[tuple[str, str]] = []
        self.page.on("response", self._note)

    def _note(self, response: Any) -> None:
        found = re.search(r"/onsite-orders/[^/]+/(\w+)$", response.url)
        if found and response.request.method == "POST":
            self.sent.append((found[1], response.request.headers["idempotency-key"]))

    def offline(self, lost: bool = True) -> None:
        """Lose the connection, or find it again."""
        self.page.context.set_offline(lost)

    def stop(self, order: Any) -> Any:
        """The card of a visit."""
        return self.page.locator(f".stop[data-order='{order['id']}']")

    def tap(self, order: Any, verb: str) -> None:
        """Tap an action of a visit, and say yes where the page asks first."""
        self.stop(order).locator(f"[data-verb={verb}]").click()
        if verb in ("depart", "arrive"):
            self.page.locator("dialog [type=submit]").click()
            self.page.wait_for_selector("dialog", state="detached")

    def sees(self, order: Any, state: str) -> None:
        """Wait until a visit is shown in a state."""
        self.page.wait_for_selector(f".stop[data-order='{order['id']}'][data-state='{state}']")

    def complete(self, order: Any) -> None:
        """End a visit with its item accepted."""
        self.tap(order, "complete")
        self.page.locator("dialog [type=submit]").click()

    def until_sent(self) -> None:
        """Wait until nothing waits any more."""
        self.someone.until("JSON.parse(localStorage.getItem('hall-field-queue-crew')).waiting.length === 0")


@pytest.fixture(scope="module")
def visits(hall: Any) -> Iterator[Any]:
    """Visits on the route of the demo account's crew, each for one test."""
    return iter(orders_on_a_route(hall, 6))


@pytest.fixture
def phone(visitor: Bring, hall: Any) -> Any:
    return lambda bring=visitor: Phone(bring)


def test_a_visit_made_without_a_connection_reaches_the_hall_once_and_in_order(
    phone: Bring, hall: Any, visits: Iterator[Any]
) -> None:
    first, second = next(visits), next(visits)
    crew = phone()
    crew.sees(first, "assigned")
    looks_right(crew.someone)
    assert crew.someone.faults() == []
    crew.someone.keep("field-1-route", full_page=True)
    assert crew.stop(first).locator("a[href^='tel:']").is_visible()
    assert crew.stop(first).locator(".stop-bring li").count() > 1
    crew.someone.until("navigator.serviceWorker.controller !== null")
    crew.someone.until("caches.open('hall-field').then(cache => cache.match('/field')).then(Boolean)")

    crew.offline()
    crew.tap(first, "depart")
    crew.sees(first, "en_route")
    assert crew.stop(second).locator("[data-verb=depart]").is_disabled()
    crew.tap(first, "arrive")
    crew.page.reload()
    crew.sees(first, "on_site")
    crew.someone.sees("2 项操作等待发送")
    crew.complete(first)
    crew.tap(second, "depart")
    crew.someone.sees("4 项操作等待发送")
    crew.someone.keep("field-2-offline", full_page=True)
    assert order_now(hall, first)["state"] == "assigned"
    assert crew.sent == []

    crew.offline(False)
    until_state(hall, second, "en_route")
    crew.until_sent()
    done = order_now(hall, first)
    assert (done["state"], done["cases"]) == ("done", [{"item": ITEM, "number": done["cases"][0]["number"]}])
    assert moments(done) == sorted(moments(done))
    assert [verb for verb, _ in crew.sent] == ["depart", "arrive", "complete", "depart"]
    assert len({key for _, key in crew.sent}) == 4
    crew.tap(second, "fail")
    crew.page.locator("dialog [type=submit]").click()
    crew.someone.sees("请选择原因")
    crew.page.locator("dialog .choice-box", has_text="没有人在").click()
    crew.someone.keep("field-3-fail")
    crew.page.locator("dialog [type=submit]").click()
    assert until_state(hall, second, "failed_visit")["reason"] == "没有人在"


def test_a_visit_that_is_called_off_on_the_way_says_so_on_the_phone(
    phone: Bring, hall: Any, visitor: Bring, visits: Iterator[Any]
) -> None:
    order = next(visits)
    crew = phone()
    crew.sees(order, "assigned")
    crew.tap(order, "depart")
    until_state(hall, order, "en_route")
    dispatcher = sign_in(visitor, "/dispatch", "dispatcher")
    dispatcher.page.locator(f"[data-order='{order['id']}']").first.click()
    dispatcher.page.locator("dialog [data-deed=call-off]").click()
    dispatcher.page.locator("dialog [name=reason]").fill("申请人临时有事")
    dispatcher.keep("dispatch-call-off")
    dispatcher.page.locator("dialog [type=submit]").click()
    until_state(hall, order, "cancelled")
    crew.page.evaluate("dispatchEvent(new Event('online'))")
    crew.sees(order, "cancelled")
    crew.someone.sees("这一户在您出发后取消了", within=f".stop[data-order='{order['id']}']")
    crew.someone.sees("申请人临时有事", within=f".stop[data-order='{order['id']}']")
    assert crew.stop(order).locator("[data-verb]").count() == 0
    looks_right(crew.someone)
    crew.someone.keep("field-called-off", full_page=True)


def test_what_waits_while_the_sign_in_ends_is_kept_and_sent_once_signed_in_again(
    phone: Bring, hall: Any, visits: Iterator[Any]
) -> None:
    order = next(visits)
    crew = phone()
    crew.sees(order, "assigned")
    crew.offline()
    crew.tap(order, "depart")
    crew.tap(order, "arrive")
    crew.complete(order)
    crew.someone.sees("3 项操作等待发送")
    page = crew.page
    other = Api(hall)
    token = page.evaluate("JSON.parse(sessionStorage.getItem('hall-staff')).access_token")
    other.headers["Authorization"] = f"Bearer {token}"
    assert other.post("/auth/revoke").status_code < 300
    until(lambda: other.get("/auth/me").status_code == 401, what="the token counts no more")
    crew.offline(False)
    crew.someone.sees("3 项操作已存在手机里，用 crew 登录后自动发出。")
    crew.someone.keep("field-5-expired")
    assert order_now(hall, order)["state"] == "assigned"
    waiting = "JSON.parse(localStorage.getItem('hall-field-queue-crew')).waiting.map(each => each.key)"
    kept = page.evaluate(waiting)
    refused, crew.sent = [key for _, key in crew.sent], []
    assert set(refused) <= {kept[0]}, "nothing is sent out of turn"
    page.locator("#username").fill("crew")
    page.locator("#password").fill("demo")
    page.keyboard.press("Enter")
    until_state(hall, order, "done")
    crew.until_sent()
    assert crew.sent == list(zip(("depart", "arrive", "complete"), kept, strict=True))


def test_an_answer_that_was_lost_is_asked_for_again_and_a_refusal_does_not_block_the_rest(
    phone: Bring, visitor: Bring, hall: Any, visits: Iterator[Any]
) -> None:
    def with_clock(**options: Any) -> Any:
        someone = visitor(**options)
        someone.page.clock.install()
        return someone

    first, second = next(visits), next(visits)
    crew = phone(with_clock)
    crew.sees(first, "assigned")
    lost: list[str] = []

    def lose(route: Any) -> None:
        lost.append(route.request.headers["idempotency-key"])
        route.fetch()
        route.abort()

    crew.page.route(f"**/{first['id']}/depart", lose, times=1)
    # The page's requests are only taken while the test waits on the page.
    with crew.page.expect_event("requestfailed"):
        crew.tap(first, "depart")
    until_state(hall, first, "en_route")
    crew.page.clock.fast_forward("00:06")
    crew.until_sent()
    assert [(verb, key) for verb, key in crew.sent if verb == "depart"] == [("depart", lost[0])]

    crew.offline()
    crew.tap(first, "arrive")
    crew.complete(first)
    crew.tap(second, "depart")
    dispatched = Api(hall, "crew").post(f"/onsite-orders/{first['id']}/fail", {"reason": "改由电话办理"})
    assert dispatched.status_code == 200
    crew.offline(False)
    until_state(hall, second, "en_route")
    crew.until_sent()
    refused = crew.stop(first).locator(".stop-refused")
    assert refused.count() == 2
    assert "这一步没有记下" in refused.first.inner_text()
    crew.someone.keep("field-4-refused", full_page=True)
    refused.first.get_by_role("button", name="再发一次").click()
    crew.someone.until("document.querySelectorAll('.stop-refused').length === 2")
    for _ in range(2):
        refused.first.get_by_role("button", name="知道了").click()
    assert refused.count() == 0
    crew.tap(second, "arrive")
    crew.complete(second)
    until_state(hall, second, "done")


def test_who_belongs_to_no_crew_and_who_is_none_are_told_so(visitor: Bring) -> None:
    someone = sign_in(visitor, "/field", "operator", size="phone")
    someone.sees("此账号不能使用本页面")
    looks_right(someone)
