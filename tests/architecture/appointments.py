"""Rows of a busy hall's appointments, and the queries that may not read them from end to end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
ID = UUID(int=7)

# Four weeks of slots to come and four behind, a waitlist, and a year of sessions.
ROWS = """
INSERT INTO departments SELECT 'main', 'd' || n, true, 1 FROM generate_series(0, 16) AS n;
INSERT INTO items SELECT 'main', 'i' || n, 'd' || n % 17, 'active', 1 FROM generate_series(1, 2000) AS n;
INSERT INTO item_terms SELECT 'main', 'i' || n, jsonb_build_array(
    jsonb_build_object('effective_from', '2010-01-04', 'department', 'd' || n % 17, 'state', 'active')), 1
FROM generate_series(1, 2000) AS n;
INSERT INTO slot_plans (hall, code, department, items, weekdays, starts, ends, slot_minutes, capacity, web_quota,
    phone_quota, window_quota, valid_from)
SELECT 'main', 'd' || n, 'd' || n, '{}', '{1,2,3,4,5}', '09:00', '17:00', 30, 10, 0, 0, 0, '2026-01-01'
FROM generate_series(0, 16) AS n;
INSERT INTO slots (hall, id, plan, department, items, starts_at, ends_at, capacity, web_quota,
    phone_quota, window_quota)
SELECT 'main', lpad(to_hex(n * 100000 + d * 100 + s), 32, '0')::uuid, 'd' || n, 'd' || n, '{}', at,
    at + interval '30 minutes', 10, 0, 0, 0
FROM generate_series(0, 16) AS n, generate_series(0, 56) AS d, generate_series(0, 15) AS s,
    LATERAL (SELECT '2026-02-02T09:00:00+08:00'::timestamptz + d * interval '1 day' + s * interval '30 minutes' AS at)
        AS made;
INSERT INTO appointments (hall, id, reference, state, item, department, channel, slot, starts_at, ends_at, day, until,
    booked_at, language, phone_hash, name_sealed, phone_sealed, name_masked, phone_masked, created_at, version)
SELECT hall, id, lpad((row_number() OVER ())::text, 8, '0'), CASE WHEN starts_at < '2026-03-01' THEN 'fulfilled'
    ELSE 'booked' END, 'i1', department, 'web', id, starts_at, ends_at, (starts_at AT TIME ZONE 'Asia/Shanghai')::date,
    NULL, starts_at, 'zh', 'h' || row_number() OVER () % 9000, 'k1:x', 'k1:y', 'x', '138****' || right(id::text, 4),
    starts_at, 2
FROM slots;
INSERT INTO appointment_states (hall, appointment, version, state, entered_at)
SELECT hall, id, version, state, created_at FROM appointments;
INSERT INTO appointments (hall, id, reference, state, item, department, channel, wanted_from, wanted_to, language,
    phone_hash, name_sealed, phone_sealed, name_masked, phone_masked, created_at, version)
SELECT 'main', gen_random_uuid(), 'W' || lpad(n::text, 7, '0'), 'waitlisted', 'i' || n, 'd' || n % 17, 'web',
    '2026-03-03', '2026-03-20', 'zh', 'w' || n, 'k1:x', 'k1:y', 'x', '138****0000', '2026-03-01', 1
FROM generate_series(1, 300) AS n;
INSERT INTO withheld_places (hall, slot, channel, release_at)
SELECT hall, id, 'web', starts_at FROM slots;
INSERT INTO sessions (hall, id, department, windows, staff, starts_at, ends_at, state, opened_at, closed_at, regular,
    version)
SELECT 'main', lpad(to_hex(n * 1000 + d), 32, '0')::uuid, 'd' || n, ARRAY[n::text], ARRAY['c' || n], at,
    at + interval '2 hours', 'closed', at, at + interval '2 hours', '[]', 3
FROM generate_series(0, 16) AS n, generate_series(1, 365) AS d,
    LATERAL (SELECT '2026-03-02T17:00:00+08:00'::timestamptz - d * interval '1 day' AS at) AS made;
INSERT INTO session_states (hall, session, version, state, entered_at)
SELECT hall, id, version, state, closed_at FROM sessions;
INSERT INTO signings (hall, "window", sequence, clerk, since, until)
SELECT 'main', n::text, d, 'c' || n, at, at + interval '8 hours'
FROM generate_series(0, 362) AS n, generate_series(1, 60) AS d,
    LATERAL (SELECT '2026-03-02T09:00:00+08:00'::timestamptz - d * interval '1 day' AS at) AS made;
INSERT INTO overtime (hall, id, sequence, session, staff, department, business_date, starts_at, ends_at, minutes,
    recorded_at)
SELECT hall, id, 1, id, 'c1', department, starts_at::date, starts_at, ends_at, 120, ends_at FROM sessions;
"""

ITEM_SLOTS = {"hall": "main", "department": "d1", "item": "i1", "since": AT, "until": AT + timedelta(days=14)}
NEAREST = {**ITEM_SLOTS, "channel": "web", "near": AT, "at": AT, "besides": None}
APPOINTMENT = {
    **dict.fromkeys(
        (
            "department",
            "until",
            "slot",
            "starts_at",
            "ends_at",
            "day",
            "booked_at",
            "rescheduled_to",
            "arrived_at",
        )
    ),
    "hall": "main",
    "id": ID,
    "at": AT,
    "by": "x",
    "state": "booked",
    "ticket": None,
    "warning": None,
    "version": 3,
    "event_type": "x",
    "event": "{}",
}
PERSON = {
    "hall": "main",
    "phone_hash": "h7",
    "item": "i1",
    "day": TODAY,
    "today": TODAY,
    "since": AT,
    "besides": None,
}
NOBODY = dict.fromkeys(("phone_hash", "date", "department", "state", "cursor"))
SESSION = {"hall": "main", "department": "d1", "besides": ID, "since": AT, "until": AT + timedelta(hours=2)}
# With the small tables they may read whole.
HOT: dict[str, tuple[dict[str, Any], set[str]]] = {
    "find_items": ({"hall": "main", "codes": ["i1"], "today": TODAY}, {"slot_plans", "departments"}),
    "find_slot": ({"hall": "main", "id": ID}, set()),
    "lock_slots": ({"hall": "main", "ids": [ID]}, set()),
    "list_slots": (ITEM_SLOTS, set()),
    "nearest_slots": (NEAREST, set()),
    "take_place": (
        {"hall": "main", "id": ID, "department": "d1", "item": "i1", "channel": "web"},
        set(),
    ),
    "withhold_place": ({"hall": "main", "id": ID, "channel": "web", "release_at": AT}, set()),
    "places_due": ({"hall": "main", "at": AT - timedelta(days=27), "limit": 200}, set()),
    "release_place": ({"hall": "main", "id": 7}, set()),
    "person_record": (PERSON, set()),
    "lock_appointment": ({"hall": "main", "id": ID}, set()),
    "find_reference": ({"hall": "main", "reference": "00000007"}, set()),
    "change_appointment": (APPOINTMENT, set()),
    "list_wishes": ({"hall": "main", "today": TODAY}, set()),
    "lock_not_come": ({"hall": "main", "ids": [ID]}, set()),
    "holds_over": ({"hall": "main", "at": AT, "limit": 200}, set()),
    "waiting_for_slot": (
        {"hall": "main", "department": "d1", "items": [], "day": TODAY},
        {"departments"},
    ),
    "begun": ({"hall": "main", "today": TODAY, "at": AT}, set()),
    "not_come": ({"hall": "main", "today": date(2026, 2, 3), "limit": 200}, set()),
    "of_today": ({"hall": "main", "today": TODAY, "ending": "0007"}, set()),
    "list_appointments": ({**NOBODY, "hall": "main", "phone_hash": "h7", "limit": 50}, set()),
    "sessions_between": (SESSION, set()),
    "sessions_due": ({"hall": "main", "at": AT}, set()),
    "closed_since": ({"hall": "main", "since": AT - timedelta(hours=20), "windows": ["1"]}, set()),
    "list_signings": ({"hall": "main", "windows": ["1", "2"], "since": AT - timedelta(days=2)}, set()),
    "overtime_of_sessions": ({"hall": "main", "sessions": [ID]}, set()),
    "list_overtime": (
        {
            "hall": "main",
            "since": TODAY - timedelta(days=6),
            "until": TODAY,
            "department": None,
            "staff": None,
        },
        set(),
    ),
}
