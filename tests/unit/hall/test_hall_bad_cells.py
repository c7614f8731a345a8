"""Whatever is wrong in a cell is named by file, line and field, and then nothing is sent."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from deploy.hall.load import HallInvalid, load
from tests.unit.hall.conftest import Sent

Edit = Callable[[str, str, str], None]
TODAY = date(2026, 3, 2)

# (table, text in it, what it becomes, problem expected)
BAD_CELLS = {
    "unknown department of a queue": (
        "queues",
        "身份证,Identity cards,police",
        "身份证,Identity cards,polise",
        "queues.csv:3: department: there is no department 'polise'",
    ),
    "unknown zone of a queue": (
        "queues",
        "market,A,2700",
        "market,Z,2700",
        "queues.csv:2: zone: there is no zone 'Z'",
    ),
    "prefix used twice": (
        "queues",
        "police-id,B",
        "police-id,A",
        "queues.csv:3: prefix: 'A' is already on line 2",
    ),
    "prefix that looks like a digit": (
        "queues",
        "police-id,B",
        "police-id,BO",
        "queues.csv:3: prefix: must be one or two capital letters other than I and O, "
        "which look like 1 and 0",
    ),
    "longest wait out of range": (
        "queues",
        "1800",
        "59",
        "queues.csv:3: max_wait_s: must be between 60 and 86400",
    ),
    "rate of zero": (
        "queues",
        "2.5,1.5",
        "0,1.5",
        "queues.csv:3: priority_rate: must be above 0 and at most 100",
    ),
    "rate that is no number": (
        "queues",
        "2.5,1.5",
        "fast,1.5",
        "queues.csv:3: priority_rate: must be a number",
    ),
    "code used twice": (
        "departments",
        "police,市公安局,Public Security Bureau,false\n",
        "police,市公安局,Public Security Bureau,false\npolice,市公安局,Public Security Bureau,false\n",
        "departments.csv:4: code: 'police' is already on line 3",
    ),
    "department without a queue": (
        "departments",
        "police,市公安局,Public Security Bureau,false\n",
        "police,市公安局,Public Security Bureau,false\nfire,市消防局,Fire Bureau,false\n",
        "departments.csv:4: code: no queue is of department 'fire'",
    ),
    "neither yes nor no": (
        "departments",
        "Public Security Bureau,false",
        "Public Security Bureau,maybe",
        "departments.csv:3: offers_three_services: must be true or false (or 1 or 0)",
    ),
    "empty name": (
        "departments",
        "police,市公安局",
        "police,",
        "departments.csv:3: name: must not be empty",
    ),
    "unknown queue at a window": (
        "windows",
        "A,market-setup",
        "A,market-setup;market-change",
        "windows.csv:2: queues: there is no queue 'market-change'",
    ),
    "queue twice at a window": (
        "windows",
        "A,market-setup",
        "A,market-setup;market-setup",
        "windows.csv:2: queues: names 'market-setup' twice",
    ),
    "queue that no window serves": (
        "queues",
        "police-id,B",
        "police-exit,C,出入境,Exit,police,B,1800,2,1.5,1\npolice-id,B",
        "queues.csv:3: code: no window serves queue 'police-exit'",
    ),
    "clerk at another department's window": (
        "clerks",
        "police,201",
        "market,201",
        "clerks.csv:3: window: '201' belongs to department 'police', this row to 'market'",
    ),
    "two clerks at one window": (
        "clerks",
        "police,201",
        "market,101",
        "clerks.csv:3: window: '101' is already on line 2",
    ),
    "username twice": (
        "clerks",
        "clerk002",
        "clerk001",
        "clerks.csv:3: username: 'clerk001' is already on line 2",
    ),
    "unknown queue of an item": (
        "items",
        "market-setup,administrative",
        "market-x,administrative",
        "items.csv:2: queue: there is no queue 'market-x'",
    ),
    "queue of another department for an item": (
        "items",
        "market-setup,administrative",
        "police-id,administrative",
        "items.csv:2: queue: 'police-id' belongs to department 'police', this row to 'market'",
    ),
    "unknown chain": ("items", "talent", "talents", "items.csv:2: chains: there is no chain 'talents'"),
    "unknown kind": (
        "items",
        "administrative_licence",
        "licence",
        "items.csv:2: kind: must be one of administrative_licence, non_licence_approval, public_service",
    ),
    "time limit below zero": (
        "items",
        "administrative_licence,5",
        "administrative_licence,-1",
        "items.csv:2: time_limit_days: must be between 0 and 365",
    ),
    "seconds that are no whole number": (
        "items",
        "5,900",
        "5,90.5",
        "items.csv:2: service_seconds: must be a whole number",
    ),
    "date that does not exist": (
        "items",
        "2010-01-04",
        "2010-02-30",
        "items.csv:5: effective_from: '2010-02-30' is no date, write YYYY-MM-DD",
    ),
    "item name twice in a department": (
        "items",
        "户籍证明开具",
        "身份证换领",
        "items.csv:5: name: 'police, 身份证换领' is already on line 3",
    ),
    "empty part": (
        "items",
        "章程|身份证明",
        "章程||身份证明",
        "items.csv:2: materials: has an empty part between two '|'",
    ),
    "value too many": ("zones", "公安区,", "公安,区,", "zones.csv:3: 4 values for 3 columns"),
    "unknown column": (
        "zones",
        "name_en\n",
        "name_en,note\n",
        "zones.csv:1: note: there is no such column; known are code, name, name_en",
    ),
    "missing column": (
        "chains",
        "code,name,name_en",
        "code,name",
        "chains.csv:1: name_en: the column is missing",
    ),
    "quote left open": (
        "chains",
        "talent,人才",
        'talent,"人才',
        "chains.csv:2: this is not CSV: unexpected end of data",
    ),
    "closing before opening": (
        "hours",
        "6,09:00,12:00",
        "6,09:00,08:00",
        "hours.csv:3: closes: must be after opens",
    ),
    "half a break": (
        "hours",
        "12:00,14:00",
        "12:00,",
        "hours.csv:2: break_ends: a break has a start and an end",
    ),
    "break outside the hours": (
        "hours",
        "12:00,14:00",
        "12:00,18:00",
        "hours.csv:2: break_starts: the break must lie within the opening hours, in order",
    ),
    "time that does not exist": (
        "hours",
        "6,09:00,12:00",
        "6,09:00,25:00",
        "hours.csv:3: closes: '25:00' is no time of day, write HH:MM",
    ),
    "weekday 8": ("hours", "police,6", "police,8", "hours.csv:3: weekday: must be between 1 and 7"),
    "unknown department with hours": (
        "hours",
        "police,6",
        "fire,6",
        "hours.csv:3: department: there is no department 'fire'",
    ),
    "no hours for the whole hall": (
        "hours",
        ",1,09:00",
        "market,1,09:00",
        "hours.csv: department: no row is for the whole hall (an empty department)",
    ),
    "day twice": (
        "calendar",
        "2026-10-10,1",
        "2026-10-01,1",
        "calendar.csv:3: day: '2026-10-01' is already on line 2",
    ),
    "wrong day": (
        "calendar",
        "2026-10-10",
        "10.10.2026",
        "calendar.csv:3: day: '10.10.2026' is no date, write YYYY-MM-DD",
    ),
    "unknown time zone": (
        "hall",
        "Asia/Shanghai",
        "Asia/Nowhere",
        "hall.csv:2: time_zone: 'Asia/Nowhere' is no time zone",
    ),
    "two halls": (
        "hall",
        "Asia/Shanghai\n",
        "Asia/Shanghai\nnorth,北厅,North Hall,Asia/Shanghai\n",
        "hall.csv:3: code: the file describes one hall, this is another row",
    ),
    "zone twice": ("zones", "B,公安区", "A,公安区", "zones.csv:3: code: 'A' is already on line 2"),
    "chain twice": (
        "chains",
        "talent,人才引进,Bringing in talent\n",
        "talent,人才引进,Bringing in talent\ntalent,人才,Talent\n",
        "chains.csv:3: code: 'talent' is already on line 2",
    ),
    "queue twice": (
        "queues",
        "police-id,B",
        "market-setup,B",
        "queues.csv:3: code: 'market-setup' is already on line 2",
    ),
    "window twice": ("windows", "201,201号", "101,201号", "windows.csv:3: code: '101' is already on line 2"),
    "item twice": (
        "items",
        "police-002",
        "police-001",
        "items.csv:5: code: 'police-001' is already on line 3",
    ),
    "hours of a weekday twice": (
        "hours",
        "police,6,",
        ",1,",
        "hours.csv:3: weekday: 'whole hall, 1' is already on line 2",
    ),
    "unknown department of a window": (
        "windows",
        "Window 201,police",
        "Window 201,fire",
        "windows.csv:3: department: there is no department 'fire'",
    ),
    "unknown zone of a window": (
        "windows",
        "police,B",
        "police,C",
        "windows.csv:3: zone: there is no zone 'C'",
    ),
    "window without a queue": (
        "windows",
        "B,police-id",
        "B,",
        "windows.csv:3: queues: must not be empty",
    ),
    "unknown department of a clerk": (
        "clerks",
        "police,201",
        "fire,201",
        "clerks.csv:3: department: there is no department 'fire'",
    ),
    "unknown window of a clerk": (
        "clerks",
        "police,201",
        "police,202",
        "clerks.csv:3: window: there is no window '202'",
    ),
    "unknown department of an item": (
        "items",
        "Card renewal,police",
        "Card renewal,fire",
        "items.csv:3: department: there is no department 'fire'",
    ),
    "unknown department of a slot plan": (
        "slot_plans",
        "market-am,market",
        "market-am,fire",
        "slot_plans.csv:2: department: there is no department 'fire'",
    ),
    "slot plan of a department that nobody can book at": (
        "slot_plans",
        "market-am,market",
        "market-am,police",
        "slot_plans.csv:2: department: 'police' does not offer the three services, so nobody can book there",
    ),
    "crew of a department that does not come": (
        "crews",
        "clerk001,1,market,,",
        "clerk001,1,police,,",
        "crews.csv:2: departments: 'police' does not offer the three services, so nobody goes out",
    ),
    "unknown member of a crew": (
        "crews",
        "crew;clerk001",
        "crew;clerk009",
        "crews.csv:2: members: there is no clerk 'clerk009'",
    ),
    "a clerk in two crews": (
        "crews",
        "clerk002,1",
        "clerk001,1",
        "crews.csv:3: members: 'clerk001' is already in the crew on line 2",
    ),
    "unknown item of a crew": (
        "crews",
        "1,,market-001",
        "1,,market-009",
        "crews.csv:3: items: there is no item 'market-009'",
    ),
    "a crew that can do nothing": (
        "crews",
        "1,,market-001",
        "1,,",
        "crews.csv:3: departments: a crew can do the items of a department, or some items",
    ),
    "a crew that needs more than it has": (
        "crews",
        "clerk002,1",
        "clerk002,2",
        "crews.csv:3: least_members: is more than its 1 members",
    ),
    "a crew that ends before it begins": (
        "crews",
        "6,09:00,12:00",
        "6,12:00,09:00",
        "crews.csv:3: ends: must be after starts",
    ),
    "a crew off the map": (
        "crews",
        "22.5431,114.0579,4",
        "92.5431,114.0579,4",
        "crews.csv:3: lat: must be between -90 and 90",
    ),
    "unknown item of a slot plan": (
        "slot_plans",
        "market,market-001",
        "market,market-009",
        "slot_plans.csv:3: items: there is no item 'market-009'",
    ),
    "item of another department in a slot plan": (
        "slot_plans",
        "market,market-001",
        "market,police-001",
        "slot_plans.csv:3: items: 'police-001' belongs to department 'police', this row to 'market'",
    ),
    "slot plan twice": (
        "slot_plans",
        "market-pm",
        "market-am",
        "slot_plans.csv:3: code: 'market-am' is already on line 2",
    ),
    "weekday that is none": (
        "slot_plans",
        "2;4",
        "2;8",
        "slot_plans.csv:3: weekdays: '8' is no weekday, write 1 (Monday) to 7 (Sunday)",
    ),
    "slots that do not fill the time": (
        "slot_plans",
        "09:00,12:00,30",
        "09:00,12:00,50",
        "slot_plans.csv:2: slot_minutes: 180 minutes are no whole number of slots",
    ),
    "slot plan that ends before it starts": (
        "slot_plans",
        "09:00,12:00",
        "12:00,09:00",
        "slot_plans.csv:2: ends: must be after starts",
    ),
    "more kept places than there are": (
        "slot_plans",
        "10,4,2,1",
        "6,4,2,1",
        "slot_plans.csv:2: capacity: is less than the 7 places kept for channels",
    ),
    "slot plan that is over before it begins": (
        "slot_plans",
        "2027-12-31",
        "2010-12-31",
        "slot_plans.csv:3: valid_to: must not be before valid_from",
    ),
}


@pytest.mark.parametrize(("table", "old", "new", "expected"), BAD_CELLS.values(), ids=BAD_CELLS)
def test_a_bad_row_is_named_by_file_line_and_field_and_nothing_is_sent(
    folder: Path, edit: Edit, sent: Sent, table: str, old: str, new: str, expected: str
) -> None:
    edit(table, old, new)
    with pytest.raises(HallInvalid) as caught:
        load(folder, call=sent.call, today=TODAY, say=sent.said.append)
    assert expected in [str(problem) for problem in caught.value.problems]
    assert (sent.requests, sent.said) == ({}, [])
