"""A report as a document: A4, set as official documents are (GB/T 9704-2012)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as DocTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as Para
from docx.text.run import Run

from services.statistics.reports.rendering import exhibits, fonts, wording
from services.statistics.reports.rendering.blocks import Block, Chart, Heading, Paragraph, Table
from services.statistics.reports.rendering.bundle import without_times
from services.statistics.reports.rendering.prose import Writer

PAGE_MM, MARGINS_MM = (210, 297), {"top": 32, "bottom": 28, "left": 27, "right": 25}
TEXT_WIDTH_MM = PAGE_MM[0] - MARGINS_MM["left"] - MARGINS_MM["right"]
TEXT_PT, TITLE_PT, TABLE_PT, SMALL_PT, LINE_PT = 15, 22, 10, 9, 27
INDENT = 2
ROOM_PT, TWENTIETHS = 1.6, 20
SHORT_ROWS, ALONE = 14, 4
BLACK = RGBColor(0, 0, 0)
SHADE = "E8EEF5"
AUTHOR = "HallFlow"
LANGUAGE = "zh-CN"


def document(report: Mapping[str, Any], *, told: Callable[[float], None] = lambda _: None) -> bytes:
    """Return the file; `told` hears how far it is, from 0 to 1."""
    writer = Writer(report)
    blocks = writer.blocks()
    made = Document()
    _page(made, report)
    _styles(made)
    _language(made)
    _properties(made, report)
    made.add_paragraph(wording.title(report), style="Title")
    _imprint(made, report)
    with fonts.chinese_face() as face:
        for number, block in enumerate(blocks):
            told(number / (len(blocks) + 1))
            _add(made, block, face)
    _annex(made, writer)
    out = BytesIO()
    made.save(out)
    return without_times(out.getvalue())


def _language(made: Doc) -> None:
    """Say that the text is Chinese of the mainland: it decides the forms of characters and where punctuation stands."""
    defaults = made.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for parent, name in ((defaults, "w:lang"), (made.settings.element, "w:themeFontLang")):
        parent.find(qn(name)).set(qn("w:eastAsia"), LANGUAGE)


def _properties(made: Doc, report: Mapping[str, Any]) -> None:
    """Fix what a document says of its making: of an edition its own moment, otherwise the moment of its events."""
    known = report["made_at"] or report["events_until"]
    moment = datetime.fromisoformat(known) if known else datetime(1980, 1, 1, tzinfo=UTC)
    at = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    properties = made.core_properties
    properties.title, properties.author, properties.last_modified_by = wording.title(report), AUTHOR, AUTHOR
    properties.language, properties.comments, properties.revision = LANGUAGE, "", 1
    properties.created = properties.modified = at


def _page(made: Doc, report: Mapping[str, Any]) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in PAGE_MM)
    for side, margin in MARGINS_MM.items():
        setattr(section, f"{side}_margin", Mm(margin))
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _font(header.add_run(f"{wording.title(report)}　{_edition(report)}"), fonts.TEXT, SMALL_PT)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(footer.add_run("— "), fonts.TITLE, SMALL_PT + 2)
    _page_number(footer)
    _font(footer.add_run(" —"), fonts.TITLE, SMALL_PT + 2)


def _edition(report: Mapping[str, Any]) -> str:
    return f"第{report['edition']}版" if report["edition"] else "实时统计"


def _page_number(paragraph: Para) -> None:
    run = paragraph.add_run()
    _font(run, fonts.TITLE, SMALL_PT + 2)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _styles(made: Doc) -> None:
    normal = _style(made, "Normal", fonts.TEXT, TEXT_PT)
    normal.paragraph_format.line_spacing = Pt(LINE_PT)
    normal.paragraph_format.space_after = Pt(0)
    title = _style(made, "Title", fonts.TITLE, TITLE_PT, bold=True)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(34)
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(6), Pt(12)
    _without_borders(title)
    for name, face, before in (
        ("Heading 1", fonts.FIRST_HEADING, 12),
        ("Heading 2", fonts.SECOND_HEADING, 6),
    ):
        heading = _style(made, name, face, TEXT_PT, bold=True)
        heading.paragraph_format.first_line_indent = Pt(TEXT_PT * INDENT)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(before), Pt(0)
        heading.paragraph_format.keep_with_next = True
    caption = _style(made, "Caption", fonts.FIRST_HEADING, TABLE_PT + 1)
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.line_spacing = 1.0
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(10), Pt(4)
    caption.paragraph_format.keep_with_next = True


def _style(made: Doc, name: str, face: str, size: float, *, bold: bool = False) -> ParagraphStyle:
    style: ParagraphStyle = made.styles[name]
    style.font.name, style.font.size, style.font.bold = fonts.LATIN, Pt(size), bold
    style.font.italic, style.font.color.rgb = False, BLACK
    found = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        found.attrib.pop(qn(f"w:{theme}"), None)
    found.set(qn("w:eastAsia"), face)
    return style


def _without_borders(style: ParagraphStyle) -> None:
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _font(run: Run, face: str, size: float, *, bold: bool = False) -> None:
    run.font.name, run.font.size, run.font.bold = fonts.LATIN, Pt(size), bold
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _imprint(made: Doc, report: Mapping[str, Any]) -> None:
    parts = wording.imprint(report)
    for pair in (parts[:2], parts[2:4], parts[4:]):
        line = made.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.line_spacing = 1.15
        _font(
            line.add_run("　　".join(f"{name}：{value}" for name, value in pair)), fonts.SECOND_HEADING, 10.5
        )
    line.paragraph_format.space_after = Pt(10)


def _add(made: Doc, block: Block, face: Path | None) -> None:
    if isinstance(block, Heading):
        made.add_heading(block.text, level=block.level)
    elif isinstance(block, Paragraph):
        _prose(made, block.text)
    elif isinstance(block, Table):
        _table(made, block)
    elif face is not None:
        _picture(made, block, face)


def _prose(made: Doc, text: str) -> None:
    paragraph = made.add_paragraph(text)
    paragraph.paragraph_format.first_line_indent = Pt(TEXT_PT * INDENT)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _picture(made: Doc, chart: Chart, face: Path) -> None:
    from services.statistics.reports.rendering import charts

    made.add_paragraph(chart.title, style="Caption")
    paragraph = made.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = 1.0
    picture = paragraph.add_run().add_picture(BytesIO(charts.png(chart, face)), width=Mm(TEXT_WIDTH_MM - 4))
    described = picture._inline.docPr
    described.set("descr", chart.title)


def _table(made: Doc, table: Table) -> None:
    if table.title:
        made.add_paragraph(table.title, style="Caption")
    grid = made.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    widths = [Mm(round(TEXT_WIDTH_MM * width / sum(table.widths), 1)) for width in table.widths]
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    _pad(grid)
    size = SMALL_PT if table.small else TABLE_PT
    _repeat(_row(grid.add_row(), table.columns, widths, size=size, bold=True))
    for row in table.rows:
        _row(grid.add_row(), row, widths, size=size, left=table.left)
    if table.total:
        _row(grid.add_row(), table.total, widths, size=size, left=table.left, bold=True)
    _keep_together(grid)
    after = made.add_paragraph()
    after.paragraph_format.line_spacing = Pt(8)


def _row(
    row: _Row,
    texts: Sequence[str],
    widths: Sequence[Length],
    *,
    size: float,
    left: Sequence[int] = (),
    bold: bool = False,
) -> _Row:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for nth, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        cell.width = width
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.line_spacing = 1.0
        beside = WD_ALIGN_PARAGRAPH.LEFT if nth in left else WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.alignment = beside if left else WD_ALIGN_PARAGRAPH.CENTER
        _font(paragraph.add_run(text), fonts.FIRST_HEADING if bold else fonts.TITLE, size, bold=bold)
    return row


def _pad(grid: DocTable) -> None:
    """Leave some room around what stands in a table's cells."""
    margins = OxmlElement("w:tblCellMar")
    for side, room in (("top", ROOM_PT), ("left", 2 * ROOM_PT), ("bottom", ROOM_PT), ("right", 2 * ROOM_PT)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(room * TWENTIETHS)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    grid._tbl.tblPr.append(margins)


def _keep_together(grid: DocTable) -> None:
    """Leave a short table on one page, and of a long one no row or two alone at a page's end or beginning."""
    rows = list(grid.rows)
    kept = rows[:-1] if len(rows) <= SHORT_ROWS else [*rows[:ALONE], *rows[-ALONE:-1]]
    for row in kept:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _repeat(row: _Row) -> None:
    """Have a table's head, shaded, on each page it runs over."""
    for cell in row.cells:
        _shade(cell)
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _shade(cell: _Cell) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def _annex(made: Doc, writer: Writer) -> None:
    told = writer.teller.figures()
    if not told:
        return
    heading = made.add_heading("附：指标与统计口径", level=1)
    heading.paragraph_format.page_break_before = True
    _prose(made, "下表逐项列出本报告文字部分引用的数据、统计口径及其在系统报告（JSON）中的数据项名称。")
    _table(made, exhibits.rules(told))
