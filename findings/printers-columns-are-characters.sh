#!/bin/sh
# python-escpos: text wrapped to 32 columns runs over the edge of the paper as soon as it is Chinese.
#
# Expected: block_text(text, columns=32) breaks lines so that each takes at most 32 columns of the printer. A Chinese
#   character takes two columns on every receipt printer (and has the East Asian Width W, UAX #11).
# Happens: columns are counted as characters, so a line of Chinese takes up to twice the columns that were asked for,
#   and the printer breaks it a second time where its paper ends.
# Version: python-escpos 3.1, default profile, Dummy printer (keeps the bytes it is sent).
# Source: https://pypi.org/project/python-escpos/ (escpos/escpos.py, block_text)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-escpos==3.1
"$folder/venv/bin/python" - <<'PYTHON'
import unicodedata
from importlib.metadata import version

from escpos.printer import Dummy

COLUMNS = 32


def widths(text: str) -> list[int]:
    """Columns that each line takes on paper."""
    printer = Dummy()
    printer.block_text(text, columns=COLUMNS)
    lines = printer.output.removeprefix(b"\x1bt\x00").decode("gb18030").splitlines()
    return [sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line) for line in lines]


print("python-escpos", version("python-escpos"))
latin = widths("Please take a seat in zone B until your number is called at a window. ")
chinese = widths("请您在二楼办事大厅候号区就座等候叫号并留意显示屏上的窗口号码过号三次请到导办台重新取号")
print(f"asked for {COLUMNS} columns; lines of Latin text take {latin}, of Chinese {chinese}")
assert max(latin) <= COLUMNS
assert max(chinese) == 2 * COLUMNS, "lines of Chinese are no longer twice as wide"
PYTHON
