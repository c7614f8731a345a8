"""Whether and when the hall works on a day."""

from datetime import date, time

from services.catalogue.domain import opening
from services.catalogue.domain.opening import CalendarDay, Hours

WEEK = [Hours(department=None, weekday=day, opens=time(9), closes=time(17, 45)) for day in range(1, 6)]
MONDAY, SATURDAY = date(2026, 3, 2), date(2026, 3, 7)


def test_the_hall_works_on_a_monday_and_rests_on_a_saturday() -> None:
    assert opening.on(MONDAY, hours=WEEK, exception=None).hours == WEEK[0]
    rest = opening.on(SATURDAY, hours=WEEK, exception=None)
    assert (rest.working, rest.hours) == (False, None)


def test_a_holiday_is_no_working_day() -> None:
    holiday = CalendarDay(day=MONDAY, working=False, name="春节")
    today = opening.on(MONDAY, hours=WEEK, exception=holiday)
    assert (today.working, today.name, today.hours) == (False, "春节", None)


def test_a_make_up_saturday_has_the_hours_of_a_working_day() -> None:
    made_up = CalendarDay(day=SATURDAY, working=True, name="春节调休上班")
    today = opening.on(SATURDAY, hours=WEEK, exception=made_up)
    assert (today.working, today.hours) == (True, WEEK[0])


def test_a_saturday_with_hours_of_its_own_keeps_them_when_made_up() -> None:
    own = Hours(department=None, weekday=6, opens=time(10), closes=time(12))
    made_up = CalendarDay(day=SATURDAY, working=True, name="调休")
    assert opening.on(SATURDAY, hours=[*WEEK, own], exception=made_up).hours == own


def test_the_hours_of_one_department_are_not_those_of_the_hall() -> None:
    own = Hours(department="tax", weekday=1, opens=time(8), closes=time(20))
    assert opening.on(MONDAY, hours=[own], exception=None).working is False


def test_hours_must_follow_one_another() -> None:
    wrong = Hours(
        department=None, weekday=1, opens=time(9), closes=time(12), break_starts=time(11), break_ends=time(13)
    )
    half = Hours(department=None, weekday=2, opens=time(9), closes=time(12), break_starts=time(11))
    assert len(opening.misdated([wrong, half, *WEEK])) == 2
