"""The hall's tables as one workbook: fetched, sent back with faults, compared."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from services.catalogue.tables.headings import sheet_of
from services.catalogue.tables.sending import STEPS
from services.catalogue.tables.writing import FIRST
from tests.e2e.pages.staff import looks_right, sign_in
from tests.waiting import DEADLINE_S

Bring = Callable[..., Any]
ID = "00000000-0000-4000-8000-000000000000"
ENDS = {"kind": "ends", "key": "drc-001", "columns": []}
BOOKING = {"kind": "bookings", "number": "P2026-1", "on": "2026-03-03"}


def fetched(page: Any, button: str) -> bytes:
    """Press a button and return the file that comes."""
    with page.expect_download(timeout=1000 * DEADLINE_S) as started:
        page.locator(button).press("Enter")
    return Path(started.value.path()).read_bytes()


def send(page: Any, content: bytes) -> None:
    """Choose a workbook and have it checked."""
    form = {"name": "hall.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    page.locator("#file").set_input_files(form)
    page.locator("form [type=submit]").press("Enter")


def rests(page: Any, state: str) -> None:
    """Wait until the workbook has come to a state."""
    page.locator(f"[data-state={state}]").wait_for(timeout=1000 * DEADLINE_S)


def changed(content: bytes, table: str, column: int, value: Any) -> bytes:
    """Return a workbook with another value in the first row of a table."""
    book = load_workbook(BytesIO(content))
    book[sheet_of(table)].cell(FIRST, column).value = value
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def test_the_hall_as_it_is_changes_nothing_and_a_fault_is_told_by_its_cell(visitor: Bring) -> None:
    someone = sign_in(visitor, "/workbook", "admin")
    page = someone.page
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("workbook")
    content = fetched(page, "#there")
    send(page, content)
    rests(page, "checked")
    someone.sees("与现有资料一致", within="#found")
    assert page.locator("#apply").count() == 0
    send(page, changed(content, "queues", 7, 5))
    rests(page, "faulty")
    someone.sees("有 1 处错误", within="#found")
    row = page.locator("#found tbody tr").inner_text().split("\t")
    assert row == ["队列 queues", str(FIRST), "max_wait_s", "应在 60 与 86400 之间"]
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("workbook-faulty")
    page.reload()
    someone.sees("有 1 处错误", within="#found")


def test_what_would_change_is_shown_before_it_is_loaded_and_may_be_discarded(visitor: Bring) -> None:
    someone = sign_in(visitor, "/workbook", "admin")
    page = someone.page
    send(page, changed(fetched(page, "#there"), "zones", 2, "新的办事区"))
    rests(page, "checked")
    someone.sees("还没有载入", within="#found")
    figures = page.locator("[data-table=zones]").inner_text().split("\t")
    assert figures == ["办事区", "—", "1", "—", "—", "7"]
    page.locator(".workbook-rows summary").press("Enter")
    someone.sees("A（name）", within=".workbook-rows")
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("workbook-checked", full_page=True)
    page.locator("#cancel").press("Enter")
    rests(page, "cancelled")
    someone.sees("什么都没有载入", within="#found")


def test_what_is_no_workbook_is_said_to_be_none(visitor: Bring) -> None:
    someone = sign_in(visitor, "/workbook", "admin")
    send(someone.page, "部门,名称\n".encode("gb18030"))
    rests(someone.page, "faulty")
    someone.sees("不是可以读取的 XLSX 工作簿", within="#found")


def test_only_administrators_see_the_workbook(visitor: Bring) -> None:
    someone = sign_in(visitor, "/workbook", "manager")
    someone.sees("此账号不能使用本页面", within="main")


def test_the_page_speaks_english_and_fits_a_phone(visitor: Bring) -> None:
    someone = sign_in(visitor, "/workbook", "admin", language="en", size="phone")
    page = someone.page
    someone.sees("The hall's tables", within="main")
    send(page, fetched(page, "#template"))
    rests(page, "faulty")
    someone.sees("the sheet has no rows", within="#found")
    looks_right(someone)
    someone.keep("workbook-en", full_page=True)


def test_whom_it_touches_and_how_far_it_is_are_said(visitor: Bring) -> None:
    someone = sign_in(visitor, "/workbook", "admin")
    page = someone.page
    job = {
        "id": ID,
        "state": "checked",
        "file_name": "hall.xlsx",
        "faults": [],
        "changes": {
            "items": {"added": 0, "changed": 0, "ends": 1, "kept": 0, "unchanged": 606, "rows": [ENDS]}
        },
        "effects": [
            {"change": "item", "subject": "drc-001", "bookings": 3, "examples": [BOOKING]},
            {"change": "days", "subject": "2", "visits": 1, "examples": []},
        ],
        "steps": [{"step": step, "done": step in ("catalogue", "clerks")} for step in STEPS],
    }
    page.route(f"**/api/v1/workbook/{ID}", lambda route: route.fulfill(json=job))
    page.goto(f"{someone.url}/workbook?job={ID}")
    someone.sees("事项 drc-001 终止或改由别的单位办理", within="#found")
    someone.sees("3 个预约失去位置", within="#found")
    someone.sees("新增 2 个休息日", within="#found")
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("workbook-effects", full_page=True)
    job["state"] = "applying"
    page.reload()
    someone.sees("已完成 2 / 8 步", within="#found")
    assert page.locator(".workbook-steps .done").count() == 2
    looks_right(someone)
    assert someone.faults() == []
    someone.keep("workbook-applying")
    job.update(state="failed", failure="service_away: dispatch")
    rests(page, "failed")
    someone.sees("有服务长时间没有应答", within="#found")
