"""Days to plan: of one's own making, and random ones."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from services.dispatch.domain.planning import CrewShift, Job, Place, Problem
from services.dispatch.domain.travel import GreatCircle, TravelTable
from tests.waiting import DEADLINE_S

# Nine o'clock in the hall.
MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
HALL = Place(30.25, 120.15)
FAR = Place(31.25, 120.15)
SKILLS = ("a", "b")


def at(hours: float) -> datetime:
    """Return the moment so many hours after nine."""
    return MORNING + timedelta(hours=hours)


def near(km_north: float, km_east: float = 0.0) -> Place:
    """Return a place near the hall."""
    return Place(HALL.lat + km_north / 111.2, HALL.lon + km_east / 96.1)


def job(id_: str, **given: Any) -> Job:
    """Return a visit that can be made at any time, of half an hour, a kilometre away."""
    usual: dict[str, Any] = {
        "place": near(1),
        "window_from": at(0),
        "window_to": at(8),
        "service_s": 1800,
        "skills": frozenset({"a"}),
        "priority": "normal",
    }
    return Job(id=id_, **{**usual, **given})


def crew(code: str = "c1", **given: Any) -> CrewShift:
    """Return a crew that works from nine to five."""
    usual: dict[str, Any] = {
        "skills": frozenset(SKILLS),
        "starts_at": at(0),
        "ends_at": at(8),
        "start": HALL,
        "capacity": 10,
    }
    return CrewShift(code=code, **{**usual, **given})


def problem(
    *jobs: Job, crews: tuple[CrewShift, ...] | None = None, seconds: float = 10 * DEADLINE_S
) -> Problem:
    """Return a day."""
    return Problem(jobs=jobs, crews=(crew(),) if crews is None else crews, seed=1, seconds=seconds)


def table_of(day: Problem) -> TravelTable:
    """Return the ways of a day."""
    places = [place for each in day.crews for place in (each.start, each.end)] + [
        each.place for each in day.jobs
    ]
    return GreatCircle().table(
        list(dict.fromkeys(places)), during=[(each.free_from, each.ends_at) for each in day.crews]
    )


def busy(jobs: int, crews: int) -> Problem:
    """Return a day on which crews have plenty to do, the same each time."""
    return problem(
        *(
            job(
                f"j{n:02}",
                place=near(n * 7 % 13 - 6, n * 11 % 17 - 8),
                window_from=at(n % 6),
                window_to=at(n % 6 + 2),
                skills=frozenset({SKILLS[n % 2]}),
            )
            for n in range(jobs)
        ),
        crews=tuple(crew(f"c{n}", start=near(n, n)) for n in range(crews)),
    )


_hours = st.integers(0, 16).map(lambda half: half / 2)
_places = st.builds(near, st.integers(-15, 15), st.integers(-15, 15))
_skills = st.frozensets(st.sampled_from(SKILLS), max_size=2)


@st.composite
def _jobs(draw: st.DrawFn, id_: str) -> Job:
    opens = draw(_hours)
    return job(
        id_,
        place=draw(_places),
        window_from=at(opens),
        window_to=at(opens + draw(st.sampled_from((-0.5, 0, 0.5, 1, 4)))),
        service_s=draw(st.sampled_from((0, 600, 1800, 5400))),
        skills=draw(_skills),
        priority=draw(st.sampled_from(("urgent", "normal", "low"))),
        demand=draw(st.integers(0, 2)),
    )


@st.composite
def _crews(draw: st.DrawFn, code: str) -> CrewShift:
    begins = draw(_hours)
    return crew(
        code,
        skills=draw(_skills),
        starts_at=at(begins),
        ends_at=at(begins + draw(st.sampled_from((1, 4, 8)))),
        start=draw(_places),
        capacity=draw(st.integers(0, 6)),
        not_before=draw(st.none() | _hours.map(at)),
        home=draw(st.none() | _places),
        breaks=draw(st.sampled_from(((), ((at(3), at(5)),), ((at(2), at(2.5)), (at(6), at(6.5)))))),
    )


@st.composite
def days(draw: st.DrawFn) -> Problem:
    """Draw a day of a few orders and crews, some of which fit."""
    jobs = [draw(_jobs(f"j{n}")) for n in range(draw(st.integers(0, 9)))]
    crews = [draw(_crews(f"c{n}")) for n in range(draw(st.integers(0, 3)))]
    return Problem(
        jobs=tuple(jobs), crews=tuple(crews), seed=draw(st.integers(0, 99)), seconds=10 * DEADLINE_S
    )
