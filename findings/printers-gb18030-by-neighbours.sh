#!/bin/sh
# python-escpos: whether a Chinese character is printed depends on the characters that stand beside it.
#
# Expected: text() sends a string to a receipt printer either in GB18030, which holds every character of Unicode, or
#   raises. A slip that shows the name of somebody called 䶮 or the sign of window ① shows it by itself as well as in a
#   sentence.
# Happens: a string is sent in GB18030 only where at least one of its characters lies in U+4E00..U+9FFF. Without such a
#   neighbour the same character is looked for in the printer's code pages, is not there, and is sent as "?", silently:
#   "䶮" (CJK extension A, in use in names), "①" and the full-width space are each "?" when they stand alone and
#   themselves beside "号".
# Version: python-escpos 3.1, with the default profile and the Dummy printer, which keeps the bytes it is sent.
# Source: https://pypi.org/project/python-escpos/ (escpos/magicencode.py)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-escpos==3.1
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from escpos.printer import Dummy


def sent(text: str) -> bytes:
    printer = Dummy()
    printer.text(text)
    return printer.output


print("python-escpos", version("python-escpos"))
for character in ("\u4dae", "\u2460", "\u3000"):
    alone, beside = sent(character), sent(f"{character}号")
    print(f"U+{ord(character):04X} alone {alone!r}, beside 号 {beside!r}")
    assert alone.endswith(b"?"), "the character alone is printed now"
    assert beside == f"{character}号".encode("gb18030"), "a string with 号 is no longer sent in GB18030"
PYTHON
