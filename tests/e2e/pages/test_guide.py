"""The guide to services that everybody reads, and the page where administrators keep the catalogue."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.pages.staff import Bring, looks_right, send, sign_in

CODE = "pages-guide-1"
TODAY, LATER = "2026-03-02", "2026-03-16"
ROWS = ".guide-row"
CHINESE = """
() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (element.closest("script, [lang^=zh]:not(html)") || !element.checkVisibility()) continue;
        if (/[\\u4e00-\\u9fff]/.test(walker.currentNode.textContent)) found.push(walker.currentNode.textContent);
    }
    return found;
}
"""


def loaded(someone: Any) -> None:
    """Wait until nothing loads any more."""
    someone.until("!document.querySelector('main .spinner')?.checkVisibility()")


def error_at(page: Any, name: str) -> str:
    """Return what the open dialog says at a field."""
    place = page.locator(f"dialog [data-error-of={name}]")
    place.filter(has_text=re.compile(".")).wait_for()
    return str(place.inner_text())


@pytest.fixture
def own_item(account: Callable[[str], Any]) -> Iterator[Callable[..., str]]:
    """Offer items that only one test knows; at the end they are withdrawn, so that the hall has those it had."""
    admin = account("admin")
    made: list[str] = []

    def make(code: str, *, add: bool = True, **other: Any) -> str:
        made.append(code)
        content = {
            "name": "共享单车停放点设置备案", "name_en": "Filing of bicycle parking places", "department": "urban",
            "kind": "public_service", "time_limit_days": 5, "service_seconds": 300, "materials": ["申请表", "平面图"],
        }  # fmt: skip
        if add:
            queue = admin.get("queues", department="urban")["items"][0]["code"]
            admin.post("items", code=code, queue=queue, **(content | other))
        return code

    yield make
    for code in made:
        found = admin.client.get(f"items/{code}")
        if found.is_error:  # it is only announced, or was called off already
            admin.client.post(f"items/{code}/withdraw", json={"effective_from": LATER})
        elif found.json()["state"] == "active":
            admin.post(f"items/{code}/withdraw")


def test_a_visitor_finds_an_item_by_its_initials_and_comes_back_to_the_list_of_a_chain(
    visitor: Bring, account: Callable[[str], Any]
) -> None:
    items = account("admin").get("items", limit="700")["items"]
    talent = sum("talent" in each["chains"] for each in items)
    someone = visitor()
    page = someone.go("/guide")
    someone.sees(f"34 个部门的 {len(items)} 个事项")
    assert page.locator(".guide-chain").count() == 6
    assert page.locator(".guide-department").count() == 34
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("guide", full_page=True)

    page.get_by_role("searchbox").fill("dacyly")
    page.locator(ROWS, has_text="档案查阅利用").wait_for()
    assert "q=dacyly" in page.url
    assert "当场办结" in page.locator(ROWS, has_text="档案查阅利用").inner_text()
    page.get_by_role("button", name="清除条件").click()
    page.locator(".guide-chain", has_text="人才引进").click()
    someone.sees(f"共 {talent} 个事项，已列出 40 个")
    assert "chain=talent" in page.url
    assert page.evaluate("document.activeElement.className") == "guide-said"
    page.get_by_role("button", name="显示更多").click()
    page.locator(ROWS).nth(79).wait_for()
    looks_right(someone)
    someone.keep("guide-chain")
    code = page.locator(ROWS).nth(70).get_attribute("data-row")
    page.locator(ROWS).nth(70).click()
    page.wait_for_url(f"**/guide/{code}")
    page.locator("#item-title").wait_for()

    page.go_back()
    page.locator(ROWS).nth(79).wait_for()
    assert page.locator(ROWS).count() == 80
    assert page.locator("#guide-chain").input_value() == "talent"
    someone.until("code => document.activeElement.dataset.row === code", code)
    page.go_back()
    page.locator(".guide-chain").first.wait_for()
    assert page.locator("#guide-chain").input_value() == ""
    page.go_forward()
    someone.sees(f"共 {talent} 个事项")

    page.locator("#guide-department").select_option("archives")
    someone.sees("没有找到事项")
    someone.go("/guide?department=archives&kind=public_service")
    someone.sees("共 3 个事项")
    assert page.locator("#guide-department").input_value() == "archives"


def test_an_item_says_what_to_bring_where_and_leads_to_a_booking(visitor: Bring) -> None:
    someone = visitor()
    page = someone.go("/guide/archives-001")
    someone.sees("档案查阅利用", within="h1")
    facts = page.locator(".fact-list").inner_text()
    for words in ("市档案局", "H · 文化与社会事务区", "当场办结", "公共服务", "2004年5月10日"):
        assert words in facts
    assert page.locator(".guide-materials li").count() == 2
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("guide-item", full_page=True)
    assert page.get_by_role("link", name="上门服务").get_attribute("href") == "/onsite#/item/archives-001"
    page.emulate_media(media="print")
    assert not page.locator(".guide-ways").is_visible()
    assert page.locator(".guide-box").first.is_visible()
    assert page.locator(".guide-printed").is_visible()
    someone.keep("guide-item-print", full_page=True)
    page.emulate_media(media="screen")
    page.get_by_role("link", name="预约办事").click()
    page.wait_for_url("**/book#/item/archives-001")
    someone.sees("请带齐材料")


def test_an_item_on_a_phone_in_english(visitor: Bring) -> None:
    someone = visitor("phone", language="en")
    page = someone.go("/guide?q=civil-011")
    page.locator(ROWS).wait_for()
    assert page.evaluate(CHINESE) == []
    looks_right(someone)
    someone.keep("guide-phone-list", full_page=True)
    page.locator(ROWS).click()
    someone.sees("Marriage registration with foreigners", within="h1")
    someone.sees("needs no appointment")
    assert page.get_by_role("link", name="Book an appointment").count() == 0
    looks_right(someone)
    assert someone.faults() == []
    assert page.evaluate(CHINESE) == []
    someone.keep("guide-phone-item", full_page=True)
    page.get_by_role("link", name="Back to the items").click()
    page.locator(ROWS).wait_for()
    assert page.url.endswith("?q=civil-011#find")
    page.locator("#tab-changes").click()
    page.locator(".change-row").first.wait_for()
    assert page.evaluate(CHINESE) == []
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("guide-phone-changes")


def test_an_item_that_there_is_none_of_is_said_so(visitor: Bring, own_item: Callable[..., str]) -> None:
    someone = visitor()
    someone.expect_complaint("404")
    someone.go("/guide/no-such-item")
    someone.sees("没有这个事项")
    assert someone.faults() == []
    code = own_item("pages-guide-2", effective_from=LATER)
    someone.go(f"/guide/{code}")
    someone.sees("这个事项自 2026年3月16日 起办理")


def test_changes_are_listed_with_their_days_also_those_to_come(
    visitor: Bring, account: Callable[[str], Any], own_item: Callable[..., str]
) -> None:
    admin = account("admin")
    code = own_item("pages-guide-3")
    coming = {"time_limit_days": 3, "materials": ["申请表"], "effective_from": LATER, "reason": "提速"}
    admin.client.patch(f"items/{code}", json=coming).raise_for_status()
    someone = visitor()
    page = someone.go(f"/guide/{code}")
    someone.sees("即将生效的变更")
    someone.sees("5 个工作日 → 3 个工作日", within=".guide-coming")
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("guide-item-coming", full_page=True)
    admin.post(f"items/{code}/withdraw", reason="合并办理")
    page.reload()
    someone.sees("这个事项已于 2026年3月2日 取消")
    assert page.get_by_role("link", name="预约办事").count() == 0

    someone.go("/guide#changes")
    row = page.locator(f"[data-change={code}-2]")
    row.wait_for()
    words = row.inner_text()
    for part in ("2026年3月16日", "调整", "即将生效", "减少 平面图", "说明：提速", "市城管局"):
        assert part in words
    assert "合并办理" in page.locator(f"[data-change={code}-3]").inner_text()
    assert page.locator("#month-2026-03").is_visible()
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("guide-changes", full_page=True)
    page.locator("#period").select_option("coming")
    page.locator(f"[data-change={code}-3]").wait_for(state="detached")
    row.wait_for()
    assert page.locator(f"[data-change={code}-3]").count() == 0
    page.locator("#period").select_option("own")
    page.locator("#from").fill("2011-10-01")
    page.locator("#to").fill("2011-10-31")
    someone.until(
        "[...document.querySelectorAll('.change-row')].map(each => each.dataset.change).join() === 'culture-005-1'"
    )
    page.locator(".change-name").click()
    page.wait_for_url("**/guide/culture-005")


def test_an_administrator_adds_adjusts_and_withdraws_an_item_with_the_keyboard(
    visitor: Bring, account: Callable[[str], Any], own_item: Callable[..., str]
) -> None:
    own_item(CODE, add=False)
    someone = sign_in(visitor, "/catalogue", "admin")
    someone.expect_complaint("422")
    someone.expect_complaint("409")
    page = someone.page
    page.locator("[data-item]").first.wait_for()
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("catalogue")

    page.locator("[data-deed=add]").press("Enter")
    send(page, code="事项", name="", time_limit_days="400")
    assert "只用字母" in error_at(page, "code")
    assert "请填写" in error_at(page, "name")
    assert "0 到 365" in error_at(page, "time_limit_days")
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("catalogue-wrong")
    page.locator("dialog [name=department]").select_option("urban")
    queue = page.locator("dialog [name=queue] option").nth(1).get_attribute("value")
    content = {
        "name": "共享单车停放点设置备案",
        "kind": "public_service",
        "time_limit_days": "5",
        "service_seconds": "300",
    }
    send(page, code="drc-001", queue=queue, **content)
    assert "已经有了" in error_at(page, "code")
    send(page, code=CODE, effective_from="2026-03-01")
    assert "不得早于今天" in error_at(page, "effective_from")
    assert page.locator("dialog [name=effective_from]").get_attribute("aria-invalid") == "true"
    page.locator("dialog [name=chains][value=basic-construction]").press("Space")
    send(page, effective_from=TODAY, materials="申请表\n\n平面图\n", reason="方便市民")
    page.wait_for_selector("dialog", state="detached")
    someone.sees("共享单车停放点设置备案", within="#item-title")
    made = account("admin").get(f"items/{CODE}")
    assert (made["materials"], made["chains"], made["queue"]) == (
        ["申请表", "平面图"],
        ["basic-construction"],
        queue,
    )

    sent: list[Any] = []

    def note(request: Any) -> None:
        if request.method == "PATCH":
            sent.append(request.post_data_json)

    page.on("request", note)
    page.locator("[data-deed=adjust]").press("Enter")
    send(page)
    someone.sees("没有改动", within="dialog")
    assert sent == []
    send(page, time_limit_days="0", guide="到窗口递交申请表和平面图。")
    page.wait_for_selector("dialog", state="detached")
    page.locator("[data-revision='2']").wait_for()
    assert "5 个工作日 → 当场办结" in page.locator("[data-revision='2']").inner_text()
    page.locator("[data-deed=adjust]").press("Enter")
    send(page, name_en="Filing of bicycle parking places", effective_from=LATER)
    page.wait_for_selector("dialog", state="detached")
    someone.sees("1 项变更即将生效")
    assert sent == [
        {"time_limit_days": 0, "guide": "到窗口递交申请表和平面图。", "effective_from": TODAY},
        {"name_en": "Filing of bicycle parking places", "effective_from": LATER},
    ]
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("catalogue-item", full_page=True)
    reader = visitor()
    reader.go(f"/guide/{CODE}")
    reader.sees("到窗口递交申请表和平面图。")
    reader.sees("当场办结", within=".fact-list")

    page.locator("#tab-coming").press("Enter")
    page.locator(f"[data-change={CODE}-3]").wait_for()
    someone.keep("catalogue-coming")
    page.locator(f"[data-change={CODE}-3] a").press("Enter")
    page.locator("[data-deed=withdraw]").press("Enter")
    someone.keep("catalogue-withdraw")
    send(page, reason="合并办理")
    page.wait_for_selector("dialog", state="detached")
    someone.sees("不再办理", within=".catalogue-item-head")
    assert page.locator("[data-deed]").count() == 0
    assert page.evaluate("window.pressed") is None
    reader.page.reload()
    reader.sees("这个事项已于 2026年3月2日 取消")


def test_an_item_that_is_only_announced_is_adjusted_and_called_off(
    visitor: Bring, own_item: Callable[..., str]
) -> None:
    code = own_item("pages-guide-4", effective_from=LATER)
    someone = sign_in(visitor, f"/catalogue?item={code}#items", "admin")
    someone.expect_complaint("404")
    page = someone.page
    someone.sees("即将办理", within=".catalogue-item-head")
    assert "申请表" in page.locator(".item-guide").inner_text()
    page.locator("[data-deed=adjust]").press("Enter")
    assert page.locator("dialog [name=effective_from]").input_value() == LATER
    send(page, name="共享单车停放点备案", effective_from="2026-03-09")
    assert "还没有开始办理" in error_at(page, "effective_from")
    someone.expect_complaint("409")
    send(page, effective_from=LATER)
    page.wait_for_selector("dialog", state="detached")
    someone.sees("共享单车停放点设置备案 → 共享单车停放点备案")
    looks_right(someone)
    someone.keep("catalogue-announced", full_page=True)
    page.locator("[data-deed=withdraw]").press("Enter")
    send(page)
    page.wait_for_selector("dialog", state="detached")
    page.locator("[data-revision='3'][data-action=withdrawn]").wait_for()
    assert "不再办理" in page.locator(".catalogue-item-head").inner_text()
    assert page.locator("[data-deed]").count() == 0
    page.get_by_role("button", name="返回事项列表").press("Enter")
    page.locator("#state").select_option("all")
    page.locator("#search").fill(code)
    someone.sees("没有找到事项")
    page.go_back()
    someone.sees(code, within=".catalogue-item-head")


@pytest.mark.parametrize("tab", ["items", "coming", "changes"])
def test_the_catalogue_on_a_phone_in_english_is_not_wider_than_the_screen(visitor: Bring, tab: str) -> None:
    someone = sign_in(visitor, f"/catalogue#{tab}", "admin", size="phone", language="en")
    page = someone.page
    page.wait_for_selector(f"#tab-{tab}[aria-selected=true]")
    loaded(someone)
    looks_right(someone)
    assert someone.faults() == []
    someone.keep(f"catalogue-phone-{tab}")
    if tab == "items":
        page.locator("#search").fill("archives-001")
        page.locator("[data-item=archives-001] button").press("Enter")
        page.locator("[data-deed=adjust]").press("Enter")
        page.locator("dialog").wait_for()
        looks_right(someone)
        assert someone.faults() == []
        someone.keep("catalogue-phone-form")


def test_others_do_not_keep_the_catalogue(visitor: Bring) -> None:
    someone = sign_in(visitor, "/catalogue", "manager")
    someone.sees("此账号不能使用本页面")
