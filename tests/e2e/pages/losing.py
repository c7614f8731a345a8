"""Pages whose questions, scripts, sheets or pictures are lost on the way, and how one sees that they stand."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, Route

Lose = Callable[[Route], None]
# What Chromium says in its console of a request that was lost.
LOST = "ERR_|Failed to load|Failed to fetch dynamically|Refused to (apply style|execute script)|MIME type"
PROXY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
# All of these are seen, nothing loads or has failed, and nothing is said of the connection any more.
STANDS = """
(signs) => {
  const seen = (each) => each.checkVisibility();
  return signs.every((sign) => [...document.querySelectorAll(sign)].some(seen))
    && ![...document.querySelectorAll('.spinner, .failed, .stale')].some(seen)
    && !document.querySelector('#connection')?.textContent;
}
"""
SAYS_SO = """
() => [...document.querySelectorAll('#connection p, .failed, .stale')].some((each) => each.checkVisibility())
"""
# What a page says, without the figures that change by themselves, the queues and windows where others of the hall are
# at work meanwhile, and what a phone offers until its first touch, for which a browser takes a test's first question.
WORDS = """
() => {
  const changing = [...document.querySelectorAll('.floor-rows, #remind')];
  for (const each of changing) each.style.display = 'none';
  const words = document.querySelector('main').innerText.replace(/\\d+/g, '#');
  for (const each of changing) each.style.display = '';
  return words;
}
"""


def broken_off(route: Route) -> None:
    """Lose a request as a network does that has just gone."""
    route.abort("addressunreachable")


def bad_gateway(route: Route) -> None:
    """Answer as a proxy does while the hall behind it is away."""
    route.fulfill(status=502, content_type="text/html", body=PROXY)


def cut_off(route: Route) -> None:
    """Let an answer break off in its middle."""
    route.fulfill(status=200, content_type="application/json", body='{"items": [{"code": "ar')


WAYS = {"broken off": broken_off, "bad gateway": bad_gateway, "cut off": cut_off}


@dataclass
class Loss:
    """What is lost of a page: everything of a pattern until it comes back, or each address once."""

    page: Page
    pattern: str
    lose: Lose = broken_off
    once: bool = False
    gone: bool = True
    lost: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin."""
        self.page.route(re.compile(self.pattern), self._meet)

    def _meet(self, route: Route) -> None:
        request = route.request
        lost_before = self.once and request.url in self.lost
        if not self.gone or lost_before or request.method != "GET":
            route.fallback()
            return
        self.lost.append(request.url)
        self.lose(route)

    def ends(self) -> None:
        """Let everything through from now on."""
        self.gone = False


def signed_in(account: Any, page: str) -> str:
    """Return the script that opens a page with an account's session, so that its first questions are its own."""
    token = account.client.headers["Authorization"].removeprefix("Bearer ")
    kept = json.dumps({"access_token": token, "roles": []})
    return f"sessionStorage.setItem('hall-staff', {json.dumps(kept)})"


def says_so(someone: Any) -> None:
    """Wait until a page says that something is away."""
    someone.until(SAYS_SO)


def stands(someone: Any, *signs: str) -> None:
    """Wait until a page shows all of its signs and misses nothing."""
    someone.until(STANDS, signs)
