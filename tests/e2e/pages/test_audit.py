"""The trail of the staff, for administrators."""

from tests.e2e.pages.staff import Bring, looks_right, sign_in
from tests.waiting import until


def test_an_administrator_finds_who_changed_what_and_verifies_the_trail(
    visitor: Bring, account: Bring
) -> None:
    manager, admin = account("manager"), account("admin")
    kept = next(
        each
        for each in manager.get("message-templates", limit="500")["items"]
        if (each["kind"], each["language"]) == ("otp", "zh")
    )
    for text in ("请输入 {code} 登录", kept["text"]):
        changed = {"kind": "otp", "language": "zh", "text": text}
        manager.client.put("message-templates", json=changed).raise_for_status()
    until(
        lambda: len(admin.get("audit", what="save_template", who="manager")["items"]) >= 2,
        what="both changes stand in the trail",
    )

    someone = sign_in(visitor, "/audit", "admin")
    page = someone.page
    page.wait_for_selector("tbody tr[data-action=sign_in]")
    page.get_by_label("何人").fill("manager")
    page.get_by_label("操作", exact=True).select_option("save_template")
    page.wait_for_selector("tbody tr[data-action=save_template]")
    assert page.locator("tbody tr:not([data-action=save_template])").count() == 0
    newest = page.locator("tbody tr").first
    newest.get_by_text("内容").click()
    assert "请输入 {code} 登录" in newest.inner_text() and kept["text"] in newest.inner_text()
    assert newest.locator("bdi").count() >= 3

    page.locator("#verify").click()
    someone.sees("条记录完整，未被改动")
    someone.keep("audit")
    looks_right(someone)

    who = page.get_by_label("何人")
    who.fill("001号")
    page.wait_for_selector("#who-found [data-option=clerk001]")
    someone.keep("audit-who")
    looks_right(someone)
    assert someone.faults() == []
    who.press("ArrowDown")
    who.press("Enter")
    assert who.input_value() == "001号窗口人员（clerk001）"
    with page.expect_request(lambda asked: "/audit?" in asked.url and "who=clerk001" in asked.url):
        who.press("Enter")
    someone.sees("没有这样的记录")

    page.get_by_label("何人").fill("nobody-at-all")
    page.get_by_role("button", name="查询").click()
    someone.sees("没有这样的记录")


def test_a_broken_chain_is_told(visitor: Bring) -> None:
    someone = sign_in(visitor, "/audit", "admin")
    page = someone.page
    broken = {
        "whole": False, "number": 6, "link": "0" * 64, "fault": {"number": 7, "kind": "changed"}, "entries": 9,
        "next": None,
    }  # fmt: skip
    page.route("**/api/v1/audit/verify*", lambda route: route.fulfill(json=broken))
    page.locator("#verify").click()
    someone.sees("第 7 条记录被改动过")


def test_nobody_else_sees_the_trail(visitor: Bring) -> None:
    someone = sign_in(visitor, "/audit", "manager")
    someone.sees("此账号不能使用本页面")
