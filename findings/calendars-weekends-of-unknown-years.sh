#!/bin/sh
# workalendar: of a year whose holidays in China it does not know, it says nothing for weekdays, and "no working day"
# for every Saturday and Sunday, make-up days among them.
#
# Expected: a calendar that needs each year's announcement raises for a day of a year it has none of, whatever the day
#   of the week: in China some Saturdays and Sundays are working days, made up for a long holiday.
# Happens: China().holidays(2025) and is_working_day() of a weekday raise CalendarError ("Need configure 2025 for
#   China."); is_working_day() of a Saturday or Sunday of the same year answers False. Sunday 2025-01-26 and
#   Saturday 2025-02-08 were working days by the State Council's notice for 2025 (chinesecalendar has them). So a check of "is the
#   hall open on this Sunday" seems to work long after the data have run out.
# Version: workalendar 17.0.0 (its newest; China configured for 2018 to 2023), chinesecalendar 1.11.0.
# Source: https://pypi.org/project/workalendar/ (workalendar/asia/china.py, core.py)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check workalendar==17.0.0 chinesecalendar==1.11.0
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from datetime import date
from importlib.metadata import version

from chinese_calendar import is_workday
from workalendar.asia import China
from workalendar.exceptions import CalendarError

print("workalendar", version("workalendar"), "chinesecalendar", version("chinesecalendar"))
calendar = China()
try:
    calendar.is_working_day(date(2025, 1, 27))
except CalendarError as error:
    print("Monday 2025-01-27:", error)
else:
    raise AssertionError("the year is known now")
for day in (date(2025, 1, 26), date(2025, 2, 8)):
    answer = calendar.is_working_day(day)
    print(f"{day:%A %Y-%m-%d}: workalendar {answer}, chinesecalendar {is_workday(day)}")
    assert answer is False and is_workday(day) is True
PYTHON
