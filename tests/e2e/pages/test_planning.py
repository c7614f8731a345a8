"""What a manager plans."""

from typing import Any

from tests.e2e.pages.staff import Bring, looks_right, sign_in, slots_of, some_phone

# Between the end of the reference plans and closing time, so that no other test meets these slots.
DEPARTMENT, ITEM, PLAN = "foreign", "foreign-001", "test-evening"
SESSION_DAYS = ("2026-03-02", "2026-03-03")


def _slots(account: Bring) -> list[Any]:
    return [each for each in slots_of(account, ITEM) if each["starts_at"].endswith("T09:30:00+00:00")]


def _book(account: Bring, slot: str) -> Any:
    return account("operator").post(
        "appointments", slot=slot, item=ITEM, name="钱七", phone=some_phone(), channel="phone"
    )


def _state(account: Bring, appointment: Any) -> str:
    return str(account("operator").get(f"appointments/{appointment['id']}")["state"])


def test_a_manager_makes_changes_and_withdraws_a_plan_and_is_told_whom_it_displaces(
    visitor: Bring, account: Bring
) -> None:
    someone = sign_in(visitor, "/planning", "manager")
    page = someone.page
    page.wait_for_selector("tbody tr")
    someone.keep("planning-plans")
    looks_right(someone)
    page.locator("#plan-search").fill("档案")
    someone.until(
        "[...document.querySelectorAll('tbody tr')].every(each => each.textContent.includes('档案'))"
    )
    assert (
        page.locator("tbody tr").count()
        == int("".join(filter(str.isdigit, page.locator("#plan-count").inner_text())))
        > 0
    )
    page.locator("#plan-search").fill("")
    page.locator("#department").select_option(DEPARTMENT)
    page.locator("#new-plan").click()
    page.get_by_label("编号").fill(PLAN)
    page.get_by_label("开始", exact=True).fill("17:30")
    page.get_by_label("结束", exact=True).fill("17:30")
    page.get_by_label("每段分钟").fill("15")
    page.get_by_label("每段号数").fill("2")
    page.get_by_label("窗口", exact=True).fill("1")
    page.keyboard.press("Enter")
    someone.sees("至少容下一个时段", within="dialog")
    someone.sees("合计不得超过总数", within="dialog")
    someone.keep("planning-errors")
    page.get_by_label("结束", exact=True).fill("17:45")
    page.get_by_label("窗口", exact=True).fill("0")
    page.get_by_label("网上", exact=True).fill("0")
    page.keyboard.press("Enter")
    row = page.locator(f"[data-plan={PLAN}]")
    row.wait_for()

    slot = _slots(account)[-1]
    kept, lost = (_book(account, slot["id"]) for _ in range(2))
    page.locator("#tab-day").click()
    page.locator("#day-department").select_option(DEPARTMENT)
    page.locator("#day").fill(slot["starts_at"][:10])
    of_slot = page.locator(f"[data-slot='{slot['id']}']")
    of_slot.locator(f"[data-booking='{lost['id']}']").wait_for()
    assert of_slot.locator(".day-booking").count() == 2
    told = of_slot.inner_text()
    assert all(words in told for words in ("17:30–17:45", "2 / 2", "约满", "钱*")), told
    assert "钱七" not in told, "persons are masked"
    someone.keep("planning-day")
    looks_right(someone)
    page.locator("#tab-plans").click()
    page.locator("#department").select_option(DEPARTMENT)
    row.get_by_role("button", name="修改").click()
    page.get_by_label("每段号数").fill("1")
    page.keyboard.press("Enter")
    someone.sees("1 个预约失去位置", within="dialog")
    someone.keep("planning-displaces")
    looks_right(someone)
    assert [_state(account, each) for each in (kept, lost)] == ["booked", "booked"], "it is told before"
    page.keyboard.press("Enter")
    page.locator("dialog").wait_for(state="detached")
    someone.sees("计划已保存")
    assert sorted(_state(account, each) for each in (kept, lost)) == ["booked", "displaced"]

    row.get_by_role("button", name="停用").click()
    someone.sees("1 个预约失去位置", within="dialog")
    page.keyboard.press("Enter")
    row.get_by_text("至 2026年3月2日").wait_for()
    assert {_state(account, each) for each in (kept, lost)} == {"displaced"}


def test_a_manager_plans_opens_and_closes_a_session_and_sees_the_overtime(
    visitor: Bring, account: Bring
) -> None:
    """The minutes are put into the answers: in the hall of the tests it is morning, where nobody works overtime."""
    someone = sign_in(visitor, "/planning", "manager")
    page = someone.page
    overtime = [{"staff": "clerk001", "minutes": 61}, {"staff": "clerk002", "minutes": 30}]

    def with_overtime(route: Any) -> None:
        answer = route.fetch()
        found = answer.json()
        for session in found.get("items", []):
            if session["state"] == "closed":
                session.update(overtime_minutes=91, overtime=overtime)
        route.fulfill(response=answer, json=found)

    page.route("**/api/v1/extended-sessions?*", with_overtime)
    first, second, third = account("manager").get("people", department=DEPARTMENT)["items"][:3]

    def with_namesakes(route: Any) -> None:
        answer = route.fetch()
        found = answer.json()
        for each in found["items"]:
            if each["username"] == third["username"]:
                each["name"] = second["name"]
        route.fulfill(response=answer, json=found)

    page.route("**/api/v1/people?*", with_namesakes)
    page.reload()  # who works in the hall is asked for when a page opens
    page.wait_for_selector("#new-plan")
    page.locator("#tab-day").focus()
    page.keyboard.press("ArrowRight")
    someone.sees("这些日子没有延时服务")
    page.locator("#new-session").click()
    page.locator("dialog").get_by_label("部门").select_option(DEPARTMENT)
    staff = page.locator("dialog [name=staff]")
    staff.press("Enter")
    someone.sees("至少选一个窗口", within="dialog")
    page.locator("dialog [name=windows]").first.check()
    staff.fill("")
    staff.press("ArrowDown")
    page.wait_for_selector("#staff-found [role=option]")
    staff.press("Escape")
    page.wait_for_selector("#staff-found", state="hidden")
    staff.fill(first["name"])
    page.wait_for_selector(f"#staff-found [data-option='{first['username']}']")
    assert staff.get_attribute("aria-expanded") == "true"
    staff.press("ArrowDown")
    active = page.locator(f"#{staff.get_attribute('aria-activedescendant')}")
    assert (active.get_attribute("data-option"), active.get_attribute("aria-selected")) == (
        first["username"],
        "true",
    )
    someone.keep("planning-people-found")
    looks_right(someone)
    staff.press("Enter")
    page.wait_for_selector(f"dialog .picked-one:has-text('{first['name']}')")
    staff.fill(second["name"])
    page.wait_for_selector(f"#staff-found [data-option='{third['username']}']")
    staff.press("Tab")
    page.wait_for_selector("#staff-found", state="hidden")
    assert page.locator("dialog .picked-one").count() == 1, "two are called so"
    for each in (third, second):
        staff.fill(each["username"])
        staff.press("Enter")
        page.wait_for_selector(f"dialog [data-account='{each['username']}']")
    page.locator(f"dialog [data-account='{third['username']}'] button").press("Enter")
    page.wait_for_selector(f"dialog [data-account='{third['username']}']", state="detached")
    page.get_by_label("开始", exact=True).fill("19:00")
    page.get_by_label("结束", exact=True).fill("01:00")
    someone.keep("planning-session")
    looks_right(someone)
    staff.press("Enter")
    page.wait_for_selector("tr[data-state=planned]")
    today, tomorrow = SESSION_DAYS
    query = {"from": today, "to": tomorrow, "department": DEPARTMENT}
    [planned] = account("manager").get("extended-sessions", **query)["items"]
    assert planned["staff"] == [first["username"], second["username"]]
    assert (planned["starts_at"], planned["ends_at"]) == (
        f"{today}T11:00:00+00:00",
        f"{today}T17:00:00+00:00",
    )
    for button, state in (("现在开始", "open"), ("结束", "closed")):
        page.locator("tbody").get_by_role("button", name=button).click()
        page.keyboard.press("Enter")
        page.wait_for_selector(f"tr[data-state={state}]")
        assert account("manager").get(f"extended-sessions/{planned['id']}")["state"] == state
    page.locator("summary").click()
    assert "clerk001" in page.locator(".overtime").inner_text()
    someone.keep("planning-sessions")
    looks_right(someone)
    stretches = [
        {**planned, "session": planned["id"], "staff": staff, "minutes": minutes, "business_date": today}
        for staff, minutes in (("clerk001", 61), ("clerk002", 30), ("clerk001", 60))
    ]
    page.route("**/api/v1/overtime?*", lambda route: route.fulfill(json={"items": stretches, "next": None}))
    page.locator("#tab-overtime").click()
    row = page.locator("tr[data-staff=clerk001]")
    row.wait_for()
    assert "2 小时 1 分" in row.inner_text()
    someone.keep("planning-overtime")
    looks_right(someone)
