"""Visitors with a real browser, and staff with the API, at the pages of a running hall."""

import csv
import os
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests.e2e.pages.history import csv_of, rows, send
from tests.e2e.test_hall_over_http import held
from tests.halls import OpenHall, warm_hall
from tests.waiting import DEADLINE_MS, DEADLINE_S, until

ROOT = Path(__file__).parents[3]
CHROMIUM = os.environ.get("HALL_CHROMIUM", "/usr/bin/chromium-headless-shell")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {
    "desktop": (1440, 900),
    "board": (1920, 1080),
    "tall board": (1080, 1920),
    "console": (1366, 768),
    "wide kiosk": (1920, 1080),
    "kiosk": (1280, 1024),
    "tall kiosk": (1080, 1920),
    "phone": (390, 844),
}
# What moves for a while has stopped.
STILL = """
() => Promise.all(document.getAnimations()
    .filter((each) => each.playState === 'running' && Number.isFinite(each.effect.getComputedTiming().endTime))
    .map(({ finished }) => finished.catch(() => null))).then(() => null)
"""
PASSWORD = "demo"
# What a page has besides its words: states stand in attributes and classes, icons say nothing.
LOOKS = """
() => {
  const copy = document.body.cloneNode(true);
  for (const each of copy.querySelectorAll('script, svg, img')) each.remove();
  return copy.innerHTML.replace(/\\s+/g, ' ');
}
"""
_VISITORS = pytest.StashKey[list["Visitor"]]()


@dataclass
class Visitor:
    """Someone in front of a page."""

    page: Page
    url: str
    folder: Path | None
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the hall."""
        self.page.goto(self.url + path)
        return self.page

    def expect_complaint(self, pattern: str) -> None:
        """Let the browser's console say something that belongs to what is tested."""
        self.expected.append(pattern)

    def keep(self, name: str, **options: Any) -> None:
        """Save what the visitor sees, where somebody asked for it: each takes as long as a step of a test."""
        if self.folder is not None:
            self.page.screenshot(path=self.folder / f"{name}.png", **options)

    def sees(self, text: str, *, within: str = "body") -> None:
        """Wait until a text is visible."""
        self.page.locator(within).get_by_text(text).first.wait_for()

    def until(self, expression: str, arg: object = None) -> Any:
        """Ask the page until an expression holds.

        Playwright's own `wait_for_function` evaluates text inside the page, which the pages' policy refuses.
        """
        return self.wait(lambda: self._answer(expression, arg), what=expression)

    def wait(self, true: Callable[[], Any], *, what: str, seen: Callable[[], object] | None = None) -> Any:
        """Wait for what is not only on the page, which goes on meanwhile."""

        def turn(pause_s: float) -> None:
            # Timed: how the page's own events get their turn between two questions.
            self.page.wait_for_timeout(1000 * pause_s)

        return until(true, what=what, seen=seen, pause=turn)

    def stop_clock(self) -> None:
        """Let the page's clock, which was installed, move when the test moves it and not beside it."""
        self.page.clock.pause_at(self.page.evaluate("Date.now()") / 1000 + 1)

    def _answer(self, expression: str, arg: object) -> Any:
        try:
            return self.page.evaluate(expression, arg)
        except Error as error:
            if "Execution context was destroyed" not in error.message:
                raise
            return None  # the page is on its way to another

    def settle(self) -> None:
        """Wait until colours and places are those that stay."""
        self.page.evaluate(STILL)

    def faults(self) -> list[str]:
        """Return what axe finds serious or critical in what the visitor sees.

        Without `preload`: it would copy style sheets into the page, which the pages' policy refuses.
        """
        self.settle()
        found = Axe().run(self.page, options={"preload": False}).response["violations"]
        return [
            f"{each['id']} ({each['impact']}): {node['html'][:160]}"
            for each in found
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]

    def sight(self) -> str:
        """Return what there is to see where a test has failed: words, elements, and what the console said."""
        try:
            looks = [self.page.evaluate("document.body.innerText"), self.page.evaluate(LOOKS)]
        except Error as error:
            looks = [error.message]
        return "\n".join([self.page.url, *looks, *self.complaints])

    def unexpected(self) -> list[str]:
        """Return what the console complained of that no test expects."""
        return [line for line in self.complaints if not any(re.search(each, line) for each in self.expected)]


@dataclass(frozen=True)
class Staff:
    """One account at the API."""

    client: httpx.Client

    def get(self, path: str, **query: str) -> Any:
        """Ask a question."""
        return self.client.get(path, params=query).raise_for_status().json()

    def post(self, path: str, *, holder: str = "", **body: object) -> Any:
        """Give a command, with the token of a ticket, appointment or order where only its holder may."""
        headers = {"Idempotency-Key": str(uuid4()), **held(holder)}
        answer = self.client.post(path, json=body, headers=headers).raise_for_status()
        return answer.json() if answer.content else None


@dataclass(frozen=True)
class Desk:
    """A clerk at a window, with an item whose tickets are called there."""

    staff: Staff
    kiosk: Staff
    username: str
    window: str
    zone: str
    item: str

    def issue(self, **more: object) -> Any:
        """Take a number for this window."""
        return self.kiosk.post("tickets", item=self.item, channel="kiosk", **more)

    def call(self) -> Any:
        """Call the next ticket."""
        return self.staff.post(f"windows/{self.window}/call-next")

    def on(self, ticket: str, verb: str, **body: object) -> Any:
        """Do something with a ticket."""
        return self.staff.post(f"tickets/{ticket}/{verb}", **body)

    def is_counted(self) -> None:
        """Wait until a new number's estimate counts the window: ticketing reads the open ones once a second."""
        queue = next(row["queue"] for row in rows_of("items") if row["code"] == self.item)
        until(
            lambda: windows_open(self.kiosk, self.zone, queue) > 0,
            what=f"window {self.window} is counted for {queue}",
        )

    def clear(self) -> None:
        """Serve everybody who waits."""
        while True:
            here = self.staff.get(f"windows/{self.window}/current")["ticket"] or self.call()
            if here is None:
                return
            if here["state"] == "called":
                self.on(here["id"], "start")
            self.on(here["id"], "finish")


def windows_open(anybody: Staff, zone: str, queue: str) -> int:
    """Return how many windows a zone's board counts for a queue."""
    waiting = anybody.get(f"boards/{zone}")["waiting"]
    return int(next(row["windows_open"] for row in waiting if row["queue"] == queue))


@pytest.fixture(scope="package")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHall]:
    """A hall of all processes on a Monday morning, the reference hall loaded, demo accounts on."""
    with warm_hall(tmp_path_factory.mktemp("hall")) as hall:
        yield hall


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium in its edition without a screen, which does half the work of the desktop's."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, timeout=DEADLINE_MS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def screenshots() -> Path | None:
    """The folder screenshots are kept in, `HALL_SCREENSHOTS`; without it none are taken."""
    named = os.environ.get("HALL_SCREENSHOTS")
    if not named:
        return None
    Path(named).mkdir(parents=True, exist_ok=True)
    return Path(named)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failure what its visitors see."""
    report = yield
    if report.failed and call.when == "call":
        for each in item.stash.get(_VISITORS, []):
            report.sections.append(("what a visitor sees", each.sight()))
    return report


@pytest.fixture
def visitor(
    request: pytest.FixtureRequest, browser: Browser, hall: OpenHall, screenshots: Path | None
) -> Iterator[Callable[..., Visitor]]:
    """Bring visitors; at the end none of their consoles may have complained."""
    contexts: list[BrowserContext] = []
    brought = request.node.stash.setdefault(_VISITORS, [])

    def bring(size: str = "desktop", *, script: str = "", language: str = "", token: str = "") -> Visitor:
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=size == "phone")
        context.set_default_timeout(DEADLINE_MS)
        contexts.append(context)
        if language:
            context.add_cookies([{"name": "hall_language", "value": language, "url": hall.url}])
        if token:
            context.add_init_script(
                f"localStorage.setItem('hall-kiosk', '{{\"access_token\": \"{token}\"}}')"
            )
        if script:
            context.add_init_script(script)
        brought.append(_watched(context.new_page(), hall.url, screenshots))
        return brought[-1]

    yield bring
    for context in contexts:
        context.close()
    assert [line for each in brought for line in each.unexpected()] == []


def _watched(page: Page, url: str, folder: Path | None) -> Visitor:
    someone = Visitor(page, url.rstrip("/"), folder)
    page.on("console", lambda said: said.type == "error" and someone.complaints.append(said.text))
    page.on("pageerror", lambda error: someone.complaints.append(str(error)))
    return someone


@pytest.fixture(scope="package")
def account(hall: OpenHall) -> Iterator[Callable[[str], Staff]]:
    """Sign accounts in, each once."""
    signed_in: dict[str, Staff] = {}
    base = hall.url.rstrip("/") + "/api/v1/"

    def sign_in(username: str) -> Staff:
        if username not in signed_in:
            body = {"username": username, "password": PASSWORD}
            token = (
                httpx.post(base + "auth/token", json=body, timeout=DEADLINE_S)
                .raise_for_status()
                .json()["access_token"]
            )
            headers = {"Authorization": f"Bearer {token}"}
            signed_in[username] = Staff(httpx.Client(base_url=base, headers=headers, timeout=DEADLINE_S))
        return signed_in[username]

    yield sign_in
    for staff in signed_in.values():
        staff.client.close()


@pytest.fixture(scope="package")
def history(account: Callable[[str], Staff]) -> list[dict[str, str]]:
    """Cases of the years before that the hall knows of."""
    known = list(rows())
    work = send(account("analyst"), csv_of(known))
    assert (work["state"], work["rows_taken"] + work["rows_known"]) == ("done", len(known))
    return known


@pytest.fixture(scope="package")
def kiosk_token(account: Callable[[str], Staff]) -> str:
    """A token that kiosks are opened with, so that not every test signs one in."""
    return account("kiosk").client.headers["Authorization"].removeprefix("Bearer ")


@pytest.fixture
def at_kiosk(visitor: Callable[..., Visitor], kiosk_token: str) -> Callable[..., Visitor]:
    """Bring visitors to a kiosk that is signed in."""

    def bring(size: str = "kiosk", **options: Any) -> Visitor:
        someone = visitor(size, token=kiosk_token, **options)
        someone.go("/kiosk")
        someone.page.wait_for_selector(".kiosk-start")
        return someone

    return bring


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the reference hall's files."""
    with (ROOT / "deploy" / "hall" / f"{name}.csv").open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


@pytest.fixture
def desk(account: Callable[[str], Staff]) -> Iterator[Callable[..., Desk]]:
    """Seat clerks at windows of departments; they leave at the end with nobody waiting."""
    seated: list[Desk] = []

    def seat(department: str, *, sign_in: bool = True) -> Desk:
        found = next(row for row in rows_of("clerks") if row["department"] == department)
        window = next(row for row in rows_of("windows") if row["code"] == found["window"])
        queues = window["queues"].split(";")
        item = next(row["code"] for row in rows_of("items") if row["queue"] == queues[0])
        staff = account(found["username"])
        made = Desk(staff, account("kiosk"), found["username"], window["code"], window["zone"], item)
        staff.post(f"windows/{made.window}/sign-in")
        seated.append(made)
        made.clear()
        if not sign_in:
            staff.post(f"windows/{made.window}/sign-out")
        return made

    yield seat
    for each in seated:
        each.staff.post(f"windows/{each.window}/sign-in")
        each.clear()
        each.staff.post(f"windows/{each.window}/sign-out")


@pytest.fixture
def as_pdf(tmp_path: Path) -> Callable[[Page], Path]:
    """Print a page to a file."""

    def print_page(page: Page) -> Path:
        target = tmp_path / "slip.pdf"
        page.pdf(path=target, prefer_css_page_size=True)
        return target

    return print_page
