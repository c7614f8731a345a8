"""The interface of a device's network goes and comes back: its pages come back by themselves.

The browser runs in a network namespace. What it says in its console of lost requests is what is tested.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.e2e.pages.conftest import ARGUMENTS, CHROMIUM
from tests.e2e.pages.losing import LOST, says_so, signed_in, stands
from tests.e2e.pages.network import Network, NoNetwork, own_network
from tests.waiting import DEADLINE_MS

Bring = Callable[..., Any]
# A module that only modules of modules ask for.
DEEP = re.compile(r"/format\.js$")
UNSAFE_ADDRESS = "Cross-Origin-Opener-Policy header has been ignored"


@pytest.fixture(scope="module")
def network(hall: Any) -> Iterator[Network]:
    """The network of the devices in this file."""
    try:
        with own_network(hall.url) as network:
            yield network
    except NoNetwork:
        pytest.skip("nobody may make network namespaces here")


@pytest.fixture(scope="module")
def browser(browser: Browser, network: Network, tmp_path_factory: Any) -> Iterator[Browser]:
    """A browser in that network."""
    command = network.command(CHROMIUM, tmp_path_factory.mktemp("network"))
    inside = browser.browser_type.launch(executable_path=command, args=ARGUMENTS, timeout=DEADLINE_MS)
    yield inside
    inside.close()


@pytest.fixture
def device(visitor: Bring, network: Network) -> Iterator[Bring]:
    """Bring visitors with a device in that network; its interface is there at the end."""

    def bring(*arguments: Any, **options: Any) -> Any:
        someone = visitor(*arguments, **options)
        someone.url = network.url
        someone.expect_complaint(f"{LOST}|{UNSAFE_ADDRESS}")
        return someone

    yield bring
    network.give()


@pytest.fixture
def clerk(desk: Bring) -> Any:
    """A clerk at a window."""
    return desk("meteor")


@pytest.fixture
def opened(device: Bring, clerk: Any, kiosk_token: str) -> Bring:
    """Bring somebody with the address of a page of theirs and what is there once it stands."""

    def bring(name: str) -> Any:
        if name == "kiosk":
            return device("kiosk", token=kiosk_token), "/kiosk", ".kiosk-start"
        if name == "board":
            return device("board"), f"/board/{clerk.zone}", "#board"
        if name == "ticket":
            ticket = clerk.issue()
            return device("phone"), f"/ticket/{ticket['id']}#{ticket['token']}", ".ticket-number"
        return device(script=signed_in(clerk.staff, "window")), "/window", ".desk"

    return bring


@pytest.mark.parametrize("name", ["kiosk", "board", "ticket", "window"])
def test_a_page_that_lost_its_network_while_its_scripts_came_stands_once_it_is_back(
    opened: Bring, network: Network, name: str
) -> None:
    someone, path, sign = opened(name)
    opened_pages: list[str] = []
    someone.page.on("request", lambda asked: asked.is_navigation_request() and opened_pages.append(asked.url))

    def take(route: Route) -> None:
        network.take()
        route.continue_()

    someone.page.route(DEEP, take, times=1)
    someone.page.goto(someone.url + path, wait_until="commit")
    says_so(someone)
    with someone.page.expect_event("requestfailed", lambda asked: asked.url.endswith("/healthz")):
        pass
    assert len(opened_pages) == 1, "it went to an address that is not there"
    network.give()
    stands(someone, sign)
    assert len(opened_pages) == 2


@pytest.mark.parametrize("name", ["kiosk", "board", "ticket", "window"])
def test_a_page_that_lost_its_network_before_its_first_questions_asks_them_once_it_is_back(
    opened: Bring, network: Network, name: str
) -> None:
    someone, path, sign = opened(name)

    def take(route: Route) -> None:
        network.take()
        route.continue_()

    someone.page.route(re.compile("/api/v1/"), take, times=1)
    someone.go(path)
    someone.wait(lambda: not network.there, what="the network is taken away")
    says_so(someone)
    network.give()
    stands(someone, sign)


def test_a_network_that_comes_and_goes_keeps_no_page_from_standing(opened: Bring, network: Network) -> None:
    someone, path, sign = opened("kiosk")
    left = iter(range(3))

    def flap(route: Route) -> None:
        if next(left, None) is not None:
            network.take()
            network.give()
        route.continue_()

    someone.page.route(re.compile(r"/(format|kiosk/issue|dom)\.js$"), flap)
    someone.page.goto(someone.url + path, wait_until="commit")
    stands(someone, sign)


def test_a_board_says_that_it_is_stale_and_shows_the_next_call_once_the_network_is_back(
    opened: Bring, network: Network, clerk: Any
) -> None:
    someone, path, sign = opened("board")
    someone.go(path)
    stands(someone, sign)
    network.take()
    someone.page.locator("#stale").wait_for()
    ticket = clerk.issue()
    clerk.call()
    network.give()
    someone.sees(ticket["number"], within="#hero")
    stands(someone, sign)


def test_a_phone_learns_that_it_is_called_once_its_network_is_back(
    opened: Bring, network: Network, clerk: Any
) -> None:
    clerk.clear()
    someone, path, sign = opened("ticket")
    someone.go(path)
    stands(someone, sign)
    network.take()
    someone.page.get_by_text("网络不通，显示的是").wait_for()
    clerk.call()
    network.give()
    someone.page.locator(".ticket-hero[data-state='called']").wait_for()


def test_a_window_calls_again_once_its_network_is_back(opened: Bring, network: Network, clerk: Any) -> None:
    clerk.clear()
    someone, path, sign = opened("window")
    someone.go(path)
    stands(someone, sign)
    network.take()
    someone.page.locator(".toast.bad").first.wait_for()
    ticket = clerk.issue()
    network.give()
    someone.page.locator("[data-action='call']:not(:disabled)").wait_for()
    someone.sees(ticket["number"], within=".desk")


def test_a_kiosk_gives_numbers_again_once_its_network_is_back(
    opened: Bring, network: Network, clerk: Any
) -> None:
    someone, path, sign = opened("kiosk")
    someone.go(path)
    stands(someone, sign)
    network.take()
    page = someone.page
    page.evaluate(f"location.replace('#/item/{clerk.item}')")
    says_so(someone)
    page.get_by_role("button", name="返回首页").click()
    page.locator(".kiosk-start").wait_for()
    page.evaluate(f"location.replace('#/item/{clerk.item}')")
    page.locator(".spinner").wait_for()
    network.give()
    page.locator(".take-number").click()
    page.locator(".slip-number").wait_for()
    someone.until("[...document.images].every(({ complete, naturalWidth }) => complete && naturalWidth > 0)")
