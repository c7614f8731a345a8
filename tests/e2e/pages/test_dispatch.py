"""The dispatcher's page: from orders to screen to a published plan, and the crews."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest

from tests.e2e.pages.conftest import rows_of
from tests.e2e.pages.onsite import orders_on_a_route
from tests.e2e.pages.staff import Bring, looks_right, sign_in, some_phone
from tests.e2e.test_hall_over_http import Api
from tests.e2e.test_onsite_over_http import check_published

# Days on which no other test orders anything, a Thursday and a Friday; one on which a crew may be away, a Thursday.
DAY, NEXT_DAY, ABSENT_DAY = "2026-03-05", "2026-03-06", "2026-03-12"
MARKET, STAFFING = (
    next(row["code"] for row in rows_of("items") if row["department"] == department)
    for department in ("market", "hrss")
)
MARKET_CREWS = ("market-1", "market-2", "market-3")
# Item, window, latitude, longitude.
ORDERS = (
    (MARKET, ("09:30", "11:30"), 22.5512, 114.0420),
    (MARKET, ("10:00", "12:00"), 22.5690, 114.0610),
    (MARKET, ("13:30", "16:00"), 22.5380, 114.0950),
    (MARKET, ("14:00", "17:00"), 22.5560, 114.1180),
    (MARKET, ("09:00", "12:00"), 22.5260, 114.0280),
    (STAFFING, ("09:30", "12:00"), 22.5455, 114.0790),
    (STAFFING, ("13:00", "15:30"), 22.5720, 114.0960),
    (STAFFING, ("15:00", "17:00"), 22.5620, 114.0250),
)
TOO_LATE = (MARKET, ("17:40", "18:40"), 22.6000, 114.1200)
# So far away that a plan goes there only when told to.
FAR = (MARKET, ("10:00", "16:00"), 22.7800, 114.0600)
# Keeps what the page says of a plan that is being solved.
LISTEN = """
window.progress = [];
new MutationObserver(() => {
  const bar = document.querySelector('.plan-progress [role=progressbar]');
  if (bar) window.progress.push(document.querySelector('.plan-progress p').textContent);
}).observe(document, { childList: true, subtree: true });
"""


def _order(account: Bring, what: Any, *, day: str = DAY, name: str = "王小明", **more: Any) -> Any:
    item, window, lat, lon = what
    starts, ends = (f"{day}T{each}:00+08:00" for each in window)
    return account("operator").post(
        "onsite-orders",
        item=item, name=name, phone=some_phone(), address="福田区福中三路市民中心C区",
        location={"lat": lat, "lon": lon}, window={"from": starts, "to": ends}, **more,
    )  # fmt: skip


def _accepted(account: Bring, what: Any, **more: Any) -> Any:
    order = _order(account, what, **more)
    return account("dispatcher").post(f"onsite-orders/{order['id']}/screen", accept=True)


def _crew_of(account: Bring, plan: str, order: str) -> tuple[str, int]:
    routes = account("dispatcher").get(f"dispatch-plans/{plan}")["routes"]
    return next(
        (route["crew"], place)
        for route in routes
        for place, stop in enumerate(route["stops"])
        if stop["order"] == order
    )


def _at(visitor: Bring, *, day: str = DAY, **options: Any) -> Any:
    someone = sign_in(visitor, "/dispatch", "dispatcher", **options)
    someone.page.locator("#date").fill(day)
    return someone


def _draft(someone: Any) -> str:
    """Have the day planned at the page and wait for the draft."""
    return _drafted(someone, someone.page.locator("#make-plan").click)


def _drafted(someone: Any, ask: Callable[[], object]) -> str:
    before = someone.page.evaluate("document.querySelector('#plan')?.value ?? ''")
    ask()
    someone.until("before => (document.querySelector('#plan')?.value ?? before) !== before", before)
    someone.page.wait_for_selector("#plan-state[data-state=draft]")
    return str(someone.page.locator("#plan").input_value())


def _half_solved(route: Any) -> None:
    """Answer as while a plan is solved, which is over too soon to be seen here."""
    answer = route.fetch()
    progress = {"elapsed_s": 4.2, "served": 2, "unserved": 1, "distance_m": 12_300}
    route.fulfill(
        response=answer, json={**answer.json(), "state": "solving", "seconds": 10, "progress": progress}
    )


def _anew_for_all_reasons(route: Any) -> None:
    """Answer as for a draft that was made for whatever can be a reason."""
    answer = route.fetch()
    reasons = ["absence", "crew", "hours", "urgent_order", "failed_visit", "order_gone"]
    route.fulfill(response=answer, json={**answer.json(), "state": "draft", "reasons": reasons})


def _drag(someone: Any, order: str, lane: str, *, share: float, of: str = ".visit") -> Any:
    """Take a visit, or a card of an order, to a place in a crew's time line, without letting go."""
    page = someone.page
    handle = page.locator(f"{of}[data-order='{order}']")
    track = page.locator(f".track[data-lane='{lane}']")
    page.locator(".line-keys").scroll_into_view_if_needed()
    box, target = handle.bounding_box(), track.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(target["x"] + target["width"] * share, target["y"] + 20, steps=6)
    page.wait_for_selector(".drag-card[data-feasible]")
    return page.locator(".drag-card")


def _strokes(page: Any, lane: str) -> list[float]:
    """Return the minutes for which the time line shows a crew on the road, in order."""
    share = """track => [...track.querySelectorAll('.travel')]
        .map(({ offsetLeft, style }) => [offsetLeft, parseFloat(style.width)])
        .sort((a, b) => a[0] - b[0]).map(([, width]) => width)"""
    hours = page.locator(".axis .hour").count() - 1
    widths = page.locator(f".track[data-lane='{lane}']").evaluate(share)
    return [width * hours * 0.6 for width in widths]


def _ways(account: Bring, plan: str, crew: str) -> list[float]:
    """Return the minutes of each way of a crew, the one home last, as the API says them."""
    routes = account("dispatcher").get(f"dispatch-plans/{plan}")["routes"]
    [route] = [each for each in routes if each["crew"] == crew]
    stops = route["stops"]
    moment = datetime.fromisoformat
    out = (moment(stops[-1]["leaves_at"]) - moment(stops[0]["arrives_at"])).total_seconds()
    home = route["duration_s"] - stops[0]["travel_s"] - out
    return [each / 60 for each in (*(stop["travel_s"] for stop in stops), home)]


def test_a_dispatcher_screens_plans_reassigns_and_publishes(visitor: Bring, account: Bring) -> None:
    someone = _at(visitor)
    page = someone.page
    someone.sees("这一天还没有受理的工单")
    someone.keep("dispatch-empty", full_page=True)
    looks_right(someone)

    first = _order(account, ORDERS[0])
    declined = _order(account, ORDERS[1], name="赵无理")
    page.locator("#date").fill(NEXT_DAY)
    page.locator("#date").fill(DAY)
    page.locator(f"#order-{first['id']} [data-deed=accept]").focus()
    someone.keep("dispatch-screening", full_page=True)
    page.keyboard.press("Enter")
    page.get_by_label("上门办理需要的分钟数").fill("40")
    looks_right(someone)
    someone.keep("dispatch-accept")
    page.keyboard.press("Enter")
    page.locator(f"#order-{first['id']} [data-deed=accept]").wait_for(state="detached")
    page.locator(f"#order-{declined['id']} [data-deed=decline]").press("Enter")
    page.keyboard.press("Enter")
    someone.sees("请填写理由", within="dialog")
    page.get_by_label("理由").fill("该事项须本人到场")
    page.keyboard.press("Enter")
    page.locator(f"#order-{declined['id']}").wait_for(state="detached")
    found = {each["id"]: each for each in account("dispatcher").get("onsite-orders", date=DAY)["items"]}
    assert (found[first["id"]]["state"], found[first["id"]]["service_seconds"]) == ("screened", 2400)
    assert (found[declined["id"]]["state"], found[declined["id"]]["reason"]) == (
        "cancelled",
        "该事项须本人到场",
    )

    rest = [_accepted(account, each, name=f"张{n}") for n, each in enumerate(ORDERS[1:])]
    late = _accepted(account, TOO_LATE, name="晚到")
    far = _accepted(account, FAR, name="远客", priority="low")
    page.evaluate(LISTEN)
    plan = _draft(someone)
    assert page.evaluate("window.progress").count("") == 0
    assert page.evaluate("window.progress.length") > 0, "how far it is was never shown"
    someone.keep("dispatch-draft", full_page=True)
    looks_right(someone)
    assert someone.faults() == []
    assert page.locator(".visit").count() == len(ORDERS)
    assert page.locator(".map-stop").count() == len(ORDERS)
    someone.sees("下班前来不及返回", within=f"#order-{late['id']}")

    moved = rest[0]["id"]
    before, _ = _crew_of(account, plan, moved)
    target = next(crew for crew in MARKET_CREWS if crew != before)
    someone.expect_complaint("409")
    card = _drag(someone, moved, "hrss-1", share=0.2)
    assert "不能办该事项" in card.inner_text()
    someone.keep("dispatch-drag-refused")
    page.mouse.up()
    someone.sees("没有改派", within="#toasts")
    assert _crew_of(account, plan, moved)[0] == before, "what is refused changes nothing"
    card = _drag(someone, moved, target, share=0.1)
    assert "可以" in card.inner_text()
    someone.keep("dispatch-drag")
    page.mouse.up()
    page.locator(f".track[data-lane='{target}'] [data-order='{moved}']").wait_for()
    assert _crew_of(account, plan, moved)[0] == target
    assert page.locator("dialog").count() == 0, "the end of a drag opens nothing"

    page.locator(f".visit[data-order='{moved}']").press("Enter")
    page.get_by_label("小组", exact=True).select_option(before)
    page.get_by_label("顺序", exact=True).select_option("0")
    page.locator("dialog .notice.good, dialog .notice.bad").wait_for()
    someone.keep("dispatch-reassign")
    looks_right(someone)
    page.get_by_label("顺序", exact=True).press("Enter")
    page.locator("dialog [type=submit]").press("Enter")
    page.locator("dialog").wait_for(state="detached")
    assert _crew_of(account, plan, moved) == (before, 0)
    assert page.evaluate("document.activeElement.dataset.order") == moved

    page.locator(f".visit[data-order='{moved}']").press("Enter")
    page.locator("dialog [data-deed=token]").press("Enter")
    page.locator("dialog [name=reason]").fill("短信发错了号码")
    page.locator("dialog [type=submit]").press("Enter")
    page.wait_for_selector("dialog .paper img[src^='data:']")
    someone.keep("dispatch-new-token")
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")

    card = _drag(someone, far["id"], "hrss-1", share=0.4, of=".order-card")
    assert "不能办该事项" in card.inner_text()
    page.keyboard.press("Escape")
    page.mouse.up()
    assert page.locator(f".order-card[data-order='{far['id']}']").count() == 1
    busy = {route["crew"] for route in account("dispatcher").get(f"dispatch-plans/{plan}")["routes"]}
    free = next(crew for crew in MARKET_CREWS if crew not in busy)
    card = _drag(someone, far["id"], free, share=0.4, of=".order-card")
    assert "可以" in card.inner_text()
    someone.keep("dispatch-drag-unserved")
    page.mouse.up()
    page.locator(f".track[data-lane='{free}'] [data-order='{far['id']}']").wait_for()
    assert _crew_of(account, plan, far["id"]) == (free, 0)
    assert _strokes(page, before) == pytest.approx(_ways(account, plan, before), abs=0.2)

    page.locator("#publish").press("Enter")
    someone.sees("发布后小组和申请人都会收到通知", within="dialog")
    someone.keep("dispatch-publish")
    page.keyboard.press("Enter")
    page.wait_for_selector("#plan-state[data-state=published]")
    check_published(account("dispatcher").get, plan)
    assert account("dispatcher").get(f"onsite-orders/{moved}")["crew"] == before
    someone.keep("dispatch-published", full_page=True)
    looks_right(someone)
    page.route("**/api/v1/dispatch-plans/*", _anew_for_all_reasons)
    page.locator("#date").fill(NEXT_DAY)
    page.locator("#date").fill(DAY)
    someone.sees(
        "有人缺勤、小组资料有变、小组休息时间有变、有紧急工单、有上门未办成、有工单取消或改期",
        within="#redraft",
    )
    page.unroute_all(behavior="wait")


def test_what_has_changed_since_a_draft_is_named_and_planning_again_says_what_moves(
    visitor: Bring, account: Bring
) -> None:
    *orders, gone = (_accepted(account, each, day=NEXT_DAY) for each in ORDERS[:4])
    someone = _at(visitor, day=NEXT_DAY, language="en")
    page = someone.page
    someone.expect_complaint("503")
    away = {"status": 503, "code": "service_unavailable", "detail": ""}
    page.route("**/api/v1/onsite-orders?*", lambda route: route.fulfill(status=503, json=away))
    page.get_by_role("button", name="Day after").click()
    someone.sees("The system is away")
    page.unroute_all(behavior="wait")
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="Day before").click()
    _draft(someone)
    account("dispatcher").post(f"onsite-orders/{gone['id']}/cancel", reason="不办了")
    page.get_by_role("button", name="Day after").click()
    page.get_by_role("button", name="Day before").click()
    someone.sees(f"Order {gone['reference']}: Cancelled", within=".day-notices")
    assert page.locator("[data-movable=true]").count() == 0, "a draft that does not hold is not changed"
    assert page.locator("#publish").is_disabled()
    someone.keep("dispatch-not-holding-en", full_page=True)
    looks_right(someone)
    _drafted(someone, page.locator(".day-notices").get_by_role("button", name="Plan again").click)
    assert page.locator(".day-notices li").count() == 0
    page.locator("#publish").click()
    account("dispatcher").post(f"onsite-orders/{orders[0]['id']}/cancel", reason="不办了")
    someone.expect_complaint("409")
    page.locator("dialog [type=submit]").click()
    someone.sees(f"Order {orders[0]['reference']}: Cancelled", within="dialog")
    someone.keep("dispatch-outdated-en")
    looks_right(someone)
    plan = _drafted(someone, page.locator("dialog").get_by_role("button", name="Plan again").click)
    urgent = _order(account, ORDERS[4], day=NEXT_DAY, priority="urgent")
    page.locator("#publish").click()
    page.locator("dialog [type=submit]").click()
    page.wait_for_selector("#plan-state[data-state=published]")
    check_published(account("dispatcher").get, plan)
    page.locator(f"#order-{urgent['id']} [data-deed=accept]").click()
    page.locator("dialog [type=submit]").click()
    someone.sees("an urgent order came in", within="#fresher")
    assert page.locator("#plan-state").get_attribute("data-state") == "published", "the plan in view stays"
    someone.keep("dispatch-fresher-en", full_page=True)
    looks_right(someone)
    _drafted(someone, page.locator("#look-at-fresher").click)
    someone.sees("Why it was planned anew: an urgent order came in.", within="#redraft")
    someone.keep("dispatch-redraft-en", full_page=True)
    looks_right(someone)

    crew = account("dispatcher").get(f"onsite-orders/{orders[1]['id']}")["crew"]
    page.locator("#tab-crews").click()
    row = page.locator(f"tr[data-crew={crew}]")
    row.get_by_role("button", name="Note an absence").click()
    page.get_by_label("Who").select_option("")
    someone.keep("dispatch-absence-en")
    looks_right(someone)
    page.locator("dialog [type=submit]").click()
    row.get_by_text("Off", exact=True).wait_for()
    someone.sees("being planned anew", within="#toasts")
    someone.keep("dispatch-crews-en", full_page=True)
    looks_right(someone)
    page.route("**/api/v1/dispatch-plans/*", _half_solved)
    page.locator("#tab-day").click()
    someone.sees("2 visits planned, 1 in no route, 12.3 km in all")
    assert page.get_by_role("progressbar").get_attribute("aria-valuenow") == "4"
    someone.keep("dispatch-solving-en", full_page=True)
    looks_right(someone)
    page.unroute_all(behavior="wait")  # one is on its way all the time while a plan is solved
    page.wait_for_selector("#plan-state[data-state=draft]")
    page.locator("#moved .moved li").first.wait_for()
    assert orders[1]["reference"] in page.locator("#moved").inner_text()
    someone.keep("dispatch-moved-en", full_page=True)
    looks_right(someone)


def test_a_dispatcher_makes_a_crew_and_changes_it(visitor: Bring, account: Bring) -> None:
    someone = _at(visitor, day=NEXT_DAY, language="en")
    page = someone.page
    page.locator("#tab-crews").click()
    page.locator("#new-crew").click()
    form = page.locator("dialog")
    form.get_by_label("Code", exact=True).fill("market 9")
    page.keyboard.press("Enter")
    someone.sees("Letters, digits, dots and dashes only", within="dialog")
    looks_right(someone)
    form.get_by_label("Code", exact=True).fill("market-9")
    form.get_by_label("Department", exact=True).select_option("market")
    form.get_by_label("Name", exact=True).fill("市场监管上门服务九组")
    members = form.get_by_label("Members", exact=True)
    members.fill("clerk061, nobody.at.all")
    someone.expect_complaint("422")
    page.keyboard.press("Enter")
    someone.sees("No such account", within="dialog")
    looks_right(someone)
    people = account("dispatcher").get("people", department="stic")["items"]
    who = next(each for each in people if each["username"] == "clerk062")
    members.fill("clerk061")
    members.press("Enter")
    page.wait_for_selector("dialog [data-account=clerk061]")
    members.fill(who["name"])
    page.wait_for_selector("#members-found [data-option=clerk062]")
    someone.keep("dispatch-new-crew-found-en")
    members.press("ArrowDown")
    while page.locator("#members-found [aria-selected=true]").get_attribute("data-option") != "clerk062":
        members.press("ArrowDown")
    members.press("Enter")
    page.wait_for_selector("dialog [data-account=clerk062]")
    someone.keep("dispatch-new-crew-en")
    members.press("Enter")
    row = page.locator("tr[data-crew=market-9]")
    row.wait_for()
    [made] = [each for each in account("dispatcher").get("crews")["items"] if each["code"] == "market-9"]
    assert (made["members"], made["skills"]["departments"]) == (["clerk061", "clerk062"], ["market"])
    row.get_by_role("button", name="Change").click()
    page.get_by_label("Visits a day").fill("0")
    page.keyboard.press("Enter")
    someone.sees("from 1 to 100", within="dialog")
    someone.keep("dispatch-crew-en")
    looks_right(someone)
    page.get_by_label("Visits a day").fill("9")
    page.keyboard.press("Enter")
    row.get_by_role("cell", name="9", exact=True).wait_for()
    [changed] = [each for each in account("dispatcher").get("crews")["items"] if each["code"] == "market-9"]
    assert (changed["capacity"], changed["shifts"]) == (9, made["shifts"])
    row.get_by_role("button", name="Note an absence").click()
    page.locator("dialog [type=submit]").click()
    row.get_by_text("5 (9 with all)").wait_for()


def test_an_absence_says_before_it_is_noted_how_many_visits_nobody_makes_then(
    visitor: Bring, account: Bring
) -> None:
    order = _accepted(account, ORDERS[5], day=ABSENT_DAY)
    account("dispatcher").post("crews/hrss-2/absences", **{"from": ABSENT_DAY})
    someone = _at(visitor, day=ABSENT_DAY, language="en")
    page = someone.page
    page.locator("#tab-crews").click()
    page.locator("tr[data-crew=hrss-1] [data-deed=absent]").click()
    page.locator("dialog [name=member]").select_option("")
    someone.sees("1 on-site visits cannot be made as promised", within="dialog")
    someone.keep("dispatch-absence-effects-en")
    looks_right(someone)
    page.locator("dialog [name=to]").fill("2026-03-01")
    page.locator("dialog .notice").wait_for(state="detached")
    page.locator("dialog [name=from]").fill("2026-03-13")
    page.locator("dialog [name=to]").fill("2026-03-13")
    page.locator("dialog .notice.good").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    _crew_says_first_whom_a_change_touches(someone, order["reference"])
    account("dispatcher").post(f"onsite-orders/{order['id']}/cancel", reason="不办了")
    assert someone.faults() == []


def _crew_says_first_whom_a_change_touches(someone: Any, reference: str) -> None:
    """Take the day from the only crew that is there: the dialog says so, and nothing is saved by that."""
    page = someone.page
    page.locator("tr[data-crew=hrss-1] [data-deed=change]").click()
    weekday = date.fromisoformat(ABSENT_DAY).isoweekday()
    page.locator(f"dialog [name=weekdays][value='{weekday}']").uncheck()
    page.locator("dialog [type=submit]").click()
    someone.sees("1 on-site visits cannot be made as promised", within="dialog")
    someone.sees(reference, within="dialog")
    someone.keep("dispatch-crew-effects-en")
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")


def test_a_crews_weekdays_keep_their_own_breaks_until_the_break_is_changed(
    visitor: Bring, account: Bring
) -> None:
    dispatcher = account("dispatcher")
    noon, early = [{"starts": "12:00", "ends": "13:00"}], [{"starts": "11:00", "ends": "11:30"}]
    pauses = {1: noon, 2: [], 3: None, 4: early, 5: [*noon, {"starts": "15:00", "ends": "15:15"}]}
    shifts = [
        {"weekday": day, "starts": "09:00", "ends": "17:45", "breaks": each} for day, each in pauses.items()
    ]
    usual = next(each for each in dispatcher.get("crews")["items"] if each["code"] == "market-1")
    dispatcher.post(
        "crews", code="market-8", department="market", name="市场监管上门服务八组", name_en=None,
        members=["clerk063"], least_members=1, capacity=7, shifts=shifts, start=usual["start"],
        skills={"departments": ["market"], "items": []}, days_off=[],
    )  # fmt: skip
    someone = _at(visitor, day=NEXT_DAY, language="en")
    page = someone.page
    page.locator("#tab-crews").click()
    row = page.locator("tr[data-crew=market-8]")

    def changed(**fields: str) -> list[Any]:
        row.get_by_role("button", name="Change").click()
        for name, value in fields.items():
            control = page.locator(f"dialog [name={name}]")
            (control.select_option if name == "pause" else control.fill)(value)
        page.locator("dialog [type=submit]").click()
        page.locator("dialog").wait_for(state="detached")
        [crew] = [each for each in dispatcher.get("crews")["items"] if each["code"] == "market-8"]
        return [shift["breaks"] for shift in crew["shifts"]]

    assert changed(capacity="6") == list(pauses.values())
    assert changed(ends="18:00") == list(pauses.values())
    assert changed(pause="none") == [[]] * 5
    assert someone.faults() == []


@pytest.fixture
def begun(hall: Any) -> Iterator[Any]:
    """A visit of today that a crew is on its way to."""
    [order] = orders_on_a_route(hall, 1)
    crew = Api(hall, "crew")
    assert crew.post(f"/onsite-orders/{order['id']}/depart").status_code == 200
    yield order
    assert crew.post(f"/onsite-orders/{order['id']}/fail", {"reason": "没有人在"}).status_code == 200


@pytest.fixture
def of_today(account: Bring, begun: Any) -> Iterator[Any]:
    """Three accepted orders of the same day; none is left for other tests."""
    orders = [_accepted(account, each, day=begun["date"], name="老李") for each in ORDERS[3:5] + ORDERS[3:4]]
    yield orders
    dispatcher = account("dispatcher")
    for order in (dispatcher.get(f"onsite-orders/{each['id']}") for each in orders):
        if order["state"] != "cancelled":
            dispatcher.post(f"onsite-orders/{order['id']}/cancel", reason="不办了")


def test_today_on_a_phone_shows_visits_under_way_and_what_is_left_over(
    visitor: Bring, account: Bring, begun: Any, of_today: Any
) -> None:
    day, (old, called_off, waiting) = begun["date"], of_today
    someone = sign_in(visitor, "/dispatch", "dispatcher", size="phone")
    page = someone.page
    left = [{**old, "date": "2026-02-27"}, called_off]
    page.route(
        "**/api/v1/onsite-orders/overdue?*", lambda route: route.fulfill(json={"items": left, "next": None})
    )
    _draft(someone)
    under_way = page.locator(f".visit[data-order='{begun['id']}']")
    assert under_way.get_attribute("data-movable") == "false"
    assert page.locator(f".visit[data-order='{waiting['id']}']").get_attribute("data-movable") == "true"
    looks_right(someone)
    someone.keep("dispatch-phone", full_page=True)
    under_way.press("Enter")
    someone.sees("在路上", within="dialog")
    assert page.locator("dialog [name=crew]").count() == 0, "what has begun is not given to another"
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")

    page.locator(f"#order-{old['id']} [data-deed=move]").click()
    page.get_by_label("改到哪一天").fill("2026-03-10")
    looks_right(someone)
    someone.keep("dispatch-phone-move")
    left.pop(0)
    page.locator("dialog [type=submit]").click()
    page.locator(f"#order-{old['id']}").wait_for(state="detached")
    page.locator(f"#order-{called_off['id']} [data-deed=cancel]").click()
    page.get_by_label("理由").fill("过期未办")
    left.pop()
    page.locator("dialog [type=submit]").click()
    page.locator("#overdue").wait_for(state="detached")
    found = [account("dispatcher").get(f"onsite-orders/{each['id']}") for each in (old, called_off)]
    assert [(each["state"], each["date"]) for each in found] == [
        ("screened", "2026-03-10"),
        ("cancelled", day),
    ]


def test_a_manager_may_look_at_a_day_and_changes_nothing(visitor: Bring) -> None:
    someone = sign_in(visitor, "/dispatch", "manager", size="board")
    page = someone.page
    page.wait_for_selector(".day-side")
    assert page.locator("#make-plan").is_hidden()
    assert (
        page.locator(
            "[data-deed=accept]:visible, [data-deed=decline]:visible, [data-deed=again]:visible, .drag-hint:visible"
        ).count()
        == 0
    )
    someone.settle()
    someone.keep("dispatch-manager")
    lines = page.locator("[aria-labelledby=lines-title]").bounding_box()
    assert lines["y"] < 1080 * 0.8, "the time line, where one drags, stands in sight"
