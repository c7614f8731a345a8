"""The report centre."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document

from tests.e2e.pages.history import csv_of
from tests.e2e.pages.staff import Bring, looks_right, sign_in

YEAR = "/reports?kind=annual&period=2025"
READY = "#report .figures, #report .state:not(:has(.spinner))"


@pytest.fixture
def no_analyst(hall: Any) -> Iterator[Callable[[], None]]:
    """The process that makes documents and takes files in stands still; gives what has it go on."""
    pid = hall.processes["analyst"].handle.pid
    os.kill(pid, signal.SIGSTOP)
    yield lambda: os.kill(pid, signal.SIGCONT)
    os.kill(pid, signal.SIGCONT)


def _open(visitor: Bring, path: str = YEAR, username: str = "analyst", **options: Any) -> Any:
    someone = sign_in(visitor, path, username, **options)
    someone.page.wait_for_selector(READY)
    return someone


def _of_2025(history: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in history if row["accepted_at"].startswith("2025")]


def test_a_report_shows_its_indicators_against_the_year_before_and_its_tables(
    visitor: Bring, account: Bring, history: list[dict[str, str]]
) -> None:
    someone = _open(visitor)
    page = someone.page
    report = account("analyst").get("reports/annual", period="2025")
    assert report["cases_accepted"] == len(_of_2025(history))
    shown = page.locator("tr[data-key=cases_accepted] td").all_inner_texts()
    assert shown[0] == f"{report['cases_accepted']:,}"
    assert shown[1] == f"{report['comparison']['year_before']['cases_accepted']['value']:,}"
    assert "▲" in shown[2]
    assert "2025年 · 年报" in page.locator("#report-title").inner_text()
    assert "第 1 版" in page.locator("#report-facts").inner_text()
    page.locator("[data-table=course]").press("Enter")
    months = Counter(row["accepted_at"][5:7] for row in _of_2025(history))
    assert page.locator("#table-course tbody td:nth-child(2)").all_inner_texts() == [
        str(months[month]) for month in sorted(months)
    ]
    looks_right(someone)
    assert someone.faults() == []
    assert page.evaluate("window.pressed") is None
    someone.keep("reports", full_page=True)


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_a_report_is_downloaded_as_a_file(
    visitor: Bring, history: list[dict[str, str]], tmp_path: Path, form: str
) -> None:
    someone = _open(visitor)
    page = someone.page
    with page.expect_download() as started:
        page.locator(f"[data-format={form}]").press("Enter")
    someone.sees("已下载", within="#download-status")
    assert started.value.suggested_filename.endswith(f".{form}")
    path = tmp_path / f"report.{form}"
    started.value.save_as(path)
    if form == "xlsx":
        assert openpyxl.load_workbook(path).sheetnames
    else:
        assert "2025" in "".join(each.text for each in Document(str(path)).paragraphs)


def test_a_document_that_is_not_ready_is_waited_for_in_sight(
    visitor: Bring, history: list[dict[str, str]], no_analyst: Callable[[], None]
) -> None:
    someone = _open(visitor, "/reports?kind=annual&period=2024")
    page = someone.page
    page.locator("[data-format=docx]").press("Enter")
    someone.sees("Word 文档在排队，马上开始生成", within="#download-status")
    someone.keep("reports-document-waits")
    with page.expect_download() as started:
        no_analyst()
    assert started.value.suggested_filename.endswith(".docx")
    someone.sees("已下载", within="#download-status")
    assert someone.faults() == []


def test_a_file_that_cannot_be_made_is_told(visitor: Bring, history: list[dict[str, str]]) -> None:
    someone = _open(visitor)
    someone.expect_complaint("503")
    problem = {"title": "away", "status": 503, "code": "renderer_busy", "detail": "Ask again in a moment."}
    someone.page.route(
        "**/reports/annual?*format=docx*", lambda route: route.fulfill(status=503, json=problem)
    )
    someone.page.locator("[data-format=docx]").press("Enter")
    someone.sees("系统暂时不可用", within="#download-status")


def test_a_correction_is_a_new_edition_and_the_earlier_one_can_still_be_seen(
    visitor: Bring, history: list[dict[str, str]]
) -> None:
    someone = _open(visitor, "/reports?kind=quarterly&period=2025-Q3&department=agri")
    page = someone.page
    page.locator("#new-edition").press("Enter")
    page.locator("dialog [type=submit]").press("Enter")
    someone.sees("请写明原因。", within="dialog")
    page.locator("dialog textarea").fill("补录办件")
    page.locator("dialog [type=submit]").press("Enter")
    someone.sees("更正原因：补录办件")
    assert "第 2 版" in page.locator("#report-facts").inner_text()
    page.locator("#edition").select_option("1")
    page.wait_for_selector("#report-facts:has-text('第 1 版')")
    assert "edition=1" in page.url


def test_periods_to_come_cannot_be_chosen_and_one_without_business_says_so(
    visitor: Bring, history: list[dict[str, str]]
) -> None:
    someone = _open(visitor, "/reports?kind=monthly&period=2004-06", "manager", size="phone", language="en")
    page = someone.page
    someone.sees("No cases were accepted in this time")
    page.wait_for_selector("#year option[value='2009']:has-text('no data')", state="attached")
    assert page.locator("#year option", has_text="2025").inner_text() == "2025"
    page.locator("#year").select_option("2026")
    page.wait_for_selector("#report-facts:has-text('2026')")
    assert page.locator("#part").input_value() == "03"  # the running month: June is still to come
    assert page.locator("#part option[value='04']").is_disabled()
    assert page.locator("#tab-import").count() == 0  # managers read, analysts import
    looks_right(someone)


def test_an_import_shows_what_was_taken_and_which_rows_were_refused(
    visitor: Bring, history: list[dict[str, str]], tmp_path: Path
) -> None:
    times = {"accepted_at": "2023-05-04T09:00:00+08:00", "due_on": "2023-05-09", "decided_at": ""}
    more = history[0] | times | {"number": "X0"}
    bad = more | {"number": "X1", "item": "nowhere-999"}
    path = tmp_path / "more.csv"
    path.write_text(csv_of([*history[:3], more, bad]), "utf-8")
    someone = sign_in(visitor, "/reports#import", "analyst")
    page = someone.page
    page.locator("#file").set_input_files(path)
    page.get_by_role("button", name="上传并导入").press("Enter")
    page.wait_for_selector(".import-state[data-state=done]")
    assert page.locator(".import-figure").all_inner_texts() == ["1", "3", "1"]
    assert page.locator("#refused tbody tr").inner_text().split("\t") == ["6", "X1", "事项不在目录中"]
    with page.expect_download() as started:
        page.locator("#refused-file").press("Enter")
    assert "X1" in Path(started.value.path()).read_text("utf-8")
    looks_right(someone)
    assert someone.faults() == []
    page.reload()
    page.wait_for_selector(".import-state[data-state=done]")
    someone.keep("reports-import", full_page=True)


def test_an_import_is_taken_back_as_a_whole_and_a_wrong_file_says_what_it_is(
    visitor: Bring, history: list[dict[str, str]], account: Bring, tmp_path: Path
) -> None:
    times = {"accepted_at": "2024-05-06T09:00:00+08:00", "due_on": "2024-05-09", "decided_at": ""}
    path = tmp_path / "wrong.csv"
    path.write_text(csv_of([history[0] | times | {"number": f"W{n}"} for n in range(4)]), "utf-8")
    someone = sign_in(visitor, "/reports#import", "analyst")
    page = someone.page
    page.locator("#file").set_input_files(path)
    page.get_by_role("button", name="上传并导入").press("Enter")
    page.locator("#import-take-back").press("Enter")
    someone.settle()
    someone.keep("reports-take-back")
    page.locator("dialog [type=submit]").press("Enter")
    someone.sees("删去 4 行", within="#taken-back")
    assert page.locator("#import-take-back").count() == 0
    rows = account("analyst").get(
        "statistics/volumes",
        **{"from": "2024-05-01", "to": "2024-05-31", "by": "month", "group": "department"},
    )
    assert [row for row in rows["items"] if row["cases"]] == []
    looks_right(someone)
    path.write_text(csv_of(history[:2]).replace(",", ";"), "utf-8")
    page.locator("#file").set_input_files(path)
    page.get_by_role("button", name="上传并导入").press("Enter")
    someone.sees("文件用分号分隔", within=".import-state")
    someone.keep("reports-import-semicolons", full_page=True)


def test_an_import_can_be_called_off(
    visitor: Bring, history: list[dict[str, str]], tmp_path: Path, no_analyst: Callable[[], None]
) -> None:
    path = tmp_path / "off.csv"
    path.write_text(csv_of([row | {"number": f"OFF-{n}"} for n, row in enumerate(history[:3])]), "utf-8")
    someone = sign_in(visitor, "/reports#import", "analyst")
    page = someone.page
    page.locator("#file").set_input_files(path)
    page.get_by_role("button", name="上传并导入").press("Enter")
    page.wait_for_selector(".import-state[data-state=queued]")
    someone.keep("reports-import-queued", full_page=True)
    page.locator("#import-cancel").press("Enter")
    page.wait_for_selector(".import-state[data-state=failed]")
    someone.sees("导入已取消", within=".import-state")
    assert page.locator("#import-cancel").count() == 0
    assert someone.faults() == []
