"""Compare how all pages look in a commit and here: `python -m tests.pictures COMMIT [--only dispatch window]`.

For whoever moves pages or changes how they are made, and means to change nothing that is seen. A hall is started once
and filled; what it answered is kept in `.run/pictures/answers.json`. Each page is then opened twice with these answers
and a clock that stands, once with the files of the commit and once with those of this tree, in both languages. Pictures
that differ are named with the number of pixels and kept beside one of where; the exit code is 1 when there are any.
"""

import argparse
import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, Route, sync_playwright

from deploy.local.ports import free_port
from tests.e2e.pages.booking import coming_slots, item_of, somebody
from tests.e2e.pages.conftest import ARGUMENTS, CHROMIUM, SIZES, STILL, Staff, rows_of
from tests.e2e.pages.history import csv_of, rows, send
from tests.e2e.pages.onsite import orders_on_a_route
from tests.e2e.test_booking_over_http import hall_now
from tests.e2e.test_hall_over_http import Api
from tests.halls import OpenHall, warm_hall
from tests.servers import HTTP
from tests.shared import ROOT, Owner
from tests.waiting import DEADLINE_MS, DEADLINE_S, until

FOLDER = ROOT / ".run" / "pictures"
LANGUAGES = ("zh", "en")
# Curves are not always drawn to the last bit alike: by so much a pixel may differ, and by more so many of a picture.
TOLERANCE, FEW = 8, 40
ACCOUNTS = ("kiosk", "manager", "operator", "dispatcher", "analyst", "admin")
STORES = {"kiosk": "localStorage['hall-kiosk']"}
QUIET = """() => !document.querySelector('main .spinner')?.checkVisibility()
    && document.querySelector('#clock-strip')?.isConnected"""
# Where someone is, who has signed in with which account, and the size of the screen.
VISITS: tuple[tuple[str, str, str], ...] = (
    ("/", "", "desktop"),
    ("/kiosk", "kiosk", "kiosk"),
    ("/kiosk#/departments/A", "kiosk", "kiosk"),
    ("/kiosk#/search", "kiosk", "kiosk"),
    ("/kiosk#/check-in", "kiosk", "tall kiosk"),
    ("/board", "", "desktop"),
    ("/board/{zone}", "", "board"),
    ("/window", "", "console"),
    ("/window", "clerk", "console"),
    ("/ticket/{ticket}", "", "phone"),
    ("/guide", "", "desktop"),
    ("/guide#changes", "", "phone"),
    ("/guide/{item}", "", "desktop"),
    ("/book", "", "phone"),
    ("/book?item={bookable}", "", "phone"),
    ("/appointment", "", "phone"),
    ("/appointment/{appointment}", "", "phone"),
    ("/onsite", "", "phone"),
    ("/onsite/{order}", "", "phone"),
    ("/operator", "operator", "desktop"),
    ("/messages#sent", "operator", "desktop"),
    ("/messages#texts", "manager", "desktop"),
    ("/planning#plans", "manager", "desktop"),
    ("/planning#sessions", "manager", "desktop"),
    ("/planning#overtime", "manager", "desktop"),
    ("/closures", "manager", "desktop"),
    ("/field", "operator", "phone"),
    ("/dispatch", "", "desktop"),
    ("/dispatch#day", "dispatcher", "desktop"),
    ("/dispatch#day", "dispatcher", "phone"),
    ("/dispatch#crews", "dispatcher", "desktop"),
    ("/overview", "manager", "desktop"),
    ("/dashboard", "manager", "desktop"),
    ("/dashboard?range=30d", "manager", "phone"),
    ("/reports#report", "manager", "desktop"),
    ("/reports#import", "analyst", "desktop"),
    ("/anomalies", "analyst", "desktop"),
    ("/quality#evaluations", "manager", "desktop"),
    ("/quality#commendations", "manager", "desktop"),
    ("/quality#assessment", "manager", "desktop"),
    ("/quality#meetings", "manager", "desktop"),
    ("/quality#staffing", "manager", "desktop"),
    ("/joint", "manager", "desktop"),
    ("/joint#procedures", "manager", "desktop"),
    ("/catalogue#items", "admin", "desktop"),
    ("/catalogue#changes", "admin", "desktop"),
    ("/workbook", "admin", "desktop"),
    ("/accounts", "admin", "desktop"),
    ("/accounts#kiosks", "admin", "desktop"),
    ("/audit", "admin", "desktop"),
    ("/setup", "", "desktop"),
)


def say(text: str) -> None:
    """Tell whoever waits."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def fill(hall: OpenHall) -> dict[str, str]:
    """Let some things happen in a hall; return what the addresses of `VISITS` name, by name, and the clerk."""
    dispatcher, kiosk, manager = (Api(hall, name) for name in ("dispatcher", "kiosk", "manager"))
    window = next(row for row in rows_of("windows") if row["department"] == "customs")
    clerk_row = next(row for row in rows_of("clerks") if row["department"] == "customs")
    item = next(row["code"] for row in rows_of("items") if row["queue"] == window["queues"].split(";")[0])
    clerk = Api(hall, clerk_row["username"])
    clerk.post(f"/windows/{clerk_row['window']}/sign-in")
    tickets = [kiosk.post("/tickets", {"item": item, "channel": "kiosk"}).json() for _ in range(4)]
    called = clerk.post(f"/windows/{clerk_row['window']}/call-next").json()
    clerk.post(f"/tickets/{called['id']}/start")
    bookable = item_of(hall, "market")["code"]
    person = somebody(hall)
    appointment = person.book(coming_slots(hall, bookable)[0], bookable)
    orders = orders_on_a_route(hall, 3)
    body = {"procedure": manager.get("/joint-procedures").json()["items"][0]["code"], "project": "园区扩建"}
    manager.post("/joint-cases", body)
    analyst = Api(hall, "analyst")
    client = httpx.Client(base_url=f"{hall.url}/api/v1/", headers=analyst.headers, timeout=DEADLINE_S)
    send(Staff(client), csv_of(list(rows())))
    now = hall_now(dispatcher)
    until(
        lambda: analyst.get("/anomalies", state="detected").json().get("items"),
        what="the burst of the history is found",
    )
    return {
        "zone": window["zone"],
        "ticket": f"{tickets[-1]['id']}#{tickets[-1].get('holder_token', '')}",
        "item": "archives-001",
        "bookable": bookable,
        "appointment": f"{appointment['id']}#{appointment.get('holder_token', '')}",
        "order": f"{orders[0]['id']}#{orders[0].get('holder_token', '')}",
        "clerk": clerk_row["username"],
        "now": now.isoformat(),
    }


def record() -> dict[str, Any]:
    """Fill a hall, open every page at it, and return the addresses, tokens and answers."""
    owner = Owner()
    try:
        with TemporaryDirectory() as folder, warm_hall(Path(folder)) as hall, browsers() as browser:
            names = fill(hall)
            tokens = {
                account: HTTP.post(
                    f"{hall.url}/api/v1/auth/token", json={"username": username, "password": "demo"}
                ).json()
                for account, username in {
                    **{each: each for each in ACCOUNTS},
                    "clerk": names["clerk"],
                }.items()
            }
            kept: dict[str, Any] = {"names": names, "tokens": tokens, "answers": {}}
            for language in LANGUAGES:
                for visit in VISITS:
                    with opened(browser, hall.url, visit, language, kept, hall=hall.url) as page:
                        quiet(page)
            return kept
    finally:
        owner.end()


@contextmanager
def browsers() -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, "--font-render-hinting=none"], timeout=DEADLINE_MS
        )
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser,
    url: str,
    visit: tuple[str, str, str],
    language: str,
    kept: dict[str, Any],
    *,
    hall: str = "",
) -> Iterator[Page]:
    """Open a page with the answers that are kept; what is not kept is asked of `hall`, and kept, when there is one."""
    path, account, size = visit
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=size == "phone", reduced_motion="reduce"
    )
    context.set_default_timeout(DEADLINE_MS)
    context.add_cookies([{"name": "hall_language", "value": language, "url": url}])
    if account:
        store = STORES.get(account, "sessionStorage['hall-staff']")
        context.add_init_script(f"{store} = {json.dumps(json.dumps(kept['tokens'][account]))}")

    def answer(route: Route) -> None:
        request = route.request
        address = f"{request.method} {request.url.removeprefix(url)} {account} {language}"
        if address not in kept["answers"] and hall:
            kept["answers"][address] = asked(hall + request.url.removeprefix(url), route)
        found = kept["answers"].get(address, {"status": 503, "type": "application/json", "body": "e30="})
        route.fulfill(
            status=found["status"], content_type=found["type"], body=base64.b64decode(found["body"])
        )

    for pattern in ("**/api/v1/**", "**/readyz", "**/qr.svg*"):
        context.route(pattern, answer)
    page = context.new_page()
    page.clock.set_fixed_time(kept["names"]["now"])
    page.goto(url + path.format(**kept["names"]))
    try:
        yield page
    finally:
        context.close()


def asked(address: str, route: Route) -> dict[str, Any]:
    """Ask the hall and return the answer as it is kept; of a stream its first piece."""
    request = route.request
    headers = {
        name: value for name, value in request.headers.items() if name not in ("host", "content-length")
    }
    with HTTP.stream(request.method, address, headers=headers, content=request.post_data_buffer) as answer:
        kind = answer.headers.get("Content-Type", "")
        body = next(answer.iter_bytes(), b"") if kind.startswith("text/event-stream") else answer.read()
    return {"status": answer.status_code, "type": kind, "body": base64.b64encode(body).decode()}


def quiet(page: Page) -> None:
    """Wait until everything has come and nothing moves."""
    page.wait_for_load_state("load")
    until(
        lambda: page.evaluate(QUIET),
        what=f"nothing is loading at {page.url}",
        # Timed: how the page's own events get their turn between two questions.
        pause=lambda pause_s: page.wait_for_timeout(1000 * pause_s),
    )
    # Timed: answers that come later still; a picture that was taken too soon differs, and is looked at.
    page.wait_for_timeout(400)
    page.evaluate(STILL)


def show_whole(page: Page) -> None:
    """Make the window as high as its page: a picture of more than the window draws charts anew meanwhile."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})  # type: ignore[index]
    quiet(page)


def let_clocks_stand(answers: dict[str, Any]) -> None:
    """Let no second pass in the hall while a page is looked at."""
    for address, answer in answers.items():
        if address.startswith("GET /api/v1/hall "):
            hall = json.loads(base64.b64decode(answer["body"]))
            hall["clock"]["speed"] = 0
            answer["body"] = base64.b64encode(json.dumps(hall).encode()).decode()


@contextmanager
def pages_of(tree: Path) -> Iterator[str]:
    """Serve the pages of a tree, without a hall behind them."""
    port = free_port()
    command = [sys.executable, "-m", "flask", "--app", "gateway.app:create_app", "run", "--port", str(port)]
    with (FOLDER / f"{tree.name}.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=tree, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        until(lambda: _answers(url), what=f"the pages of {tree} are served")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=DEADLINE_S)


def _answers(url: str) -> bool:
    try:
        return HTTP.get(f"{url}/healthz").is_success
    except httpx.HTTPError:
        return False


def tree_of(commit: str) -> Path:
    """Return the files of a commit."""
    tree = FOLDER / "before"
    if tree.exists():
        subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)
    subprocess.run(["git", "worktree", "add", "--quiet", "--detach", tree, commit], cwd=ROOT, check=True)
    return tree


def differing(before: Path, after: Path, where: Path) -> int:
    """Return how many pixels of two pictures differ, and draw where."""
    with Image.open(before) as one, Image.open(after) as other:
        if one.size != other.size:
            return max(one.size[0] * one.size[1], other.size[0] * other.size[1])
        apart = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).convert("L")
    marked = apart.point([0 if value <= TOLERANCE else 255 for value in range(256)])
    pixels = marked.histogram()[255]
    if pixels > FEW:
        marked.save(where)
    return pixels


def main() -> int:
    """Compare the pages; return how the program ends."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("commit")
    parser.add_argument("--only", nargs="*", default=[], help="the first words of addresses")
    asked_for = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    answers = FOLDER / "answers.json"
    if not answers.exists():
        answers.write_text(json.dumps(record()))
    kept = json.loads(answers.read_text())
    let_clocks_stand(kept["answers"])
    visits = [
        visit
        for visit in VISITS
        if not asked_for.only or visit[0].split("?")[0].split("#")[0].split("/")[1] in asked_for.only
    ]
    found = 0
    with ExitStack() as stack:
        trees = {"before": tree_of(asked_for.commit), "after": ROOT}
        urls = {name: stack.enter_context(pages_of(tree)) for name, tree in trees.items()}
        browser = stack.enter_context(browsers())
        for language in LANGUAGES:
            for visit in visits:
                name = (
                    "-".join(part for part in (*visit, language) if part).replace("/", "_").replace(" ", "_")
                )
                pictures = {each: FOLDER / f"{name}.{each}.png" for each in (*urls, "where")}
                for each, url in urls.items():
                    with opened(browser, url, visit, language, kept) as page:
                        quiet(page)
                        show_whole(page)
                        page.screenshot(path=pictures[each])
                pixels = differing(*pictures.values())
                found += pixels > FEW
                say(f"{pixels:>9} {name}")
    say(f"{found} of {len(visits) * len(LANGUAGES)} pictures differ; they are in {FOLDER}")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
