"""The dashboard."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.e2e.pages.staff import Bring, looks_right, sign_in
from tests.e2e.pages.test_design import READ_CONTRASTS

PARTS = ("today", "trend", "heat", "groups", "overtime", "services", "on-time")
FILLED = "document.querySelector('.dashboard .part') && !document.querySelector('.dashboard .spinner')"
LAST_YEAR = "/dashboard?range=last"
# Which departments had business is not answered before `release()`.
HOLD = """
() => {
    const ask = window.fetch;
    const released = new Promise((release) => { window.release = release; });
    window.held = 0;
    window.fetch = async (...all) => {
        if (!all[0].includes("group=department")) return ask(...all);
        window.held += 1;
        await released;
        const answer = await ask(...all);
        await answer.clone().text();
        window.held -= 1;
        return answer;
    };
}
"""
AWAY = {"title": "away", "status": 503, "code": "service_unavailable", "detail": "Statistics is away."}


def _open(visitor: Bring, path: str = LAST_YEAR, **options: Any) -> Any:
    someone = sign_in(visitor, path, "manager", **options)
    someone.page.wait_for_selector(".dashboard")
    someone.until(FILLED)
    return someone


def _whole(text: str) -> int:
    return int(text.replace(",", ""))


def _table(page: Any, part: str) -> dict[str, list[str]]:
    rows = page.eval_on_selector_all(
        f"#table-{part} tbody tr", "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return {name: values for name, *values in rows}


def test_every_chart_is_drawn_and_its_table_tells_the_cases_that_were(
    visitor: Bring, history: list[dict[str, str]]
) -> None:
    someone = _open(visitor)
    page = someone.page
    assert page.locator(".dashboard .failed").count() == 0
    drawn = page.evaluate(
        """[...document.querySelectorAll('.chart canvas')].map(canvas => canvas.getContext('2d')
            .getImageData(0, 0, canvas.width, canvas.height).data.some(value => value > 0))"""
    )
    assert drawn == [True] * 4  # nobody worked overtime
    cases = [row for row in history if row["accepted_at"].startswith("2025")]
    months = Counter(int(row["accepted_at"][5:7]) for row in cases)
    page.locator("[data-table=trend]").press("Enter")
    told = _table(page, "trend")
    assert {int(name[5:-1]): _whole(values[0]) for name, values in told.items()} == months
    assert _whole(told["2025年9月"][1]) == sum(row["accepted_at"].startswith("2024-09") for row in history)
    hours = Counter(row["accepted_at"][11:13] for row in cases)
    cells = page.eval_on_selector_all(
        ".heat tbody tr", "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    heat = {hour[:2]: sum(map(_whole, counts)) for hour, *counts in cells}
    assert {hour: count for hour, count in heat.items() if count} == hours
    page.locator("[data-table=services]").press("Enter")
    assert _whole(page.locator("#table-services tfoot td").nth(3).inner_text()) == sum(
        row["origin"] != "walk_in" for row in cases
    )
    page.locator("[data-table=on-time]").press("Enter")
    late = sum(row["decided_at"] > row["due_on"] for row in cases)
    assert sum(_whole(values[1]) for values in _table(page, "on-time").values()) == len(cases) - late
    looks_right(someone)
    assert someone.faults() == []
    assert page.evaluate("window.pressed") is None


def test_only_what_can_be_compared_is_compared_and_labels_do_not_overlap(
    visitor: Bring, history: list[dict[str, str]]
) -> None:
    someone = _open(visitor, size="board")
    page = someone.page
    first = min(row["accepted_at"][:4] for row in history)
    someone.go(f"/dashboard?range=own&from={first}-09-01&to={first}-12-31&by=month")
    someone.until(FILLED)
    assert "较上年同期" not in page.locator(".card-trend").inner_text(), "there is nothing a year before"
    assert page.locator(".card-groups .small-input option").all_inner_texts() == [
        "按部门", "按受理量", "按取号量", "按按时办结率"
    ]  # fmt: skip
    axis = page.evaluate(
        "echarts.getInstanceByDom(document.querySelector('.chart-groups')).getOption().xAxis[0].axisLabel"
    )
    assert axis["hideOverlap"]


def test_a_wall_is_dark_and_has_nothing_to_choose(visitor: Bring, history: list[dict[str, str]]) -> None:
    someone = _open(visitor, size="board")
    page = someone.page
    page.locator("#wall").click()
    someone.until("document.fullscreenElement !== null")
    someone.until(FILLED)
    someone.settle()
    someone.keep("dashboard-dark-wall")
    assert not page.locator(".dashboard-tools").is_visible()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.chart-card')).backgroundColor")
        == "rgb(12, 33, 64)"
    )
    page.evaluate(
        "document.querySelectorAll('body > :not(main)').forEach(each => each.style.display = 'none')"
    )  # is covered
    # The button that was pressed changes its colours once more when the turns of the wall push it aside.
    someone.wait(
        lambda: page.evaluate(READ_CONTRASTS) == [],
        what="all texts stand out",
        seen=lambda: page.evaluate(READ_CONTRASTS),
    )
    page.evaluate("document.exitFullscreen()")
    page.locator(".dashboard-tools").wait_for()


def test_a_wall_shows_the_hall_and_its_departments_by_turns_until_it_is_stopped(
    visitor: Bring, history: list[dict[str, str]]
) -> None:
    someone = visitor("board", script="window.turns = []; window.setInterval = (turn) => turns.push(turn);")
    page = someone.page
    someone.go(LAST_YEAR)
    page.locator("#username").fill("manager")
    page.locator("#password").fill("demo")
    page.keyboard.press("Enter")
    page.wait_for_selector(".dashboard")
    someone.until(FILLED)
    assert not page.locator(".wall-turns").is_visible()
    page.locator("#wall").click()
    page.wait_for_selector(".wall-name:has-text('全大厅')")
    someone.sees("停止轮播", within=".wall-turns")
    page.evaluate("turns.at(-1)()")
    page.wait_for_selector(".wall-place:has-text('2 / ')")
    page.wait_for_selector(".card-groups:has-text('事项对比')")
    someone.until(FILLED)
    someone.settle()
    someone.keep("dashboard-wall-turn")
    someone.expect_complaint("503")
    page.route("**/statistics/heatmap?**", lambda route: route.fulfill(status=503, json=AWAY))
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".part-heat .failed")  # and not another department's figures under this one's name
    page.unroute("**/statistics/heatmap?**")
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    page.wait_for_selector(".wall-name:has-text('全大厅')")
    page.keyboard.press(" ")
    someone.sees("开始轮播", within=".wall-turns")
    assert "department" not in page.url, "the address stays that of who chose"
    page.evaluate("document.exitFullscreen()")
    page.locator("html:not([data-wall])").wait_for()  # what is asked on leaving is under way
    page.locator(".dashboard-tools").wait_for()
    assert not page.locator(".wall-turns").is_visible()
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(HOLD)
    page.locator("#wall").click()
    someone.until("held > 0 && document.fullscreenElement")
    page.evaluate("document.exitFullscreen()")
    page.locator(".dashboard-tools").wait_for()
    page.evaluate("release()")
    someone.until("held === 0")
    assert not page.locator(".wall-turns").is_visible(), "the wall was left meanwhile"
    page.locator("#wall").click()
    someone.sees("开始轮播", within=".wall-turns")


def test_a_chart_is_taken_along_as_numbers_and_as_a_picture(
    visitor: Bring, history: list[dict[str, str]]
) -> None:
    someone = _open(visitor)
    page = someone.page
    for card in ("trend", "heat", "groups"):
        with page.expect_download() as started:
            page.locator(f".card-{card} [data-export=csv]").press("Enter")
        assert started.value.suggested_filename.endswith("-2026-03-02.csv")
        text = Path(started.value.path()).read_text("utf-8-sig")
        lines = list(csv.reader(text.splitlines()))
        shown = page.eval_on_selector_all(
            f".card-{card} table tr", "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
        )
        assert len(lines) == len(shown)
        assert {len(line) for line in lines} == {len(row) for row in shown}
        assert sum(_whole(cell) for row in shown for cell in row if cell.replace(",", "").isdigit()) == sum(
            int(cell) for line in lines for cell in line if cell.isdigit()
        )
        with page.expect_download() as started:
            page.locator(f".card-{card} [data-export=png]").press("Enter")
        picture = Path(started.value.path()).read_bytes()
        assert picture.startswith(b"\x89PNG")
        if someone.folder:
            (someone.folder / f"exported-{card}.png").write_bytes(picture)
        width, height = (int.from_bytes(picture[place : place + 4], "big") for place in (16, 20))
        assert (width, height) == (2400, 1432) or card == "heat"
        drawn = "async bytes => { const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));"
        drawn += " const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);"
        drawn += " const pen = canvas.getContext('2d'); pen.drawImage(bitmap, 0, 0);"
        drawn += " const data = pen.getImageData(0, 200, bitmap.width, bitmap.height - 200).data;"
        drawn += " const seen = new Set(); for (let at = 0; at < data.length; at += 400)"
        drawn += " seen.add(data.slice(at, at + 3).join()); return seen.size }"
        assert page.evaluate(drawn, list(picture)) > 3, "there is something in it"


def test_the_choice_is_kept_in_the_address_and_leads_to_a_departments_items(
    visitor: Bring, history: list[dict[str, str]]
) -> None:
    someone = _open(visitor, size="board")
    page = someone.page
    someone.keep("dashboard-wall")
    page.locator("#department").select_option("agri")
    page.locator("#by").select_option("quarter")
    page.wait_for_selector(".card-groups:has-text('事项对比')")
    query = parse_qs(urlsplit(page.url).query)
    assert (query["department"], query["by"]) == (["agri"], ["quarter"])
    page.reload()
    someone.until(FILLED)
    page.locator("[data-table=groups]").press("Enter")
    counted = Counter(row["item"] for row in history if row["accepted_at"].startswith("2025"))
    items = page.eval_on_selector_all(
        "#table-groups tbody tr", "rows => rows.map(row => [row.dataset.group, row.cells[1].textContent])"
    )
    assert {code: int(count) for code, count in items} == {
        code: count for code, count in counted.items() if code.startswith("agri")
    }
    page.locator("#range").select_option("own")
    page.locator("#from").fill("2025-03-01")
    someone.until("new URLSearchParams(location.search).get('from') === '2025-03-01'")
    assert page.locator("#as-of").inner_text().startswith("2025年3月1日")
    page.locator("#to").focus()
    page.keyboard.press("Backspace")
    page.locator("#by").select_option("month")
    someone.until(FILLED)
    assert page.locator("#to").evaluate("date => date.validity.badInput"), "a part of it is missing still"


def test_departments_are_put_in_the_order_one_asks_for(visitor: Bring, history: list[dict[str, str]]) -> None:
    someone = _open(visitor)
    page = someone.page
    page.locator("[data-table=groups]").press("Enter")
    most = page.locator("#table-groups tbody tr").first.get_attribute("data-group")
    assert most == "agri"
    page.locator("[data-sort=cases]").press("Enter")
    assert page.locator("#table-groups th[aria-sort=ascending]").inner_text().startswith("受理量")
    assert page.locator("#table-groups tbody tr").last.get_attribute("data-group") == "agri"
    assert page.evaluate("document.activeElement.dataset.sort") == "cases"


def test_a_part_that_fails_says_so_alone_and_is_asked_again(
    visitor: Bring, history: list[dict[str, str]]
) -> None:
    someone = visitor("phone", language="en")
    someone.expect_complaint("503")
    page = someone.page
    page.route("**/statistics/heatmap?**", lambda route: route.fulfill(status=503, json=AWAY))
    someone.go(LAST_YEAR)
    page.locator("#username").fill("manager")
    page.locator("#password").fill("demo")
    page.keyboard.press("Enter")
    page.wait_for_selector(".part-heat .failed")
    page.wait_for_selector(".card-trend canvas")
    assert page.locator(".failed").count() == 1
    page.unroute_all()
    page.locator(".part-heat .failed button").click()
    page.wait_for_selector(".heat")
    someone.until(FILLED)
    looks_right(someone)
    someone.keep("dashboard-phone", full_page=True)
