"""The follow-up of an evaluation moves as its table says, and in no other way."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.ticketing.domain import evaluation as rules
from services.ticketing.domain.evaluation import FOLLOW_UPS, Evaluation
from services.ticketing.errors import DueInThePast, FollowUpRefused

TODAY = date(2026, 3, 2)
BAD = Evaluation(
    hall="main",
    ticket="t",
    business_date=TODAY,
    queue="q0",
    department="d0",
    item="i0",
    window="100",
    clerk="clerk001",
    level=1,
    comment=None,
    recorded_at=datetime(2026, 3, 2, 2, tzinfo=UTC),
    follow_up="open",
)
MOVES = {
    "assigned": lambda each: rules.assign(each, owner="clerk002", due_on=TODAY, today=TODAY),
    "followed_up": lambda each: rules.follow_up(each, result="已回访"),
}


@pytest.mark.parametrize("before", FOLLOW_UPS)
@pytest.mark.parametrize("after", MOVES)
def test_a_follow_up_goes_only_where_its_table_says(before: str, after: str) -> None:
    evaluation = replace(BAD, follow_up=before)
    if after in FOLLOW_UPS[before]:
        moved = MOVES[after](evaluation)
        assert (moved.follow_up, moved.version) == (after, 2)
    else:
        with pytest.raises(FollowUpRefused) as refusal:
            MOVES[after](evaluation)
        assert refusal.value.extra == {"state": before}


@pytest.mark.parametrize(("level", "state"), [(1, "open"), (2, "open"), (3, None), (4, None), (5, None)])
def test_only_the_two_negative_levels_are_followed_up(level: int, state: str | None) -> None:
    assert rules.first_follow_up(level) == state
    if state is None:
        with pytest.raises(FollowUpRefused):
            rules.assign(
                replace(BAD, level=level, follow_up=None), owner="clerk002", due_on=TODAY, today=TODAY
            )


def test_nobody_is_given_a_day_that_is_over() -> None:
    with pytest.raises(DueInThePast):
        rules.assign(BAD, owner="clerk002", due_on=date(2026, 3, 1), today=TODAY)
