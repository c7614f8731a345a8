"""Staff at their pages: signing in with the keyboard, and people who call."""

import secrets
from collections.abc import Callable
from typing import Any

from tests.e2e.pages.test_design import READ_CONTRASTS
from tests.waiting import until

Bring = Callable[..., Any]
PASSWORD = "demo"
NO_MOUSE = """
window.addEventListener('pointerdown', () => { window.pressed = true; }, true);
"""


def some_phone() -> str:
    """Return a mobile number that no other test has used."""
    return f"137{secrets.randbelow(10**8):08d}"


def slots_of(account: Bring, item: str) -> list[Any]:
    """Return an item's slots; after the first start they wait for the job that makes them."""

    def found() -> Any:
        return account("operator").get("slots", item=item, channel="phone")["items"]

    return list(until(found, what="slots are made"))


def sign_in(visitor: Bring, path: str, username: str, *, password: str = PASSWORD, **options: Any) -> Any:
    """Bring somebody who has signed in at a staff page without a mouse."""
    someone = visitor(script=NO_MOUSE, **options)
    page = someone.go(path)
    page.locator("#username").wait_for()
    page.locator("#username").fill(username)
    page.locator("#password").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_selector("#leave")
    return someone


def send(page: Any, **fields: str) -> None:
    """Fill the open dialog and send it."""
    for name, value in fields.items():
        control = page.locator(f"dialog [name={name}]")
        if control.evaluate("each => each.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    page.locator("dialog [type=submit]").press("Enter")


def sent(page: Any, **fields: str) -> None:
    """Fill the open dialog, send it and wait until it is gone."""
    send(page, **fields)
    page.wait_for_selector("dialog", state="detached")


def looks_right(someone: Any) -> None:
    """What holds for a whole page: contrast, names of controls, nothing wider than the screen."""
    page = someone.page
    someone.settle()
    assert page.evaluate(READ_CONTRASTS) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut_off = page.evaluate(
        """[...document.querySelectorAll('.call-right, .caller-body, .slot-body, dialog')]
            .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.className)"""
    )
    assert cut_off == []
    nameless = page.evaluate(
        """[...document.querySelectorAll('button, a, input, select, textarea, [role=grid], [role=listbox]')]
            .filter(each => each.checkVisibility())
            .filter(each => !(each.textContent.trim() || each.ariaLabel || each.labels?.length))
            .map(each => each.outerHTML)"""
    )
    assert nameless == []
