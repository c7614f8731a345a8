"""What somebody was given to do: a page, and a count in the header."""

from collections.abc import Callable
from typing import Any

from tests.e2e.pages.staff import Bring, looks_right, sent, sign_in

DUE = "2026-03-04"


def test_what_somebody_is_given_is_counted_shown_and_done(
    visitor: Bring, account: Callable[[str], Any], desk: Bring
) -> None:
    at = desk("water")
    mine = at.issue()
    at.clear()
    words = {"level": 2, "comment": "说好十分钟，等了一小时"}
    account("kiosk").post(f"tickets/{mine['id']}/evaluation", holder=mine["token"], **words)
    account("manager").post(f"evaluations/{mine['id']}/assign", owner=at.username, due_on=DUE)

    someone = sign_in(visitor, "/inbox", at.username)
    page = someone.page
    row = page.locator(f"tr[data-task='{mine['id']}']")
    row.wait_for()
    assert {"差评回访", "说好十分钟，等了一小时"} <= set(row.inner_text().replace("\t", "\n").split("\n"))
    page.locator("#inbox .header-count").wait_for()
    before = int(page.locator("#inbox .header-count").inner_text())
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("inbox")
    row.locator("[data-deed=answer]").press("Enter")
    sent(page, result="已电话致歉，并改了告示")
    row.wait_for(state="detached")
    page.reload()
    page.locator("main h1").wait_for()
    someone.until(
        "(before) => Number(document.querySelector('#inbox .header-count')?.textContent ?? 0) < before",
        before,
    )
    done = account("manager").get("evaluations", follow_up="followed_up")["items"]
    assert ("已电话致歉，并改了告示", at.username) in [(each["result"], each["owner"]) for each in done]


def test_nothing_to_do_is_said(visitor: Bring) -> None:
    someone = sign_in(visitor, "/inbox", "auditor", language="en")
    someone.sees("Nothing to do", within="main")
    assert someone.page.locator("#inbox").get_attribute("aria-current") == "page"
    assert someone.page.locator("#inbox .header-count").count() == 0
    someone.keep("inbox-empty-en")
