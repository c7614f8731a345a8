"""What the annual report of 2011 says, and what had to be assumed between its figures."""

from collections.abc import Mapping
from datetime import date

OPENED = date(2004, 5, 10)
THREE_SERVICES_SINCE = date(2011, 5, 1)
REPORT_YEAR = 2011
ENDS = date(2011, 11, 30)

CASES_SINCE_OPENING = 9_497_986
CASES_OF_THE_YEAR = 1_054_029
CASES_A_DAY_AT_FIRST = 1_400
THREE_SERVICES = 19_268
SHARE_OF_THREE_SERVICES = 0.0311
OVERTIME_MINUTES = 128_436  # 2,140.6 hours
LETTERS, BANNERS, PLAQUES = 131, 103, 5

# 19,268 / 3.11 %: the report gives the share and not the whole.
CASES_SINCE_THREE_SERVICES = round(THREE_SERVICES / SHARE_OF_THREE_SERVICES)

# Assumed. Cases on an ordinary day by date. Steady growth from 1,400 to 4,500 does not reach the total since 2004:
# the hall must have been busier in between, and so much is put on top of these where RISEN is past.
LEVELS: Mapping[date, float] = {
    OPENED: CASES_A_DAY_AT_FIRST,
    date(2005, 1, 1): 2_700,
    date(2006, 1, 1): 4_700,
    date(2007, 1, 1): 5_800,
    date(2008, 7, 1): 6_200,
    date(2010, 1, 1): 5_900,
    date(2011, 1, 1): 5_500,
    date(2011, 6, 1): 4_300,
    ENDS: 4_150,
}
RISEN = date(2006, 1, 1)

# Assumed: months, weekdays (Monday first) and days around days off, as factors.
MONTHS = (0.97, 0.93, 1.07, 1.05, 1.02, 1.03, 1.00, 0.97, 1.02, 0.98, 1.00, 0.99)
WEEKDAYS = (1.07, 1.03, 1.00, 0.98, 0.92, 0.75, 0.72)
AFTER_DAYS_OFF = 1.10
BEFORE_DAYS_OFF = 0.93
DAY_TO_DAY = 0.045  # standard deviation of a day's own factor, as a logarithm

# Assumed: how the three services part, and how much more a Saturday of extended hours brings.
SERVICES: Mapping[str, float] = {"phone": 0.58, "extended": 0.31, "on_site": 0.11}
GROWTH_OF_SERVICES = (0.7, 1.3)
SATURDAY = 1.2

# Assumed: parts of the departments in all cases; the others share the rest.
DEPARTMENTS: Mapping[str, float] = {
    "ciq": 0.17,
    "market": 0.16,
    "customs": 0.11,
    "statetax": 0.08,
    "social": 0.06,
    "localtax": 0.06,
    "hrss": 0.06,
    "eport": 0.05,
    "safe": 0.045,
    "police": 0.045,
    "stic": 0.03,
    "transport": 0.025,
    "planning": 0.02,
    "housing": 0.02,
    "health": 0.015,
    "drug": 0.015,
}
# Assumed: commendations of a year before the report's, as a part of the report's.
COMMENDED_BEFORE: Mapping[int, float] = {
    2004: 0.35,
    2005: 0.55,
    2006: 0.65,
    2007: 0.75,
    2008: 0.8,
    2009: 0.85,
    2010: 0.9,
}
