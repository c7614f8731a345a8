"""The page of joint approval: one project, several departments, each step supervised, materials handed in once."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.pages.conftest import rows_of
from tests.e2e.pages.staff import Bring, looks_right, send, sent, sign_in

Account = Callable[[str], Any]
INVESTMENT, ACCEPTANCE = "government-investment", "completion-acceptance"
OF_PROPOSAL = ("application", "owner-licence")
CHINESE = re.compile(r"[\u3400-\u9fff]")


def clerk_of(department: str) -> str:
    """Return the account of a clerk of a department."""
    return next(row["username"] for row in rows_of("clerks") if row["department"] == department)


def begun(account: Account, procedure: str, project: str) -> str:
    """Open a joint case and return its number."""
    number = account("manager").post("joint-cases", procedure=procedure, project=project)["number"]
    return str(number)


def hand_in(account: Account, number: str, *materials: str) -> None:
    """Hand materials in."""
    for each in materials:
        account("manager").post(f"joint-cases/{number}/materials/{each}/hand-in")


def card(step: str, state: str) -> str:
    """Return the selector of a step's card in a state."""
    return f".joint-step[data-step={step}][data-state={state}]"


def kept(someone: Any, name: str) -> None:
    """Save the whole page from its top, without the messages in the corner."""
    someone.page.evaluate("scrollTo(0, 0); document.getElementById('toasts').replaceChildren()")
    someone.keep(name, full_page=True)


def focused(someone: Any) -> str:
    """Return what has the focus, in words."""
    return str(someone.page.evaluate("document.activeElement.textContent"))


def test_a_manager_opens_a_joint_case_takes_a_material_in_and_urges_a_step(visitor: Bring) -> None:
    someone = sign_in(visitor, "/joint", "manager")
    someone.expect_complaint("422")
    page = someone.page
    page.locator("[data-deed=open]").press("Enter")
    send(page, procedure=INVESTMENT, project="图书馆新馆，联系 138 1234 5678")
    someone.sees("不能写身份证号、电话号码", within="dialog")
    sent(page, project="市图书馆新馆工程")
    page.wait_for_selector("#joint-title:has-text('市图书馆新馆工程')")
    number = page.evaluate("location.hash").removeprefix("#")
    assert page.locator(f".joint-entry[data-joint={number}][aria-current]").count() == 1
    page.wait_for_selector(card("proposal", "ready"))
    assert page.locator(".joint-step[data-state=waiting]").count() == 9
    assert page.locator(".joint-lines .joint-line").count() == 11
    row = page.locator("tr[data-material=application]")
    row.locator("[data-deed=hand-in]").press("Enter")
    sent(page, reference="DRC-2026-0031")
    page.wait_for_selector("tr[data-material=application]:has-text('DRC-2026-0031')")
    assert "已提交" in row.inner_text()
    assert row.locator("button").count() == 0
    assert focused(someone) == "项目申请报告"
    page.locator("[data-deed=urge]").press("Enter")
    send(page)
    someone.sees("请填写。", within="dialog")
    sent(page, text="请在本周内办结项目建议书审批。")
    someone.sees("请在本周内办结项目建议书审批。", within=".joint-urgings")
    assert "督办 1 次" in page.locator(card("proposal", "ready")).inner_text()
    assert focused(someone) == "督办"
    looks_right(someone)
    assert someone.faults() == []
    kept(someone, "joint-one")
    page.locator("[data-deed=withdraw]").press("Enter")
    sent(page, reason="项目并入文化中心工程")
    page.wait_for_selector("#joint-state:has-text('已终止')")
    someone.sees("项目并入文化中心工程", within=".joint-head")
    assert page.locator(".joint-one [data-deed]").count() == 0
    assert page.evaluate("window.pressed") is None


def test_a_step_is_accepted_at_a_window_and_decided_and_those_after_it_become_ready(
    visitor: Bring, account: Account, desk: Bring
) -> None:
    number = begun(account, INVESTMENT, "滨河新区第二人民医院新建工程")
    hand_in(account, number, *OF_PROPOSAL)
    at = desk("drc")
    ticket = at.issue()
    assert at.item == "drc-001"
    at.call()
    at.on(ticket["id"], "start")
    window = visitor()
    window.expect_complaint("409|503")
    page = window.go("/window")
    page.locator("#username").fill(at.username)
    page.locator("#password").fill("demo")
    page.keyboard.press("Enter")
    page.wait_for_selector(".current[data-state=serving]")
    window.until("document.querySelectorAll('.action:not(:disabled)').length > 0")
    page.route("**/api/v1/joint-cases?*", lambda route: route.fulfill(status=503, json={}))
    page.keyboard.press("a")
    page.wait_for_selector("dialog .found-item")
    assert not page.locator("#joint").is_visible()
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.unroute_all()
    page.keyboard.press("a")
    page.locator("dialog #joint").wait_for()
    assert page.locator("#joint").input_value() == ""
    page.locator("#joint").select_option(number)
    window.sees("还缺材料：授权委托书", within="dialog")
    window.settle()
    assert window.faults() == []
    window.keep("joint-window")
    page.locator("dialog [type=submit]").press("Enter")
    window.sees("本环节所需材料还没有交齐", within="#toasts")
    hand_in(account, number, "authorisation")
    window.until("!document.querySelector('dialog [type=submit]').disabled")
    page.locator("dialog [type=submit]").press("Enter")
    page.wait_for_selector(".case")

    someone = sign_in(visitor, f"/joint#{number}", at.username)
    page = someone.page
    page.wait_for_selector(card("proposal", "under_way"))
    assert page.locator("#joint-department").input_value() == "drc"
    assert page.locator("[data-panel=proposal]").count() == 1
    assert "前办结" in page.locator(card("proposal", "under_way")).inner_text()
    assert page.locator("[data-deed=close]").is_disabled()
    someone.sees("尚有 10 个环节未办结", within=".joint-head")
    page.locator("[data-deed=correction]").press("Enter")
    sent(page, reason="缺少资金来源证明")
    page.wait_for_selector(f"{card('proposal', 'under_way')}:has-text('补正中')")
    someone.sees("缺少资金来源证明", within="[data-panel=proposal]")
    page.locator("[data-deed=resume]").press("Enter")
    sent(page)
    page.locator("[data-deed=decide]").press("Enter")
    sent(page)
    page.wait_for_selector(card("proposal", "closed"))
    for step in ("site", "land-review"):
        page.wait_for_selector(card(step, "ready"))
    assert page.locator(".joint-step[data-state=waiting]").count() == 7
    assert "政府投资项目建议书审批" in focused(someone)
    assert page.locator("[data-row=site].held").count() == 1
    page.locator(card("site", "ready")).press("Enter")
    assert "建设项目选址意见书核发" in focused(someone)
    assert page.locator("[data-panel=site] [data-deed=decide]").count() == 0
    looks_right(someone)
    assert someone.faults() == []
    kept(someone, "joint-decided")
    assert page.evaluate("window.pressed") is None


def test_co_handlers_commit_themselves_and_the_lead_closes(
    visitor: Bring, account: Account, desk: Bring
) -> None:
    number = begun(account, ACCEPTANCE, "城东污水处理厂二期工程竣工验收")
    hand_in(account, number, "completion-report", "as-built", "authorisation")
    planner = sign_in(visitor, f"/joint#{number}", clerk_of("planning"))
    planner.expect_complaint("422")
    page = planner.page
    page.wait_for_selector("[data-panel=planning]")
    assert page.locator("[data-deed=close], [data-deed=withdraw], [data-deed=urge]").count() == 0
    page.locator("[data-deed=commit]").press("Enter")
    send(page, text="三十日内完成规划验收", fulfil_by="2026-03-01")
    planner.sees("不能早于今天。", within="dialog")
    sent(page, fulfil_by="2026-03-31")
    page.wait_for_selector(f"{card('planning', 'committed')}:has-text('3月31日')")
    planner.sees("三十日内完成规划验收", within=".joint-panel")
    looks_right(planner)
    assert planner.faults() == []

    for department, step in (("habitat", "environment"), ("audit", "final-account")):
        account(clerk_of(department)).post(
            f"joint-cases/{number}/steps/{step}/commit", text="按期完成", fulfil_by="2026-04-10"
        )
    lead = sign_in(visitor, f"/joint#{number}", clerk_of("housing"))
    page = lead.page
    page.wait_for_selector(card("filing", "ready"))
    assert page.locator("[data-deed=close]").is_disabled()
    assert page.locator("[data-deed=commit]").count() == 0
    lead.sees("尚有 1 个环节未办结：3", within=".joint-head")
    at = desk("housing")
    ticket = account("kiosk").post("tickets", item="housing-012", channel="kiosk")
    at.call()
    at.on(ticket["id"], "start")
    case = at.on(ticket["id"], "cases", item="housing-012", joint_case=number)
    page.reload()
    page.locator("[data-panel=filing] [data-deed=refuse]").press("Enter")
    send(page, reason="")
    lead.sees("请填写。", within="dialog")
    lead.settle()
    kept(lead, "joint-refuse")
    sent(page, reason="竣工资料与规划不符")
    page.wait_for_selector(card("filing", "ready"))
    refused = account(clerk_of("housing")).get(f"cases/{case['number']}")
    assert (refused["state"], refused["outcome"]) == ("decided", "refused")
    case = at.on(ticket["id"], "cases", item="housing-012", joint_case=number)
    at.on(ticket["id"], "finish")
    page.reload()
    page.locator("[data-panel=filing] [data-deed=decide]").press("Enter")
    sent(page)
    page.wait_for_selector(card("filing", "closed"))
    assert case["number"] in page.locator(card("filing", "closed")).inner_text()
    lead.sees("牵头部门可以办结全件", within=".joint-head")
    kept(lead, "joint-committed")
    page.locator("[data-deed=close]").press("Enter")
    sent(page)
    page.wait_for_selector("#joint-state:has-text('全件办结')")
    page.locator("#joint-state-choice").select_option("closed")
    page.wait_for_selector(f".joint-entry[data-joint={number}]:has-text('4/4')")
    assert page.evaluate("window.pressed") is None


def test_a_step_that_is_late_stands_out_in_the_list_the_graph_and_the_timeline(
    visitor: Bring, account: Account
) -> None:
    number = begun(account, INVESTMENT, "轨道交通延长线工程")
    opened, begun_at = "2026-01-05T01:00:00+00:00", "2026-01-19T01:00:00+00:00"

    def late(joint: Any) -> Any:
        if joint["number"] != number:
            return joint
        [first, *others] = joint["steps"]
        case = {
            "number": "2026-0000009",
            "item": first["item"],
            "department": first["department"],
            "state": "accepted",
            "due_on": "2026-02-10",
            "on_time": None,
        }
        stays = [
            {"state": "ready", "entered_at": opened, "left_at": begun_at},
            {"state": "under_way", "entered_at": begun_at, "left_at": None},
        ]
        held = {"state": "under_way", "late": True, "case": case, "since": begun_at, "history": stays}
        waits = {
            "since": opened,
            "history": [{"state": "waiting", "entered_at": opened, "left_at": None}],
        }
        return joint | {"opened_at": opened, "steps": [first | held, *(each | waits for each in others)]}

    def changed(route: Any) -> None:
        found = route.fetch().json()
        answer = (
            found | {"items": [late(each) for each in found["items"]]} if "items" in found else late(found)
        )
        route.fulfill(json=answer)

    someone = visitor()
    page = someone.page
    page.route("**/api/v1/joint-cases?*", changed)
    page.route("**/api/v1/joint-cases/*", changed)
    someone.go(f"/joint#{number}")
    page.locator("#username").fill("analyst")
    page.locator("#password").fill("demo")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{card('proposal', 'under_way')}:has-text('逾期')")
    page.wait_for_selector(f".joint-entry[data-joint={number}]:has-text('1 个环节逾期')")
    someone.sees("个项目有环节逾期", within="#joint-count")
    someone.sees("1 个环节逾期，项目停在：", within=".joint-head")
    row = page.locator("[data-row=proposal]")
    assert "逾期" in row.inner_text() and "42 天" in row.inner_text()
    assert row.locator(".joint-bar").count() == 2
    assert row.locator(".joint-due").count() == 1
    assert page.locator(".joint-one [data-deed]").count() == 0
    looks_right(someone)
    assert someone.faults() == []
    kept(someone, "joint-late")


def test_the_procedures_stand_as_graphs_with_what_they_ask_for(visitor: Bring) -> None:
    someone = sign_in(visitor, "/joint#procedures", "operator")
    page = someone.page
    page.wait_for_selector(f"[data-procedure={INVESTMENT}]")
    assert page.locator(f"[data-procedure={INVESTMENT}] .joint-step").count() == 10
    assert page.locator(f"[data-procedure={ACCEPTANCE}] .joint-line").count() == 3
    someone.sees("告知承诺", within=f"[data-procedure={ACCEPTANCE}]")
    assert page.locator("[data-deed]").count() == 0
    looks_right(someone)
    assert someone.faults() == []
    kept(someone, "joint-procedures")
    page.locator("#tab-procedures").press("ArrowLeft")
    page.wait_for_selector("#joint-count")
    assert page.evaluate("location.hash") == "#cases"


def test_a_manager_makes_a_procedure_and_changes_it(visitor: Bring, account: Bring) -> None:
    someone = sign_in(visitor, "/joint#procedures", "manager")
    page = someone.page
    page.locator("[data-deed=new-procedure]").click()
    form = page.locator("dialog")
    form.locator("[name=code]").fill("test-move")
    form.locator("[name=name]").fill("企业迁入")
    form.locator("[name=lead]").select_option("market")
    page.keyboard.press("Enter")
    someone.sees("请写明每个环节的事项", within="dialog")
    items = form.locator("[name=step_item]")
    items.first.fill("market-00")
    page.wait_for_selector("#procedure-items option[value='market-001']", state="attached")
    for nth, code in enumerate(("market-001", "drc-001")):
        items.nth(nth).fill(code)
    form.locator("[name=step_after]").nth(1).fill("3")
    page.keyboard.press("Enter")
    someone.sees("前置环节的序号不对", within="dialog")
    form.locator("[name=step_after]").nth(1).fill("1")
    names = form.locator("[name=material_name]")
    for nth in range(2):
        form.locator("[data-add=materials]").press("Enter")
        someone.until("document.activeElement.name === 'material_name'")
        names.nth(nth).fill("迁移申请书" if nth else "")
    form.locator("[data-rows=materials] button").first.press("Enter")
    assert [names.nth(nth).input_value() for nth in range(names.count())] == ["迁移申请书"]
    assert form.locator("[name=lead]").input_value() == "market"
    form.locator("[name=material_needed]").fill("1，2")
    kept(someone, "joint-new-procedure")
    page.keyboard.press("Enter")
    made = page.locator("[data-procedure=test-move]")
    made.wait_for()
    assert made.locator(".joint-step").count() == 2
    made.locator("[data-deed=change-procedure]").click()
    form.locator("[name=step_item]").nth(1).wait_for()
    assert form.locator("[name=step_after]").nth(1).input_value() == "1"
    form.locator("[data-add=steps]").press("Enter")
    form.locator("[name=step_item]").nth(2).fill("market-002")
    form.locator("[name=step_after]").nth(2).fill("1, 2")
    page.keyboard.press("Enter")
    someone.until("document.querySelectorAll('[data-procedure=test-move] .joint-step').length === 3")
    [found] = [
        each for each in account("manager").get("joint-procedures")["items"] if each["code"] == "test-move"
    ]
    assert [(each["item"], each["after"]) for each in found["steps"]] == [
        ("market-001", []),
        ("drc-001", ["s1"]),
        ("market-002", ["s1", "s2"]),
    ]
    assert [(each["name"], each["needed_by"]) for each in found["materials"]] == [
        ("迁移申请书", ["s1", "s2"])
    ]
    made.locator("[data-deed=end-procedure]").click()
    page.locator("dialog [type=submit]").press("Enter")
    someone.sees("已停用", within="[data-procedure=test-move]")


@pytest.mark.parametrize("place", ["list", "one", "procedures"])
def test_on_a_phone_in_english_nothing_is_wider_than_the_screen_nor_chinese(
    visitor: Bring, account: Account, place: str
) -> None:
    number = begun(account, INVESTMENT, "Riverside Hospital")
    someone = visitor("phone", language="en")
    someone.go({"list": "/joint", "one": f"/joint#{number}", "procedures": "/joint#procedures"}[place])
    page = someone.page
    page.locator("#username").fill("manager")
    page.locator("#password").fill("demo")
    page.keyboard.press("Enter")
    shown = {
        "list": f".joint-entry[data-joint={number}]",
        "one": card("proposal", "ready"),
        "procedures": f"[data-procedure={INVESTMENT}]",
    }
    page.wait_for_selector(shown[place])
    someone.until("!document.querySelector('main .spinner')?.checkVisibility()")
    within = {"list": shown["list"], "one": ".joint-one", "procedures": shown["procedures"]}[place]
    for text in (page.locator(within).inner_text(), page.locator(".tools, .tabs").first.inner_text()):
        assert CHINESE.findall(text) == []
    looks_right(someone)
    assert someone.faults() == []
    kept(someone, f"joint-phone-{place}")
    if place == "one":
        step = page.locator(".joint-step[data-step=feasibility]")
        assert "After: Preliminary review of land use" in step.inner_text()
        assert not page.locator(".joint-lines").is_visible()
        page.get_by_role("button", name="Back to the list").press("Enter")
        page.wait_for_selector(shown["list"])
        assert page.evaluate("document.activeElement.dataset.joint") == number
