"""Make reports of an invented history and pictures of their pages: `python -m deploy.local.report_pictures [FOLDER]`.

For whoever changes how reports look: needs LibreOffice and poppler, no running hall. The hall's departments and items
are those of `deploy/hall`; the cases are drawn at random around the volume of such a hall.
"""

import csv
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from services.chassis import wire
from services.statistics.facts.domain.workdays import PUBLISHED
from services.statistics.figures.domain import periods
from services.statistics.figures.domain.periods import Period
from services.statistics.reports.domain import reports
from services.statistics.reports.domain.sums import Known, Sums
from services.statistics.reports.rendering.caller import Renderer

HALL = Path(__file__).parents[1] / "hall"
COUNTED_TO = date(2011, 11, 30)
CASES_A_DAY, THREE_SINCE = 4600, date(2011, 5, 3)
# When joint cases were opened and ended.
JOINT_CASES = ((date(2011, 4, 7), date(2011, 9, 20)), (date(2011, 5, 16), None), (date(2011, 8, 1), None))
SEASON = {1: 0.9, 2: 0.62, 3: 1.02, 4: 1.05, 6: 1.06, 8: 1.1, 9: 1.12, 10: 0.94, 11: 1.08, 12: 1.15}
DEPTH = {"09": 16, "10": 24, "11": 14, "14": 17, "15": 16, "16": 10, "17": 3}
SERVICES = {"phone": 46, "web": 24, "extended": 22, "on_site": 8}
ASKED = (
    ("annual", "2011", None),
    ("quarterly", "2011-Q3", "market"),
    ("monthly", "2011-10", None),
    ("daily", "2011-11-30", None),
)
PICTURE_DPI = "70"

Row = dict[str, Any]


def rows_of(name: str) -> list[Row]:
    """Return a table of the reference hall."""
    with (HALL / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


class History:
    """Cases of a hall, drawn anew for each stretch that is asked for, always the same for the same stretch."""

    def __init__(self) -> None:
        """Read the hall."""
        self.departments = rows_of("departments")
        self.items = rows_of("items")
        for nth, item in enumerate(self.items):
            item["weight"] = random.Random(nth).paretovariate(1.05)  # noqa: S311
        self.offering = {row["code"] for row in self.departments if row["offers_three_services"] == "true"}

    def sums(self, period: Period, department: str | None) -> Sums:
        """Return what was counted in a stretch."""
        rng = random.Random(f"{period.first}/{department}")  # noqa: S311
        items = [row for row in self.items if department in (None, row["department"])]
        part = sum(row["weight"] for row in items) / sum(row["weight"] for row in self.items)
        days = list(self._days(period, rng, part))
        cases = sum(row["cases"] for row in days)
        three = sum(row["three"] for row in days)
        offering = sorted(self.offering if department is None else self.offering & {department})
        overtime = (
            [{"department": code, "minutes": rng.randrange(3000, 12000)} for code in offering]
            if three
            else []
        )
        year = (period.last - period.first).days / 365
        return Sums(
            period=period,
            days=days,
            volumes=list(self._volumes(rng, items, offering, cases, three)),
            overtime=overtime,
            commendations=list(self._praise(rng, year, department)),
            evaluations=[
                {"level": level, "count": int(year * count)}
                for level, count in ((5, 98210), (4, 21033), (3, 3107), (2, 402), (1, 96))
            ],
            anomalies=list(self._anomalies(rng, period, items)),
            joint=[
                {
                    "departments": ["audit", "drc", "habitat", "housing", "planning"],
                    "state": "open" if ended_on is None else "closed",
                    "opened_on": opened_on,
                    "ended_on": ended_on,
                }
                for opened_on, ended_on in JOINT_CASES
                if opened_on <= period.last and (ended_on or period.last) >= period.first
            ],
        )

    def known(self, period: Period, department: str | None) -> Known:
        """Return what is known of the hall."""
        clerks = Counter(row["department"] for row in rows_of("clerks"))
        mine = [row for row in self.departments if department in (None, row["code"])]
        return Known(
            departments=[{**row, "offers_three_services": row["code"] in self.offering} for row in mine],
            items=[
                {**row, "in_force": 1, "before": int(row["effective_from"] < period.first.isoformat())}
                for row in self.items
                if department in (None, row["department"])
            ],
            staff=[
                {"department": code, "staff": clerks[code]}
                for code in sorted(clerks)
                if department in (None, code)
            ],
            cumulative=9_497_986 if department is None else 1_310_226,
            records_since=date(2004, 5, 1),
            waits=[(seconds, int(9000 * 0.985 ** (seconds / 12))) for seconds in range(0, 3600, 15)],
        )

    def _days(self, period: Period, rng: random.Random, part: float) -> Iterator[Row]:
        for day in periods.days_of(period.first, min(period.last, COUNTED_TO)):
            working = PUBLISHED.is_working(day)
            growth = 1 + 0.06 * (day.year - 2011)
            cases = (
                int(rng.gauss(1, 0.07) * CASES_A_DAY * SEASON.get(day.month, 1.0) * growth * part)
                if working
                else 0
            )
            three = int(rng.gauss(131, 18) * part) if working and day >= THREE_SINCE else 0
            if cases:
                yield {
                    "day": day,
                    "cases": cases,
                    "hall_cases": int(cases / part),
                    "three": three,
                    "hall_three": three,
                }

    def _volumes(
        self, rng: random.Random, items: list[Row], offering: list[str], cases: int, three: int
    ) -> Iterator[Row]:
        def row(dimension: str, department: str, key: str, count: float) -> Row:
            whole = int(count)
            return {
                "dimension": dimension,
                "department": department,
                "key": key,
                "cases": whole,
                "decided": whole,
                "on_time": whole,
            }

        whole = sum(item["weight"] for item in items)
        by_department: Counter[str] = Counter()
        for item in items:
            count = cases * item["weight"] / whole * rng.uniform(0.85, 1.15)
            by_department[item["department"]] += int(count)
            yield row("item", item["department"], item["code"], count)
        for code, count in by_department.items():
            yield row("decision", code, "", count)
            yield row("origin", code, "walk_in", count)
            for hour, weight in DEPTH.items():
                yield row("hour", code, hour, count * weight / sum(DEPTH.values()))
        for code in offering:
            for origin, weight in SERVICES.items():
                yield row(
                    "origin", code, origin, three / len(offering) * weight / 100 * rng.uniform(0.7, 1.3)
                )

    def _praise(self, rng: random.Random, year: float, department: str | None) -> Iterator[Row]:
        codes = [row["code"] for row in self.departments if department in (None, row["code"])]
        for kind, count in (("letter", 131), ("banner", 103), ("plaque", 5)):
            for _ in range(int(count * year * len(codes) / len(self.departments))):
                yield {"department": rng.choice(codes), "kind": kind, "count": 1}

    def _anomalies(self, rng: random.Random, period: Period, items: list[Row]) -> Iterator[Row]:
        found = sorted(
            rng.sample(
                list(periods.days_of(period.first, min(period.last, COUNTED_TO))),
                min(9, (period.last - period.first).days),
            )
        )
        for nth, day in enumerate(found):
            item, expected = rng.choice(items), rng.randrange(8, 90)
            yield {
                "subject_kind": "item", "subject": item["code"], "department": item["department"], "business_date": day,
                "observed": expected * rng.choice((0, 2, 3)), "expected": expected, "score": rng.uniform(3, 9),
                "state": ("fed_back", "confirmed", "explained", "assigned")[nth % 4],
                "explanation": "企业年检集中申报，业务量属季节性上升" if nth % 4 < 3 else None, "outcome": None,
            }  # fmt: skip


def invented(kind: str, name: str, department: str | None) -> Mapping[str, Any]:
    """Return the report of an invented period, as JSON gives it."""
    history, period = History(), periods.read_period(kind, name)
    sums, known = history.sums(period, department), history.known(period, department)
    counted_to = min(period.last, COUNTED_TO)
    before, year_before = (
        history.sums(periods.like_stretch(other(period), period, counted_to), department)
        for other in (periods.period_before, periods.year_before)
    )
    about = known.departments[0] if department else None
    report = {
        "kind": kind,
        "period": {
            "name": name,
            "first": period.first,
            "last": period.last,
            "counted_from": sums.counted_from,
            "counted_to": sums.counted_to,
            "over": True,
        },
        "department": {"code": about["code"], "name": about["name"], "name_en": about["name_en"]}
        if about
        else None,
        "hall": "main",
        "time_zone": "Asia/Shanghai",
        "events_until": datetime(2011, 11, 30, 9, 51, 7, tzinfo=UTC),
        "edition": 1,
        "made_at": datetime(2011, 12, 1, 1, 0, tzinfo=UTC),
        **reports.report(sums, known, before=before, year_before=year_before, department=department),
        "printed_on": date(2011, 12, 1),
    }
    found: Mapping[str, Any] = json.loads(wire.dumps(report))
    return found


def picture(file: Path) -> None:
    """Turn an office file into a PDF and a picture of each page, beside it."""
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(file.parent), str(file)],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    pdf = file.with_suffix(".pdf").rename(file.with_name(f"{file.name}.pdf"))
    subprocess.run(["pdftoppm", "-r", PICTURE_DPI, "-png", str(pdf), str(file)], check=True)


def main() -> None:
    """Make all kinds of reports and their pictures."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".run/report-pictures").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    renderer = Renderer()
    for kind, name, department in ASKED[: int(sys.argv[2]) if len(sys.argv) > 2 else None]:
        report = invented(kind, name, department)
        for form in ("docx", "xlsx"):
            file = folder / f"{kind}.{form}"
            file.write_bytes(renderer(report, form)[1])
            picture(file)
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures in {folder}\n")


if __name__ == "__main__":
    main()
