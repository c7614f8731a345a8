"""Working days against a list of all days, made one by one."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.cases.domain.calendar import Calendar

FIRST = date(2024, 1, 1)
DAYS = [FIRST + timedelta(days=nth) for nth in range(1200)]

days = st.sampled_from(DAYS[:600])
calendars = st.dictionaries(st.sampled_from(DAYS), st.booleans(), max_size=80).map(Calendar)


def all_working_days(calendar: Calendar) -> list[date]:
    """List the working days as one would with a printed calendar and a pencil."""
    worked = {day for day in DAYS if day.strftime("%a") not in ("Sat", "Sun")}
    for day, working in calendar.exceptions.items():
        (worked.add if working else worked.discard)(day)
    return sorted(worked)


@given(calendars, days, st.integers(0, 90))
def test_the_nth_working_day_after_a_day_is_the_nth_of_the_list(
    calendar: Calendar, day: date, count: int
) -> None:
    following = [each for each in all_working_days(calendar) if each > day]
    assert calendar.working_day_after(day, count) == ([day, *following][count])


@given(calendars, days, days)
def test_working_days_between_are_those_of_the_list(calendar: Calendar, after: date, until: date) -> None:
    listed = [each for each in all_working_days(calendar) if after < each <= until]
    assert calendar.working_days(after=after, until=until) == len(listed)


@given(calendars, days, st.integers(0, 90))
def test_counting_back_gives_the_limit_again(calendar: Calendar, day: date, count: int) -> None:
    due = calendar.working_day_after(day, count)
    assert calendar.working_days(after=day, until=due) == count


def test_the_spring_festival_of_2026_is_skipped_and_its_make_up_saturday_counts() -> None:
    holidays = [date(2026, 2, day) for day in (16, 17, 18, 19, 20, 23)]
    calendar = Calendar(dict.fromkeys(holidays, False) | {date(2026, 2, 14): True, date(2026, 2, 28): True})
    friday = date(2026, 2, 13)
    assert calendar.working_day_after(friday, 1) == date(2026, 2, 14)
    assert calendar.working_day_after(friday, 2) == date(2026, 2, 24)
    assert calendar.working_day_after(friday, 6) == date(2026, 2, 28)
    assert calendar.working_day_after(friday, 7) == date(2026, 3, 2)


def test_a_limit_of_no_days_is_due_on_the_same_day_even_on_a_rest_day() -> None:
    saturday = date(2026, 3, 7)
    assert Calendar().working_day_after(saturday, 0) == saturday
