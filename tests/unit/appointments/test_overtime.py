"""Overtime to the minute: against counting every second, and what becomes of sessions that go unlike their plan."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.appointments.domain import sessions as rules
from services.appointments.domain.hours import OpenHours
from services.appointments.domain.sessions import FOR_EVER, Presence, Session, Signing
from services.appointments.domain.stretches import Stretch
from services.appointments.errors import IllegalTransition, SessionInvalid, TooEarlyToOpen

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = OpenHours(
    zone=ZONE,
    weekly={(None, day): [(time(9), time(12)), (time(13, 30), time(17))] for day in range(1, 6)},
)


def at(clock: str, *, day: int = 2) -> datetime:
    """Return a moment of March 2026, the 2nd being a Monday."""
    return datetime.combine(date(2026, 3, day), time.fromisoformat(clock), ZONE).astimezone(UTC)


def session(starts: str = "17:00", ends: str = "19:00", **changes: object) -> Session:
    plain = Session(
        hall="main",
        id="c3f8a1d4-52b7-4f0b-8d64-7a1e90b6f332",
        department="market",
        windows=["101", "102"],
        staff=["wang"],
        starts_at=at(starts),
        ends_at=at(ends),
        state="open",
        opened_at=at(starts),
        closed_at=None,
        version=2,
    )
    return replace(plain, **changes)


def here(clerk: str, since: str | datetime, until: str | datetime) -> Presence:
    moments = (each if isinstance(each, datetime) else at(each) for each in (since, until))
    return Presence(clerk=clerk, since=next(moments), until=next(moments))


def minutes(of: Session, presences: Iterable[Presence], *, now: datetime | None = None) -> dict[str, int]:
    """Return minutes by person and day of the month, as `wang 2`."""
    now = now or of.closed_at or at("23:00")
    regular = list(HOURS.between("market", of.opened_at or now, of.closed_at or now))
    found = rules.overtime(of, presences, regular=regular, zone=ZONE, at=now)
    return {f"{each.staff} {each.business_date.day}": each.minutes for each in found}


CASES = {
    "a session in the evening": (session(closed_at=at("19:00")), [here("wang", "13:30", "19:00")], {"wang 2": 120}),
    "the session at noon": (
        session("12:00", "13:30", closed_at=at("13:30")),
        [here("wang", "09:00", FOR_EVER)],
        {"wang 2": 90},
    ),
    "opened before its plan, within the opening hours": (
        session(opened_at=at("16:00"), closed_at=at("19:00")),
        [here("wang", "16:00", "19:00")],
        {"wang 2": 120},
    ),
    "run past its plan": (session(closed_at=at("19:25")), [here("wang", "17:00", "19:25")], {"wang 2": 145}),
    "came late and left early": (
        session(closed_at=at("19:00")),
        [here("wang", "17:20", "18:40")],
        {"wang 2": 80},
    ),
    "signed in at the close": (session(closed_at=at("19:00")), [here("wang", "17:00", FOR_EVER)], {"wang 2": 120}),
    "changed windows": (
        session(closed_at=at("19:00")),
        [here("wang", "17:00", "18:00"), here("wang", "18:10", "19:00")],
        {"wang 2": 110},
    ),
    "two windows at once": (
        session(closed_at=at("19:00")),
        [here("wang", "17:00", "18:30"), here("wang", "18:00", "19:00")],
        {"wang 2": 120},
    ),
    "two people": (
        session(closed_at=at("19:00")),
        [here("wang", "17:00", "18:00"), here("li", "18:00", "19:00")],
        {"wang 2": 60, "li 2": 60},
    ),
    "past midnight": (
        session("22:00", closed_at=at("01:30", day=3)),
        [here("wang", "22:00", at("01:10", day=3))],
        {"wang 2": 120, "wang 3": 70},
    ),
    "seconds of one day are added up before what is below a minute is left out": (
        session(closed_at=at("19:00")),
        [here("wang", "17:00:00", "17:00:40"), here("wang", "17:10:00", "17:10:40")],
        {"wang 2": 1},
    ),
    "nobody came": (session(closed_at=at("19:00")), [], {}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_overtime_is_the_time_at_the_windows_outside_opening_hours(case: str) -> None:
    of, presences, expected = CASES[case]
    assert minutes(of, presences) == expected


def test_on_a_rest_day_all_of_it_is_overtime() -> None:
    sunday = session(opened_at=at("09:00", day=8), closed_at=at("12:00", day=8))
    assert minutes(sunday, [here("wang", at("09:00", day=8), FOR_EVER)]) == {"wang 8": 180}


def test_an_open_session_has_overtime_so_far() -> None:
    assert minutes(session(), [here("wang", "17:00", FOR_EVER)], now=at("17:45")) == {"wang 2": 45}


FROM = at("11:40")
MOMENTS = st.integers(0, 200).map(lambda tenths: FROM + timedelta(seconds=tenths * 41))
STRETCHES = st.tuples(MOMENTS, MOMENTS).map(lambda two: (min(two), max(two)))


@settings(max_examples=60)
@given(
    opened=STRETCHES,
    stays=st.lists(st.tuples(st.sampled_from(["wang", "li"]), STRETCHES), max_size=8),
    midnight=st.booleans(),
)
def test_minutes_equal_a_count_of_every_second_and_never_exceed_the_session(
    opened: Stretch, stays: list[tuple[str, Stretch]], midnight: bool
) -> None:
    shift = timedelta(hours=12) if midnight else timedelta()
    moved = (opened[0] + shift, opened[1] + shift)
    of = session(opened_at=moved[0], closed_at=moved[1])
    presences = [here(clerk, since + shift, until + shift) for clerk, (since, until) in stays]
    counted = minutes(of, presences)
    assert counted == _by_counting(moved, presences)
    for clerk in ("wang", "li"):
        own = sum(each for key, each in counted.items() if key.startswith(clerk))
        assert own * 60 <= (moved[1] - moved[0]).total_seconds()


def _by_counting(opened: Stretch, presences: list[Presence]) -> dict[str, int]:
    served = {*_seconds(at("09:00"), at("12:00")), *_seconds(at("13:30"), at("17:00"))}
    found: dict[str, int] = {}
    for clerk in {each.clerk for each in presences}:
        there = {second for each in presences if each.clerk == clerk for second in _seconds(*each.stretch)}
        extra = there & {*_seconds(*opened)} - served
        for day in (2, 3):
            of_day = extra & {*_seconds(at("00:00", day=day), at("00:00", day=day + 1))}
            if len(of_day) >= 60:
                found[f"{clerk} {day}"] = len(of_day) // 60
    return found


def _seconds(since: datetime, until: datetime) -> range:
    return range(int(since.timestamp()), int(until.timestamp()))


def signing(window: str, sequence: int, clerk: str, since: str, until: str | None = None) -> Signing:
    ended = at(until) if until else None
    return Signing(window=window, sequence=sequence, clerk=clerk, since=at(since), until=ended)


def test_a_sign_in_lasts_until_the_next_word_of_its_window() -> None:
    facts = [
        signing("101", 4, "li", "18:00"),
        signing("101", 1, "wang", "17:00"),
        # Seated anew with other queues: ticketing says nothing of the sign-out in between.
        signing("101", 3, "wang", "17:30"),
        signing("102", 2, "zhao", "17:00", "17:50"),
    ]
    assert list(rules.presences(facts)) == [
        here("wang", "17:00", "17:30"),
        here("wang", "17:30", "18:00"),
        here("li", "18:00", FOR_EVER),
        here("zhao", "17:00", "17:50"),
    ]


def test_a_sign_out_tells_both_ends_even_without_its_sign_in() -> None:
    facts = [signing("101", 1, "wang", "17:00"), signing("101", 2, "wang", "17:00", "17:40")]
    assert {each.until for each in rules.presences(facts)} == {at("17:40")}
    assert list(rules.presences(facts[1:])) == [here("wang", "17:00", "17:40")]


ENDS = {
    "nobody is there at its end": ([here("wang", "17:00", "18:30")], None, "20:00", "19:00"),
    "somebody still works": ([here("wang", "17:00", FOR_EVER)], None, "20:00", None),
    "the last has left": (
        [here("wang", "17:00", "19:20"), here("li", "19:10", "19:40")],
        None,
        "20:00",
        "19:40",
    ),
    "who comes after a gap is too late": (
        [here("wang", "17:00", "19:20"), here("li", "19:30", FOR_EVER)],
        None,
        "20:00",
        "19:20",
    ),
    "the next session begins": ([here("wang", "17:00", FOR_EVER)], "19:30", "20:00", "19:30"),
    "it is not over": ([], None, "18:59", None),
}


@pytest.mark.parametrize("case", ENDS)
def test_a_session_ends_as_planned_or_when_the_last_leaves(case: str) -> None:
    presences, following, now, expected = ENDS[case]
    ended = rules.closing_time(
        session(),
        presences,
        regular=HOURS.between("market", at("17:00"), at(now)),
        next_starts_at=at(following) if following else None,
        at=at(now),
    )
    assert ended == (at(expected) if expected else None)


def test_the_session_at_noon_ends_when_the_department_opens_again() -> None:
    noon = session("12:00", "13:00")
    regular = list(HOURS.between("market", at("12:00"), at("14:00")))
    stays = [here("wang", "09:00", FOR_EVER)]
    now = {"regular": regular, "next_starts_at": None}
    assert rules.closing_time(noon, stays, at=at("13:20"), **now) is None
    assert rules.closing_time(noon, stays, at=at("13:30"), **now) == at("13:30")


WRONG = {
    "ends before it begins": session("19:00", "18:00"),
    "begins in the past": session("15:00", "19:00"),
    "is too long": session(ends_at=at("09:01", day=3)),
    "is more than a year ahead": session(
        starts_at=at("17:00") + timedelta(days=367), ends_at=at("19:00") + timedelta(days=367)
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_session_is_refused_that(case: str) -> None:
    with pytest.raises(SessionInvalid):
        rules.check_times(WRONG[case], at=at("16:00"))


def test_a_session_within_the_opening_hours_is_none() -> None:
    regular = list(HOURS.between("market", at("09:00"), at("19:00")))
    rules.check_times(session(), at=at("17:04"))
    rules.check_extends(session(), regular=regular)
    with pytest.raises(SessionInvalid):
        rules.check_extends(session("14:00", "17:00"), regular=regular)


def test_a_session_is_opened_once_and_not_days_before() -> None:
    planned = session(state="planned", opened_at=None, version=1)
    assert rules.open_(planned, at=at("16:50")).opened_at == at("16:50")
    assert rules.open_(planned, at=at("17:00:04")).opened_at == at("17:00")
    with pytest.raises(TooEarlyToOpen):
        rules.open_(planned, at=at("04:00"))
    with pytest.raises(IllegalTransition):
        rules.open_(session(), at=at("17:00"))
    with pytest.raises(IllegalTransition):
        rules.cancel(session())
    with pytest.raises(IllegalTransition):
        rules.close(planned, at=at("17:00"), regular=[])


def test_a_correction_is_the_same_entry_with_the_next_sequence() -> None:
    closed = session(closed_at=at("19:00"))

    def counted(*presences: Presence) -> list[rules.Overtime]:
        return rules.overtime(closed, presences, regular=[], zone=ZONE, at=at("19:00"))

    first = list(rules.corrections(counted(here("wang", "17:00", "18:00")), []))
    assert list(rules.corrections(counted(here("wang", "17:00", "18:00")), first)) == []
    [longer] = rules.corrections(counted(here("wang", "17:00", "18:30")), first)
    assert (longer.id, longer.minutes, longer.sequence) == (first[0].id, 90, 2)
    gone, other = sorted(
        rules.corrections(counted(here("li", "17:00", "18:00")), [longer]), key=lambda each: each.minutes
    )
    assert (gone.id, gone.minutes, gone.sequence) == (first[0].id, 0, 3)
    assert (other.staff, other.minutes, other.sequence) == ("li", 60, 1)
    assert list(rules.corrections([], [gone])) == []
