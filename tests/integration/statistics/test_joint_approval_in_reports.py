"""Joint cases are heard in any order and stand in the reports of the periods they were open in."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from services.chassis import clock
from services.statistics.reports.use_cases import reports
from tests.integration.statistics.in_process import ANALYST, Figures

SAMPLES = Path(__file__).parents[2] / "contract" / "samples"


def told(verb: str, *, number: str, sequence: int, **state: Any) -> dict[str, Any]:
    """Return the agreed bytes of an event, about another joint case."""
    event: dict[str, Any] = json.loads((SAMPLES / f"cases.joint_case.{verb}.json").read_text("utf-8"))
    data = {**event["data"], "number": number, **state}
    return {**event, "id": str(uuid4()), "subject": number, "sequence": sequence, "data": data}


def counted(figures: Figures, kind: str, period: str, department: str | None = None) -> Any:
    with figures.database.autocommit() as store:
        made = reports.get_report(store, ANALYST, kind=kind, period=period, department=department)
    return made["joint_approval"]


def test_reports_count_the_joint_cases_of_their_period(figures: Figures) -> None:
    figures.take(
        [
            told("closed", number="J2026-00001", sequence=5),
            told("opened", number="J2026-00001", sequence=1),
            told("opened", number="J2026-00002", sequence=1, opened_at="2026-03-31T23:30:00+08:00"),
            told(
                "advanced",
                number="J2026-00003",
                sequence=2,
                opened_at="2026-04-01T00:30:00+08:00",
                lead="drc",
            ),
        ],
        batch=2,
    )
    department = json.loads((SAMPLES / "catalogue.department.published.json").read_text("utf-8"))
    department["data"] |= {"code": "drc"}
    figures.take([department])
    with clock.showing(lambda: datetime(2026, 4, 15, tzinfo=UTC)):
        assert counted(figures, "monthly", "2026-03") == {
            "departments": 2, "opened": 2, "closed": 1, "under_way": 1,
        }  # fmt: skip
        assert counted(figures, "monthly", "2026-04") == {
            "departments": 3, "opened": 1, "closed": 0, "under_way": 2,
        }  # fmt: skip
        assert counted(figures, "annual", "2026", "drc") == {
            "departments": 3, "opened": 1, "closed": 0, "under_way": 1,
        }  # fmt: skip
