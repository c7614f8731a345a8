"""Signing in with a real issuer, over HTTP: by its people, while it is there, and on without it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.ports import free_port
from tests.halls import NO_LIMITS
from tests.issuers import CLIENT, SECRET, Issuer, canaille
from tests.processes import Stack
from tests.waiting import DEADLINE_S

BELOW = "/api/v1/auth/oidc"
PASSWORD = "pw-of-the-city-1"


@pytest.fixture
def hall(running_services: Callable[..., Stack]) -> Callable[..., Stack]:
    """Start identity, the catalogue and a gateway that knows an issuer."""

    def start(issuer: str) -> Stack:
        settings = {"OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
        more = {"OIDC_SCOPES": "openid profile email groups", "HALL_DEMO": "1"}
        return running_services("identity", "catalogue", "gateway", **NO_LIMITS, **settings, **more)

    return start


@pytest.fixture
def city(hall: Callable[..., Stack], tmp_path: Path) -> Iterator[tuple[Stack, Issuer]]:
    """A hall and the issuer of its city, canaille."""
    port = free_port()
    stack = hall(f"http://127.0.0.1:{port}")
    with canaille(port, stack.url.rstrip("/"), tmp_path) as issuer:
        yield stack, issuer


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    """What stands for a browser: it keeps cookies and follows."""
    with httpx.Client(follow_redirects=True, timeout=DEADLINE_S) as client:
        yield client


def api(hall: Stack, token: str, method: str, path: str, **body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    url = f"{hall.url.rstrip('/')}/api/v1/{path}"
    return httpx.request(method, url, headers=headers, timeout=DEADLINE_S, json=body or None)


def local_token(hall: Stack, username: str) -> str:
    body = {"username": username, "password": "demo"}
    answer = httpx.post(f"{hall.url.rstrip('/')}/api/v1/auth/token", json=body, timeout=DEADLINE_S)
    return str(answer.raise_for_status().json()["access_token"])


def sign_in(browser: httpx.Client, hall: Stack, username: str) -> httpx.Response:
    """Go to canaille, sign in there, come back and fetch what came of it."""
    root = hall.url.rstrip("/")
    page = browser.get(f"{root}{BELOW}/login", params={"return_to": "/joint"})
    if page.url.path == "/login":
        page = browser.post(page.url, data={"login": username})
        page = browser.post(page.url, data={"password": PASSWORD})
    assert (str(page.url), page.status_code) == (f"{root}/joint", 200), page.text[:2000]
    return browser.post(f"{root}{BELOW}/token")


def test_people_of_canaille_sign_in_go_on_without_it_and_sign_out_of_both(
    city: tuple[Stack, Issuer], browser: httpx.Client
) -> None:
    hall, issuer = city
    admin = local_token(hall, "admin")
    assert sign_in(browser, hall, "li").json()["code"] == "no_role_by_claims"
    rules = [{"claim": "groups", "value": "desk", "roles": ["analyst"]}]
    assert api(hall, admin, "POST", "auth/oidc/claims", items=rules).status_code == 200
    token = sign_in(browser, hall, "li").raise_for_status().json()
    assert (token["roles"], token["single_sign_on"]) == (["analyst"], True)
    me = api(hall, token["access_token"], "GET", "auth/me").json()
    assert (me["username"], me["roles"]) == ("li", ["analyst"])
    with httpx.Client(follow_redirects=True, timeout=DEADLINE_S) as other:
        assert sign_in(other, hall, "wang").json()["code"] == "no_role_by_claims"

    ended = api(hall, token["access_token"], "POST", "auth/oidc/logout").json()["url"]
    back = browser.get(ended)
    assert str(back.url).startswith(hall.url), "canaille ends its session and sends the browser back"
    again = browser.get(f"{hall.url.rstrip('/')}{BELOW}/login")
    assert again.url.path == "/login", "who has signed out there is asked again"
    assert api(hall, token["access_token"], "GET", "auth/me").status_code == 401

    working = sign_in(browser, hall, "li").json()["access_token"]
    issuer.kill()
    assert api(hall, working, "GET", "auth/me").json()["username"] == "li"
    assert api(hall, local_token(hall, "manager"), "GET", "auth/me").status_code == 200
    root = hall.url.rstrip("/")
    assert str(browser.get(f"{root}{BELOW}/login", params={"return_to": "/joint"}).url) == f"{root}/joint"
    assert browser.post(f"{root}{BELOW}/token").json()["code"] == "issuer_away"
    assert api(hall, working, "POST", "auth/oidc/logout").json()["url"] is not None, "its address is known"
