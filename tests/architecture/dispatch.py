"""Rows of a busy hall's on-site service, and the queries that may not read them from end to end."""

from datetime import date
from typing import Any
from uuid import UUID

TODAY = date(2026, 3, 2)
ID = UUID(int=7)

# Two months of 125 orders a day, and the plans of a year.
ROWS = """
INSERT INTO crews (hall, code, name, department, members, least_members, departments, items, shifts, lat, lon, capacity,
    days_off, version)
SELECT 'main', 'c' || n, 'c', 'd', ARRAY['m' || n], 1, ARRAY['d'], '{}', '{}', 22, 114, 10, '{}', 1
FROM generate_series(1, 35) AS n;
INSERT INTO orders (hall, id, reference, state, item, department, channel, window_from, window_to, day, priority,
    service_seconds, crew, plan, arrives_at, leaves_at, departed_at, arrived_at, ended_at, cases, language, phone_hash,
    name_sealed, phone_sealed, address_sealed, name_masked, phone_masked, address_masked, lat, lon, created_at, version,
    terms)
SELECT 'main', lpad(to_hex(d * 1000 + n), 32, '0')::uuid, upper(lpad(to_hex(d * 1000 + n), 8, '0')), 'done',
    'i', 'd', 'web', at, at + interval '1 hour', at::date, 'normal', 900, 'c' || n % 35 + 1, gen_random_uuid(), at, at,
    at, at, at, '{}', 'zh', 'h' || n % 50, 'k1:n', 'k1:p', 'k1:a', 'n', 'p', 'a', 22, 114, at, 1, 1
FROM generate_series(0, 60) AS d, generate_series(1, 125) AS n,
    LATERAL (SELECT '2026-03-02T10:00:00+08:00'::timestamptz - d * interval '1 day' AS at) AS made;
INSERT INTO order_states (hall, "order", version, state, entered_at, left_at)
SELECT hall, id, nth, 'done', created_at, CASE WHEN nth < 6 THEN created_at END
FROM orders, generate_series(1, 6) AS nth;
INSERT INTO plans (hall, id, date, state, seed, seconds, requested_at, attempts, routes, unserved, moved, basis,
    solved_at, published_at, current)
SELECT 'main', lpad(to_hex(n), 32, '0')::uuid, '2026-03-02'::date - n / 10, 'published', 1, 10, '2026-03-02', 1, '[]',
    '[]', '[]', '{}', '2026-03-02', '2026-03-02', n % 10 = 0 FROM generate_series(1, 3000) AS n;
"""

HOT: dict[str, tuple[dict[str, Any], set[str]]] = {
    "find_order": ({"hall": "main", "id": ID}, set()),
    "lock_order": ({"hall": "main", "id": ID}, set()),
    "state_since": ({"hall": "main", "id": ID, "state": "done"}, set()),
    "find_reference": ({"hall": "main", "reference": "0000001A"}, set()),
    "open_orders": ({"hall": "main", "phone_hash": "h1", "today": TODAY}, set()),
    "orders_of_day": ({"hall": "main", "day": TODAY}, set()),
    "route_of_crew": ({"hall": "main", "crew": "c1", "day": TODAY}, set()),
    "underway": ({"hall": "main", "crew": "c1"}, set()),
    "current_plan": ({"hall": "main", "date": TODAY}, set()),
    "find_plan": ({"hall": "main", "id": ID}, set()),
}
