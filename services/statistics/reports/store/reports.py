"""What reports are made of, their editions, and the staff."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from services.chassis import db
from services.statistics.facts.domain.workdays import Calendar
from services.statistics.figures.domain.periods import Period
from services.statistics.figures.domain.stretches import stretch_of
from services.statistics.reports.domain.sums import Known, Sums

Row = Mapping[str, Any]


class Reports(db.Store):
    """Sums for reports. A department of None stands for the whole hall."""

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Have everything inside the block read from one moment, in one transaction."""
        with self.transaction():
            self.run("one_moment")
            yield

    def report_sums(self, hall: str, period: Period, department: str | None, calendar: Calendar) -> Sums:
        """Return what was counted in a stretch; `calendar` is the hall's working days."""
        about = {"hall": hall, "department": department}
        dates = {**about, "first": period.first, "last": period.last}
        stretch = asdict(stretch_of(period.first, period.last))
        return Sums(
            period=period,
            days=self.rows("report_days", **dates),
            volumes=self.rows("report_volumes", **about, **stretch),
            overtime=self.rows("report_overtime", **dates),
            commendations=self.rows("commendation_counts", **about, since=period.first, until=period.last),
            evaluations=self.rows("evaluation_counts", **about, since=period.first, until=period.last),
            anomalies=self.rows("report_anomalies", **dates),
            joint=self.rows("report_joint", **dates),
            refusals=self.rows("report_refusals", **dates),
            calendar=calendar,
        )

    def known(self, hall: str, period: Period, counted_to: date, department: str | None) -> Known:
        """Return what is known of the hall beside the sums.

        Args:
            hall: the hall.
            period: the stretch the report is about.
            counted_to: the last date that is counted in it.
            department: the department the report is about.
        """
        about = {"hall": hall, "department": department}
        total = self.rows("report_total", month=counted_to.replace(day=1), last=counted_to, **about)[0]
        waited = self.rows("report_waits", first=period.first, last=period.last, **about)
        return Known(
            departments=self.rows("report_departments", **about),
            items=self.rows("report_items", first=period.first, counted_to=counted_to, **about),
            staff=self.rows("report_staff", **about),
            cumulative=total["cases"],
            records_since=total["since"],
            waits=[(row["wait_s"], row["tickets"]) for row in waited],
        )

    def events_until(self, hall: str) -> datetime | None:
        """Return the moment up to which events are in the figures."""
        found: datetime | None = self.value("events_until", hall=hall)
        return found

    def edition(self, hall: str, period: Period, department: str | None, number: int | None) -> Row | None:
        """Return an edition of a report, the newest without a number; None when there is none."""
        return self.row(
            "edition",
            hall=hall,
            kind=period.kind,
            first=period.first,
            department=department or "",
            edition=number,
        )

    def lock_editions(self, hall: str, period: Period, department: str | None) -> None:
        """Let one at a time make editions of a report, until the transaction ends."""
        self.run(
            "lock_editions", hall=hall, kind=period.kind, period=period.name, department=department or ""
        )

    def add_edition(
        self,
        hall: str,
        period: Period,
        department: str | None,
        *,
        edition: int,
        made_at: datetime,
        made_by: str,
        reason: str | None,
        content: str,
    ) -> None:
        """Fix a report as an edition; nothing when another has fixed it already."""
        self.run(
            "add_edition",
            hall=hall,
            kind=period.kind,
            period=period.name,
            first=period.first,
            department=department or "",
            edition=edition,
            made_at=made_at,
            made_by=made_by,
            reason=reason,
            content=content,
        )

    def editions(self, hall: str, *, kind: str | None, limit: int) -> list[dict[str, Any]]:
        """Return the newest editions, by the newest period."""
        return self.rows("editions", hall=hall, kind=kind, limit=limit)
