"""The clerk's console."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.e2e.pages.staff import some_phone

Bring = Callable[..., Any]
# The test tells what the desk's stream says, and the page counts its questions for the desk.
TOLD_BY_TEST = """
const original = window.fetch;
window.looks = 0;
window.fetch = (path, options = {}) => {
  if (String(path).endsWith("/current")) window.looks += 1;
  if (!String(path).endsWith("/events")) return original(path, options);
  if (window.streamIsAway) return Promise.resolve(new Response("", { status: 503 }));
  const body = new ReadableStream({ start: (stream) => { window.deskStream = stream; } });
  return Promise.resolve(new Response(body));
};
window.tellDesk = (desk) =>
  window.deskStream.enqueue(new TextEncoder().encode(`event: desk\\ndata: ${JSON.stringify(desk)}\\n\\n`));
"""
COUNTS_LOOKS = """
const original = window.fetch;
window.looks = 0;
window.fetch = (path, options) => {
  if (String(path).endsWith("/current")) window.looks += 1;
  return original(path, options);
};
"""


def _sign_in(someone: Any, clerk: Any) -> None:
    page = someone.go("/window")
    page.get_by_label("用户名").fill(clerk.username)
    page.keyboard.press("Tab")
    page.keyboard.type("demo")
    page.keyboard.press("Enter")


def _at_desk(visitor: Bring, clerk: Any, *, without_news: bool = False) -> Any:
    """Bring a clerk who sits at the window already, so that the console opens there."""
    someone = visitor()
    if without_news:
        someone.expect_complaint("ERR_FAILED")
        someone.page.route("**/windows/*/events*", lambda route: route.abort())
    _sign_in(someone, clerk)
    someone.page.wait_for_selector(".desk")
    return someone


def _state(someone: Any, state: str) -> None:
    someone.page.wait_for_selector(f".current[data-state='{state}']")
    someone.until("document.querySelectorAll('.action:not(:disabled)').length > 0")


def test_a_clerk_works_a_whole_visit_with_the_keyboard_alone(visitor: Bring, desk: Bring) -> None:
    clerk = desk("eport", sign_in=False)
    first, second = clerk.issue(), clerk.issue()
    someone = visitor()
    page = someone.page
    _sign_in(someone, clerk)
    page.wait_for_selector(".window-tile")
    someone.keep("window-choose")
    tile = page.locator(f".window-tile[data-window='{clerk.window}']")
    for _ in range(60):
        if tile.evaluate("each => each === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    _state(someone, "none")
    page.keyboard.press("F2")
    _state(someone, "called")
    assert page.locator(".current-number").inner_text() == first["number"]
    someone.keep("window-called")
    someone.sees("已叫 1 次，最多 4 次", within=".current-calls")
    page.wait_for_selector("[data-action=recall]:not(:disabled)")
    page.keyboard.press("r")
    someone.sees("已叫 2 次，最多 4 次", within=".current-calls")
    page.keyboard.press("s")
    _state(someone, "serving")
    page.keyboard.press("a")
    page.wait_for_selector("dialog[open] .found-item")
    page.keyboard.press("Enter")
    page.wait_for_selector(".case")
    someone.sees("已受理，办件号")
    assert "前办结" in page.locator(".case").inner_text()
    someone.keep("window-serving")
    page.keyboard.press("h")
    page.wait_for_selector(".aside-row")
    _state(someone, "none")
    page.keyboard.press("1")
    _state(someone, "serving")
    page.keyboard.press("f")
    _state(someone, "none")
    page.keyboard.press("F2")
    _state(someone, "called")
    assert page.locator(".current-number").inner_text() == second["number"]
    page.keyboard.press("m")
    page.wait_for_selector(".aside-row:has-text('过号')")
    page.keyboard.press("1")
    page.wait_for_selector(f".waiting-row:has-text('{second['number']}')")
    page.keyboard.press("F2")
    _state(someone, "called")
    page.keyboard.press("s")
    _state(someone, "serving")
    page.keyboard.press("f")
    _state(someone, "none")
    page.keyboard.press("F2")
    someone.sees("现在没有人等候", within="#toasts")


def test_reloading_keeps_the_window_the_ticket_and_its_cases(visitor: Bring, desk: Bring) -> None:
    clerk = desk("meteor")
    ticket = clerk.issue()
    clerk.call()
    clerk.on(ticket["id"], "start")
    case = clerk.on(ticket["id"], "cases", item=clerk.item)
    someone = _at_desk(visitor, clerk)
    someone.page.reload()
    someone.page.wait_for_selector(".desk")
    assert someone.page.locator(".current-number").inner_text() == ticket["number"]
    someone.sees(case["number"])
    assert clerk.window in someone.page.locator(".account-window").inner_text()


def test_the_console_says_why_this_ticket_was_called(visitor: Bring, desk: Bring) -> None:
    clerk = desk("meteor")
    first, second = clerk.issue(), clerk.issue()
    clerk.call()
    someone = _at_desk(visitor, clerk)
    why = someone.page.locator("section", has_text="为什么叫这个号").last
    why.get_by_text("得分", exact=True).wait_for()
    assert first["number"] in why.inner_text()
    assert second["number"] in why.inner_text()


def test_the_console_shows_the_pause_and_the_end_of_calling_again(visitor: Bring, desk: Bring) -> None:
    clerk = desk("meteor")
    clerk.issue()
    clerk.call()
    someone = visitor(script=TOLD_BY_TEST)
    _sign_in(someone, clerk)
    page = someone.page
    page.wait_for_selector("[data-action=recall]:not(:disabled)")

    def tell(nth: int, **calling: Any) -> None:
        desk = clerk.staff.get(f"windows/{clerk.window}/current")
        as_of = datetime.fromisoformat(desk["as_of"]) + timedelta(seconds=nth)
        told = {"most": 3, "again_at": (as_of + timedelta(hours=1)).isoformat(), **calling}
        page.evaluate(
            "desk => tellDesk(desk)",
            {**desk, "as_of": as_of.isoformat(), "ticket": {**desk["ticket"], "calling": told}},
        )

    tell(1, made=2)
    someone.sees("已叫 2 次，最多 3 次", within=".current-calls")
    someone.sees("秒后可重呼", within=".current-calls")
    assert page.locator("[data-action=recall]").is_disabled()
    someone.keep("window-recall")
    tell(2, made=3, again_at=None)
    someone.sees("已叫 3 次，不能再叫", within=".current-calls")
    assert page.locator("[data-action=recall]").is_disabled()


def test_a_visitor_is_sent_on_with_a_reason(visitor: Bring, desk: Bring) -> None:
    clerk = desk("finance")
    ticket = clerk.issue()
    clerk.call()
    someone = _at_desk(visitor, clerk)
    page = someone.page
    page.keyboard.press("t")
    page.wait_for_selector("dialog[open]")
    page.get_by_label("原因").press("Enter")
    someone.sees("请写明原因")
    someone.keep("window-transfer")
    page.get_by_label("转到").select_option(index=1)
    page.get_by_label("原因").fill("取号时选错业务")
    page.keyboard.press("Enter")
    _state(someone, "none")
    moved = clerk.kiosk.get(f"tickets/{ticket['id']}")
    assert moved["state"] == "waiting"
    assert moved["queue"] != ticket["queue"]
    assert moved["number"] == ticket["number"]
    clerk.kiosk.post(f"tickets/{ticket['id']}/cancel", holder=ticket["token"])


def test_a_wrong_password_is_said_and_the_form_stays(visitor: Bring) -> None:
    someone = visitor()
    someone.expect_complaint("401")
    page = someone.go("/window")
    page.get_by_label("用户名").fill("clerk")
    page.get_by_label("密码").fill("not this one")
    page.get_by_role("button", name="登录").click()
    someone.sees("用户名或密码不正确")
    someone.keep("window-sign-in")


def test_what_the_hall_refuses_is_shown_with_its_detail(visitor: Bring, desk: Bring) -> None:
    clerk = desk("meteor")
    ticket = clerk.issue()
    clerk.call()
    # News would enable other buttons: the console must not hear that somebody else started.
    someone = _at_desk(visitor, clerk, without_news=True)
    someone.expect_complaint("409")
    page = someone.page
    _state(someone, "called")
    page.route("**/windows/*/current", lambda route: route.abort())
    clerk.on(ticket["id"], "start")
    page.locator("[data-action='miss']").evaluate("button => button.click()")
    page.wait_for_selector(".toast.bad")
    assert "当前状态下不能这样操作" in page.locator(".toast.bad").first.inner_text()
    page.unroute("**/windows/*/current")


def test_single_letter_keys_can_be_turned_off(visitor: Bring, desk: Bring) -> None:
    clerk = desk("meteor")
    clerk.issue()
    clerk.call()
    someone = _at_desk(visitor, clerk)
    page = someone.page
    _state(someone, "called")
    page.keyboard.press("?")
    page.get_by_label("启用单个字母的快捷键").uncheck()
    someone.keep("window-keys")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.keyboard.press("s")
    assert page.locator(".current[data-state='called']").count() == 1
    page.get_by_role("button", name="开始办理").click()
    _state(someone, "serving")


def test_what_happens_elsewhere_is_on_the_console_without_a_look(visitor: Bring, desk: Bring) -> None:
    clerk = desk("meteor")
    someone = visitor(script=COUNTS_LOOKS)
    _sign_in(someone, clerk)
    page = someone.page
    page.wait_for_selector(".desk")
    ticket = clerk.issue()
    page.wait_for_selector(f".waiting-row:has-text('{ticket['number']}')")
    clerk.call()
    _state(someone, "called")
    clerk.on(ticket["id"], "miss")
    page.wait_for_selector(f".aside-row:has-text('{ticket['number']}')")
    _state(someone, "none")
    assert page.evaluate("looks") == 1


def test_a_console_takes_over_answers_and_keeps_them_when_an_older_desk_comes_late(
    visitor: Bring, desk: Bring
) -> None:
    clerk = desk("meteor")
    ticket = clerk.issue()
    someone = visitor(script=TOLD_BY_TEST)
    _sign_in(someone, clerk)
    page = someone.page
    page.wait_for_selector(".desk")
    path = f"windows/{clerk.window}/current"
    before = clerk.staff.get(path)
    for key, following in (("F2", "start"), ("S", "finish")):
        page.keyboard.press(key)
        page.wait_for_selector(f"[data-action={following}]:not(:disabled)")
    page.evaluate("desk => tellDesk(desk)", before)
    clerk.issue()
    after = clerk.staff.get(path)
    page.evaluate("desk => tellDesk(desk)", after)
    page.wait_for_selector(f".waiting-row:has-text('{after['waiting'][0]['number']}')")
    assert page.locator(".current-number").inner_text() == ticket["number"]
    assert page.evaluate("looks") == 1
    page.keyboard.press("F")
    _state(someone, "none")


def test_a_console_says_how_many_wait_though_it_lists_the_first_alone(visitor: Bring, desk: Bring) -> None:
    clerk = desk("meteor")
    clerk.issue()
    someone = visitor(script=TOLD_BY_TEST)
    _sign_in(someone, clerk)
    page = someone.page
    page.wait_for_selector(".desk")
    now = clerk.staff.get(f"windows/{clerk.window}/current")
    assert now["waiting_count"] == 1
    many = [{**now["waiting"][0], "id": f"t{n}", "number": f"K{n:03}"} for n in range(50)]
    page.evaluate("desk => tellDesk(desk)", {**now, "waiting": many, "waiting_count": 88})
    someone.sees("有 88 人等候")
    assert page.locator(".waiting-card .badge").inner_text() == "88"
    someone.sees("只列出最先的 50 人，共 88 人")
    page.evaluate("desk => tellDesk(desk)", now)
    someone.sees("有 1 人等候")
    page.keyboard.press("F2")
    _state(someone, "called")
    assert page.locator(".waiting-card .badge").inner_text() == "0"


def test_a_console_on_a_small_screen_shows_every_command_whole(visitor: Bring, desk: Bring) -> None:
    clerk = desk("meteor")
    tickets = [clerk.issue() for _ in range(2)]
    clerk.call()
    clerk.on(tickets[0]["id"], "start")
    for _ in range(3):
        clerk.on(tickets[0]["id"], "cases", item=clerk.item)
    someone = visitor("console")
    _sign_in(someone, clerk)
    page = someone.page
    page.wait_for_selector(".case")
    someone.keep("window-1366")
    cut = page.evaluate(
        """[...document.querySelectorAll('.action')].filter(each => {
            const { top, bottom } = each.getBoundingClientRect();
            const [text] = each.querySelector('span').getClientRects();
            return bottom > innerHeight || top < 0 || each.querySelector('span').getClientRects().length > 1
                || text.height > 1.9 * parseFloat(getComputedStyle(each).fontSize);
        }).map(each => each.innerText)"""
    )
    assert cut == []


def test_a_case_has_a_receipt_to_print_and_is_found_again_that_day(
    visitor: Bring, desk: Bring, as_pdf: Callable[[Any], Any]
) -> None:
    clerk = desk("meteor")
    ticket = clerk.issue()
    clerk.call()
    clerk.on(ticket["id"], "start")
    case = clerk.on(ticket["id"], "cases", item=clerk.item)
    clerk.on(ticket["id"], "finish")
    someone = visitor("console", script="window.print = () => { window.printed = true; };")
    _sign_in(someone, clerk)
    page = someone.page
    page.wait_for_selector(".desk")
    page.keyboard.press("d")
    page.locator("dialog .case", has_text=case["number"]).wait_for()
    someone.settle()
    someone.keep("window-today")
    page.locator(f"[data-action='receipt-{case['number']}']").press("Enter")
    someone.until("window.printed")
    page.emulate_media(media="print")
    paper = page.locator(".receipt")
    for told in ("受理回执", case["number"], "应办结日期", clerk.window):
        assert told in paper.inner_text()
    assert not page.locator(".desk").is_visible()
    assert not page.locator("dialog").is_visible()
    someone.keep("window-receipt")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert paper.count() == 0
    assert page.locator("dialog").is_visible()


def test_a_message_covers_neither_the_explanation_nor_the_ticket(visitor: Bring, desk: Bring) -> None:
    clerk = desk("meteor")
    tickets = [clerk.issue() for _ in range(2)]
    clerk.call()
    clerk.on(tickets[0]["id"], "start")
    someone = visitor("console")
    _sign_in(someone, clerk)
    page = someone.page
    page.wait_for_selector(".why-facts")
    page.keyboard.press("a")
    page.wait_for_selector("dialog[open] .found-item")
    page.keyboard.press("Enter")
    page.wait_for_selector(".toast")
    someone.settle()
    someone.keep("window-toast")
    covered = page.evaluate(
        """() => {
            const toast = document.querySelector('.toast').getBoundingClientRect();
            return [...document.querySelectorAll('.why-text, .why-facts dd, .current-number, .action')].filter(each => {
                const other = each.getBoundingClientRect();
                return toast.left < other.right && other.left < toast.right
                    && toast.top < other.bottom && other.top < toast.bottom;
            }).length;
        }"""
    )
    assert covered == 0


def test_a_console_without_its_stream_looks_every_ten_seconds(visitor: Bring, desk: Bring) -> None:
    clerk = desk("meteor")
    someone = visitor(script=TOLD_BY_TEST)
    page = someone.page
    page.clock.install()
    _sign_in(someone, clerk)
    page.wait_for_selector(".desk")
    page.clock.run_for(12_000)
    assert page.evaluate("looks") == 1
    page.evaluate("window.streamIsAway = true; deskStream.close()")
    page.clock.run_for(12_000)
    someone.until("looks >= 2")


def test_a_clerk_who_leaves_is_told_of_who_is_set_aside_and_another_window_goes_on(
    visitor: Bring, desk: Bring
) -> None:
    clerk = desk("localtax")
    ticket = clerk.issue()
    clerk.call()
    clerk.on(ticket["id"], "start")
    clerk.on(ticket["id"], "hold")
    waiting = clerk.issue()
    someone = _at_desk(visitor, clerk)
    page = someone.page
    page.locator("#leave").press("Enter")
    page.wait_for_selector("dialog[open]")
    someone.sees("还有人暂停在本窗口", within="dialog")
    someone.sees("1 人等候的队列再没有窗口叫号", within="dialog")
    someone.sees(waiting["number"], within="dialog")
    assert page.locator("dialog .left-behind").inner_text() == ticket["number"]
    someone.keep("window-left-behind")
    page.locator("dialog [type=submit]").press("Enter")
    page.wait_for_selector(".window-tile")
    assert ticket["number"] in page.locator(f"[data-window='{clerk.window}'] .window-held").inner_text()
    someone.keep("window-choose-held")
    other = page.locator(f".window-tile:not(:disabled):not([data-window='{clerk.window}'])").first
    elsewhere = other.get_attribute("data-window")
    other.press("Enter")
    page.wait_for_selector(".aside-row")
    someone.keep("window-aside-elsewhere")
    page.locator(f"[data-action='more-{ticket['id']}']").press("Enter")
    page.wait_for_selector("dialog[open]")
    someone.keep("window-aside-more")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.locator(f"[data-action='aside-{ticket['id']}']").press("Enter")
    _state(someone, "serving")
    assert clerk.kiosk.get(f"tickets/{ticket['id']}")["window"] == elsewhere
    page.keyboard.press("f")
    _state(someone, "none")
    clerk.staff.post(f"windows/{elsewhere}/sign-out")


def test_who_does_not_come_back_is_missed_from_the_console(visitor: Bring, desk: Bring) -> None:
    clerk = desk("civil")
    ticket = clerk.issue()
    clerk.call()
    clerk.on(ticket["id"], "start")
    clerk.on(ticket["id"], "hold")
    someone = _at_desk(visitor, clerk)
    page = someone.page
    page.keyboard.press("n")
    someone.sees("以前的小票、二维码和链接立即失效", within="dialog")
    assert page.locator("dialog #token-reasons option").count() == 3
    page.locator("dialog [name=reason]").fill("小票丢失")
    page.locator("dialog [type=submit]").press("Enter")
    page.wait_for_selector("dialog .paper img[src^='data:']")
    assert ticket["number"] in page.locator("dialog .paper").inner_text()
    someone.keep("window-new-slip")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.locator(f"[data-action='more-{ticket['id']}']").press("Enter")
    page.locator("dialog [type=submit]").press("Enter")
    someone.wait(
        lambda: clerk.kiosk.get(f"tickets/{ticket['id']}")["state"] == "missed", what="the visitor is missed"
    )


def test_who_has_gone_on_before_a_dialog_was_away_keeps_the_focus(visitor: Bring, desk: Bring) -> None:
    someone = _at_desk(visitor, desk("civil"))
    page = someone.page
    for closing, kept in (("", "keys"), ("document.querySelector('#leave').focus();", "leave")):
        page.locator("[data-action=keys]").press("Enter")
        page.wait_for_selector("dialog[open]")
        page.evaluate(f"document.querySelector('dialog').close(); {closing}")
        page.wait_for_selector("dialog", state="detached")
        assert page.evaluate("document.activeElement.dataset.action ?? document.activeElement.id") == kept


def test_a_clerk_calls_a_number_out_of_turn_with_a_reason(visitor: Bring, desk: Bring) -> None:
    clerk = desk("education")
    phone = some_phone()
    first, second = (clerk.issue(phone=phone) for _ in range(2))
    someone = _at_desk(visitor, clerk)
    page = someone.page
    page.keyboard.press("c")
    page.wait_for_selector("dialog[open]")
    page.locator("dialog [name=number]").select_option(second["number"])
    page.locator("dialog [type=submit]").press("Enter")
    someone.sees("请写明原因", within="dialog")
    page.locator("dialog [name=reason]").fill("行动不便")
    someone.keep("window-choice")
    page.keyboard.press("Enter")
    _state(someone, "called")
    assert page.locator(".current-number").inner_text() == second["number"]
    someone.sees("行动不便", within=".why-text")
    someone.sees("同一手机号在这个队列还取了 1 个号", within=".current")
    someone.keep("window-same-phone")
    page.reload()
    _state(someone, "called")
    someone.sees("同一手机号在这个队列还取了 1 个号", within=".current")
    clerk.on(second["id"], "start")
    clerk.on(second["id"], "finish")
    clerk.kiosk.post(f"tickets/{first['id']}/cancel", holder=first["token"])
