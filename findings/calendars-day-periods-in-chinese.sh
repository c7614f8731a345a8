#!/bin/sh
# Babel: the pattern letter "b" (am, pm, noon, midnight) is taken for another one, and has no answer at all in Chinese,
# Japanese and Korean.
#
# Expected: by Unicode TR 35 ("Date Field Symbol Table") "b" gives am or pm, and noon or midnight at these moments;
#   "B" gives the flexible day period. So 13:05 as "h:mm b" is "1:05 PM" in English and has 下午 in Chinese.
# Happens: Babel takes "b" for the flexible day period in its stand-alone form: "1:05 afternoon" in English, and, as
#   CLDR has no stand-alone forms for Chinese, Japanese and Korean, every time of the day is a ValueError there, noon
#   and midnight included. "B" works, with 中午 at 12:30 and 下午 at 13:05.
# Version: Babel 2.19.0.
# Source: https://www.unicode.org/reports/tr35/tr35-dates.html#Date_Field_Symbol_Table, babel/dates.py format_period
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check babel==2.19.0
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import time
from importlib.metadata import version

from babel.dates import format_time

print("Babel", version("babel"))
english = format_time(time(13, 5), "h:mm b", locale="en")
print("en, h:mm b:", english)
assert english == "1:05 afternoon"
for locale in ("zh_Hans_CN", "ja", "ko"):
    for moment in (time(0), time(9), time(12), time(13, 5)):
        try:
            print(f"{locale}, {moment:%H:%M}, h:mm b:", format_time(moment, "h:mm b", locale=locale))
        except ValueError as error:
            print(f"{locale}, {moment:%H:%M}, h:mm b:", error)
        else:
            raise AssertionError("the letter has an answer now")
flexible = [format_time(moment, "Bh:mm", locale="zh_Hans_CN") for moment in (time(12, 30), time(13, 5))]
print("zh_Hans_CN, Bh:mm:", *flexible)
assert flexible == ["中午12:30", "下午1:05"]
PYTHON
