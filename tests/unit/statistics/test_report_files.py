"""Workbooks and documents of reports, read back."""

import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as Doc
from openpyxl import Workbook, load_workbook

from deploy.local.report_pictures import invented
from services.statistics.reports.domain.indicators import COMPARED, INDICATORS
from services.statistics.reports.rendering import fonts
from services.statistics.reports.rendering.blocks import Paragraph
from services.statistics.reports.rendering.document import document
from services.statistics.reports.rendering.prose import Writer
from services.statistics.reports.rendering.telling import EARLIER, Teller, describe
from services.statistics.reports.rendering.wording import duration, followed_up, hours, percent, title
from services.statistics.reports.rendering.workbook import workbook

Report = dict[str, Any]

KINDS = {
    "annual": ("annual", "2011", None),
    "quarterly": ("quarterly", "2011-Q3", "market"),
    "monthly": ("monthly", "2011-10", None),
    "daily": ("daily", "2011-11-30", None),
}
PROSE = ("Normal", "Heading 1", "Heading 2")


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    """A report of each kind."""
    return {kind: dict(invented(*about)) for kind, about in KINDS.items()}


@pytest.fixture(scope="module")
def written(reports: dict[str, Report]) -> Doc:
    """The document of a year, read back."""
    return Document(BytesIO(document(reports["annual"])))


@pytest.fixture(scope="module")
def book(reports: dict[str, Report]) -> Workbook:
    """The workbook of a year, read back."""
    return load_workbook(BytesIO(workbook(reports["annual"])))


def without(told: set[str], text: str) -> str:
    """Return a text without the figures that were told; a figure is never a part of a longer one."""
    for figure in sorted(told, key=len, reverse=True):
        text = re.sub(rf"(?<![\d.]){re.escape(figure)}(?![\d]|\.\d)", "", text)
    return text


def prose(written: Doc) -> list[str]:
    """Return the paragraphs before the annex, without captions and what the report says of itself."""
    texts = [each.text for each in written.paragraphs if each.style is not None and each.style.name in PROSE]
    body = texts[: texts.index("附：指标与统计口径")]
    return [
        text
        for text in body
        if "时区：" not in text and "统计区间：" not in text and "打印日期：" not in text
    ]


def test_every_number_of_the_prose_stands_in_the_list_of_indicators(written: Doc) -> None:
    annex = written.tables[-1]
    told = {row.cells[2].text for row in annex.rows[1:]}
    names = {row.cells[0].text for table in written.tables[:-1] for row in table.rows}
    names |= {row.cells[1].text for table in written.tables[:-1] for row in table.rows}
    paragraphs = prose(written)
    span = "2011年1月1日至2011年11月30日"
    left = [without(told | names, text.replace(span, "")) for text in paragraphs]
    assert len(paragraphs) > 15
    assert [text for text in left if re.search(r"\d", text)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_prose_tells_is_what_the_report_says(reports: dict[str, Report], kind: str) -> None:
    writer = Writer(reports[kind])
    assert writer.blocks()
    figures = writer.teller.figures()
    assert figures or kind == "daily"
    for figure in figures:
        value, form = writer.teller.value(figure.key), describe(figure.key)[1]
        if form == "count":
            assert figure.text == str(abs(value))
        elif form == "rate":
            assert float(figure.text.removesuffix("%")) == pytest.approx(abs(value) * 100, abs=0.005)
        elif form == "hours":
            assert float(figure.text) == pytest.approx(abs(value), abs=0.05)
        elif form in ("date", "month"):
            told = {int(part) for part in re.findall(r"\d+", figure.text)}
            assert told <= {int(part) for part in value.split("-")}
        assert figure.rule


def test_only_what_is_said_is_listed(reports: dict[str, Report]) -> None:
    writer = Writer(reports["quarterly"])
    said = "".join(block.text for block in writer.blocks() if isinstance(block, Paragraph))
    assert [figure.key for figure in writer.teller.figures() if figure.text not in said] == []
    assert "departments" not in {figure.key for figure in writer.teller.figures()}, (
        "it is one department's report"
    )


def test_a_sentence_whose_figure_is_missing_is_not_said() -> None:
    teller = Teller({"staff": 363, "letters": None, "tables": {"by_item": []}})
    assert teller.say("窗口工作人员{staff}名。") == "窗口工作人员363名。"
    assert teller.say("表扬信{letters}封。") == teller.say("{tables.by_item.0.cases}件") == ""
    assert [figure.key for figure in teller.figures()] == ["staff"]


@pytest.mark.parametrize(
    "key", [*INDICATORS, *(f"comparison.{which}.{key}.ratio" for which in EARLIER for key in COMPARED)]
)
def test_each_figure_can_be_described(key: str) -> None:
    assert all(describe(key))


def test_the_document_is_set_as_official_documents_are(written: Doc) -> None:
    styles = {each.style.name for each in written.paragraphs if each.style is not None}
    assert {"Title", "Heading 1", "Heading 2", "Caption"} <= styles
    assert written.paragraphs[0].text == "政务服务大厅2011年工作总结"
    headings = [
        each.text for each in written.paragraphs if each.style is not None and each.style.name == "Heading 1"
    ]
    assert headings == ["一、主要亮点", "二、业务运行情况", "三、做好统计分析", "附：指标与统计口径"]
    section = written.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)  # type: ignore[union-attr]
    assert "PAGE" in section.footer.paragraphs[0]._p.xml
    assert len(written.inline_shapes) == 3, "months, departments, hours"
    assert all(table.rows[0]._tr.xpath(".//w:tblHeader") for table in written.tables)


def test_the_document_is_in_the_chinese_of_the_mainland(reports: dict[str, Report]) -> None:
    with ZipFile(BytesIO(document(reports["annual"]))) as parts:
        styles, settings = (parts.read(f"word/{name}.xml").decode() for name in ("styles", "settings"))
    [defaults] = re.findall(r"<w:docDefaults>.*</w:docDefaults>", styles, re.DOTALL)
    assert re.findall(r"<w:lang [^>]*w:eastAsia=\"([^\"]*)\"", defaults) == ["zh-CN"]
    assert re.findall(r"<w:themeFontLang [^>]*w:eastAsia=\"([^\"]*)\"", settings) == ["zh-CN"]


def test_the_document_says_the_figures_of_the_hall(written: Doc, reports: dict[str, Report]) -> None:
    text, report = "".join(prose(written)), reports["annual"]
    three = report["three_services"]
    for sentence in (
        "大厅共有进驻单位34个，窗口工作人员363名，进驻行政审批服务事项由506项增加到607项。",
        f"截至11月30日，大厅全年共受理业务{report['cases_accepted']}件",
        "自2004年5月运行以来，大厅累计受理业务9497986件。",
        "34家单位中，17家窗口单位开展了预约服务、延时服务和上门服务（以下简称三项服务），占进驻单位总数的50%。",
        f"占同期业务总量的{percent(three['share'])}，日均业务受理量{three['cases_per_working_day']}件",
        f"共计加班{hours(three['overtime_hours'])}小时。",
    ):
        assert sentence in text


def test_a_document_without_a_chinese_font_has_tables_and_no_charts(
    reports: dict[str, Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", ())
    made = Document(BytesIO(document(reports["quarterly"])))
    assert (len(made.inline_shapes), bool(made.tables)) == (0, True)


def test_the_same_report_gives_the_same_bytes_but_for_the_print_date() -> None:
    report = dict(invented("daily", "2011-11-30", "market"))
    for make in (document, workbook):
        first, again = make(report), make(deepcopy(report))
        later = make({**report, "printed_on": "2026-03-02"})
        assert first == again
        assert changed(first, later) <= {"word/document.xml", "xl/sharedStrings.xml"} != set()


def changed(one: bytes, other: bytes) -> set[str]:
    """Return the members by which two archives differ."""
    with ZipFile(BytesIO(one)) as left, ZipFile(BytesIO(other)) as right:
        assert left.namelist() == right.namelist()
        return {name for name in left.namelist() if left.read(name) != right.read(name)}


def test_the_workbook_has_a_sheet_for_each_view(book: Workbook) -> None:
    assert book.sheetnames == [
        "概要",
        "各单位",
        "各事项",
        "按月",
        "三项服务",
        "时段",
        "质量",
        "服务评价",
        "异常变动",
        "指标口径",
    ]
    for sheet in book.worksheets:
        assert len(sheet.tables) == 1
        assert sheet.freeze_panes == "B6"
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "数据截至 2011-11-30 17:51:07" in str(sheet.oddFooter.left.text)
        assert sheet.print_title_rows == "$5:$5"
    charts = {sheet.title: len(sheet._charts) for sheet in book.worksheets if sheet._charts}  # type: ignore[attr-defined]
    assert charts == {"各单位": 1, "按月": 1, "三项服务": 1, "时段": 1}


def test_the_workbook_holds_numbers_and_adds_them_up(book: Workbook, reports: dict[str, Report]) -> None:
    report = reports["annual"]
    rows = report["tables"]["by_department"]
    sheet = book["各单位"]
    heads = [cell.value for cell in sheet[5]]
    cases = heads.index("受理业务量（件）")
    assert [sheet[6][0].value, sheet[6][cases].value] == [
        rows[0]["name"],
        rows[0]["cases"],
    ]
    assert sheet[6][cases].number_format == "#,##0"
    assert sheet[6][heads.index("占比")].number_format == "0.00%"
    total = sheet[6 + len(rows)][cases]
    assert total.value == f"=SUBTOTAL(109,D6:D{5 + len(rows)})"
    summary = {row[0].value: row[1].value for row in book["概要"].iter_rows(min_row=6)}
    assert summary["受理业务量"] == report["cases_accepted"]
    assert summary["单日最高受理日期"] == datetime.fromisoformat(report["cases_peak_date"])
    assert summary["三项服务占同期业务量比例"] == report["three_services"]["share"]
    rules = {row[2].value for row in book["指标口径"].iter_rows(min_row=6)}
    assert rules == INDICATORS.keys()


def test_columns_have_room_for_chinese(book: Workbook) -> None:
    sheet = book["各事项"]
    longest = max(len(str(row[0].value)) for row in sheet.iter_rows(min_row=6))
    assert sheet.column_dimensions["A"].width >= 2 * longest


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("annual", "政务服务大厅2011年工作总结"),
        ("quarterly", "市市场监管局2011年第三季度统计分析报告"),
        ("monthly", "政务服务大厅2011年10月业务统计月报"),
        ("daily", "政务服务大厅2011年11月30日业务统计日报"),
    ],
)
def test_reports_are_called_as_they_are_in_the_hall(
    reports: Mapping[str, Report], kind: str, expected: str
) -> None:
    assert title(reports[kind]) == expected


def test_figures_are_written_as_the_hall_writes_them() -> None:
    assert [percent(each) for each in (1.0, 0.0311, 0.5, 0.9999)] == ["100%", "3.11%", "50%", "99.99%"]
    assert [hours(each) for each in (2140.6, 12.0)] == ["2140.6", "12"]
    assert [
        followed_up({"explanation": why, "outcome": then})
        for why in ("年检", None)
        for then in ("已核实", None)
    ] == [
        "年检；已核实",
        "年检",
        "已核实",
        "—",
    ]
    assert [duration(each) for each in (45, 540, 505)] == ["45秒", "9分钟", "8分25秒"]
