"""Rows of years of unusual movements, and the queries that may not read them from end to end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
ID = UUID(int=7)

# Eight years of ten a day, which is far more than a hall has, and each date and hour looked at.
ROWS = """
INSERT INTO anomalies (hall, id, subject_kind, subject, department, direction, business_date, since, window_days,
    observed, expected, lower, upper, score, method, detected_at, seen_on, series, state, owner, due_on, explanation,
    outcome, version)
SELECT 'main', lpad(to_hex(d * 100 + n), 32, '0')::uuid, 'item', 'i' || n, 'd' || n, 'rise', day, day, 1, 2, 1, 0, 1, 9,
    'm', day, day, '[]', 'fed_back', 'o', day, 'e', 'r', 5
FROM generate_series(0, 2000) AS d, generate_series(1, 10) AS n, LATERAL (SELECT '2026-03-02'::date - d AS day) AS made;
INSERT INTO anomaly_states (hall, anomaly, version, state, entered_at)
SELECT hall, id, 5, state, detected_at FROM anomalies;
INSERT INTO detections (hall, business_date, part, attempts, done_at)
SELECT 'main', '2026-03-02'::date - d, to_char(hour, 'FM00'), 1, '2026-03-02'
FROM generate_series(0, 2000) AS d, generate_series(9, 17) AS hour;
"""

NOTHING = dict.fromkeys(
    ("id", "since", "until", "state", "department", "overdue_on", "own", "account", "after_date", "after_id")
)
GOES_ON = {"hall": "main", "kind": "item", "subject": "i1", "direction": "rise", "day": TODAY}
# With the small tables they may read whole.
HOT: dict[str, tuple[dict[str, Any], set[str]]] = {
    "list_anomalies": ({**NOTHING, "hall": "main", "limit": 101}, {"names"}),
    "lock_anomaly": ({"hall": "main", "id": ID}, set()),
    "anomaly_history": ({"hall": "main", "id": ID}, set()),
    "anomaly_goes_on": (GOES_ON, set()),
    "known_findings": ({"hall": "main", "before": TODAY}, set()),
    "known_hours": ({"hall": "main", "day": TODAY}, set()),
    "is_examined": ({"hall": "main", "day": TODAY, "part": "10", "at": AT}, set()),
    "days_to_examine": (
        {"hall": "main", "since": TODAY - timedelta(days=14), "until": TODAY, "at": AT},
        set(),
    ),
}
