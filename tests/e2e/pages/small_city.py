"""The hall of an invented small city of three departments, as its office types it into the template."""

from datetime import date, time
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from services.catalogue.tables.headings import sheet_of
from services.catalogue.tables.writing import FIRST

MORNING, EVENING, NOON, AFTER = time(9), time(17, 30), time(12), time(14)

SMALL_CITY: dict[str, list[tuple[Any, ...]]] = {
    "departments": [
        ("permits", "临江市行政审批局", "Linjiang Permits Office", True),
        ("police", "临江市公安局", "Linjiang Police", "是"),
        ("labour", "临江市人社局", "Linjiang Labour Office", False),
    ],
    "zones": [("A", "企业服务区", "Businesses"), ("B", "个人服务区", "People")],
    "queues": [
        ("permits", "A", "企业登记", "Businesses", "permits", "A", 1800, 2, 1.5, 1),
        ("police", "B", "户籍与出入境", "Residence and exit", "police", "B", 1800, 2, 1.5, 1),
        ("labour", "C", "社会保障", "Social security", "labour", "B", 2700, 2, 1.5, 1),
    ],
    "windows": [
        (101, "1号窗口", "Window 1", "permits", "A", "permits"),
        (102, "2号窗口", "Window 2", "police", "B", "police"),
        (103, "3号窗口", "Window 3", "labour", "B", "labour"),
    ],
    "clerks": [
        ("li.na", "李娜", "permits", 101),
        ("wang.gang", "王刚", "police", 102),
        ("zhou.min", "周敏", "labour", None),
    ],
    "items": [
        ("company", "企业设立登记", "Company registration", "permits", "permits", "administrative_licence", 3, 900,
         None, "公司章程|经营场所证明", "取号后到窗口办理。", None, date(2026, 1, 5)),
        ("residence", "户口迁移", None, "police", "police", "public_service", 5, 600,
         None, "户口簿|身份证", "本人到场。", None, date(2026, 1, 5)),
        ("pension", "养老保险转移", None, "labour", "labour", "public_service", 0, 480,
         None, "身份证", "当场办结。", None, date(2026, 1, 5)),
    ],
    "hours": [(None, weekday, MORNING, EVENING, NOON, AFTER) for weekday in range(1, 6)],
    "slot_plans": [
        ("permits-am", "permits", None, "1;2;3;4;5", MORNING, NOON, 30, 6, 2, 1, 0, date(2026, 1, 5), None),
    ],
}  # fmt: skip


def filled(template: bytes, tables: dict[str, list[tuple[Any, ...]]] = SMALL_CITY) -> bytes:
    """Return a template with rows typed in below what is there."""
    book = load_workbook(BytesIO(template))
    for name, rows in tables.items():
        for number, row in enumerate(rows, FIRST):
            for column, value in enumerate(row, 1):
                book[sheet_of(name)].cell(number, column, value)
    made = BytesIO()
    book.save(made)
    return made.getvalue()
