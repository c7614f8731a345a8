#!/bin/sh
# chinesecalendar and holidays: "the first working day after a day off" is the first working day for one library and
# the second for the other, so a term of n working days that begins on a holiday ends on different days.
#
# Expected: the n-th working day after a date is the same whichever library counts, and the first one after Saturday
#   2026-10-03 (National Day; work begins again on Thursday 2026-10-08) is 2026-10-08, as it is after Wednesday
#   2026-09-30, the last working day before the holiday.
# Happens: chinesecalendar's find_workday(n, date) first goes to the working day on or after the date and counts n from
#   there: find_workday(1, 2026-10-03) is 2026-10-09, a day later than find_workday(1, 2026-09-30), although the date
#   it starts from is later by three days off. holidays' get_nth_working_day(date, n) counts from the date itself, so
#   its 0th and its 1st working day of a day off are the same. Backwards (n < 0) both count from the date.
# Version: chinesecalendar 1.11.0, holidays 0.109.
# Source: https://pypi.org/project/chinesecalendar/ (chinese_calendar/utils.py), https://pypi.org/project/holidays/
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check chinesecalendar==1.11.0 holidays==0.109
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date
from importlib.metadata import version

from chinese_calendar import find_workday
from holidays import country_holidays

print("chinesecalendar", version("chinesecalendar"), "holidays", version("holidays"))
china = country_holidays("CN", years=2026)
seen = {}
for start in (date(2026, 9, 30), date(2026, 10, 3)):
    for n in (-1, 0, 1, 5):
        seen[start, n] = find_workday(n, start), china.get_nth_working_day(start, n)
        print(f"{n:2} working days from {start}: chinesecalendar {seen[start, n][0]}, holidays {seen[start, n][1]}")
assert all(seen[date(2026, 9, 30), n][0] == seen[date(2026, 9, 30), n][1] for n in (-1, 0, 1, 5))
assert seen[date(2026, 10, 3), 1] == (date(2026, 10, 9), date(2026, 10, 8))
assert seen[date(2026, 10, 3), -1] == (date(2026, 9, 30), date(2026, 9, 30))
PYTHON
