"""What revisions make of an item on a day."""

from dataclasses import asdict, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.catalogue.domain import items
from services.catalogue.domain.items import Content, Revision

FIRST = date(2026, 1, 5)
CONTENT = Content(
    name="企业设立登记",
    name_en="Registration",
    department="tax",
    queue="tax-a",
    kind="public_service",
    time_limit_days=5,
    service_seconds=300,
    chains=("trade",),
)
ADDED = Revision(item="tax-001", revision=1, action=items.ADD, effective_from=FIRST, changes=asdict(CONTENT))


def adjusted(number: int, day: date, **changes: object) -> Revision:
    return Revision(item="tax-001", revision=number, action=items.ADJUST, effective_from=day, changes=changes)


def test_an_item_is_not_offered_before_the_day_it_is_added_for() -> None:
    assert items.as_of([ADDED], FIRST - timedelta(days=1)) is None
    found = items.as_of([ADDED], FIRST)
    assert found is not None
    assert (found.state, found.revision, items.content_of(found)) == ("active", 1, CONTENT)


def test_a_change_counts_from_its_day_on() -> None:
    day = FIRST + timedelta(days=30)
    revisions = [ADDED, adjusted(2, day, time_limit_days=3)]
    before, after = items.as_of(revisions, day - timedelta(days=1)), items.as_of(revisions, day)
    assert before is not None
    assert after is not None
    assert (before.time_limit_days, after.time_limit_days) == (5, 3)
    assert after.effective_from == day


def test_a_change_announced_for_later_does_not_undo_one_made_meanwhile() -> None:
    late, soon = FIRST + timedelta(days=60), FIRST + timedelta(days=10)
    revisions = [ADDED, adjusted(2, late, name="新名称"), adjusted(3, soon, time_limit_days=1)]
    found = items.as_of(revisions, late)
    assert found is not None
    assert (found.name, found.time_limit_days, found.revision) == ("新名称", 1, 2)


def test_of_two_changes_on_one_day_the_later_recorded_counts() -> None:
    found = items.as_of([ADDED, adjusted(3, FIRST, name="丙"), adjusted(2, FIRST, name="乙")], FIRST)
    assert found is not None
    assert found.name == "丙"


def test_a_withdrawn_item_stays_withdrawn_until_it_is_added_again() -> None:
    gone = Revision(
        item="tax-001", revision=2, action=items.WITHDRAW, effective_from=FIRST + timedelta(1), changes={}
    )
    later = adjusted(3, FIRST + timedelta(2), name="丙")
    again = replace(ADDED, revision=4, effective_from=FIRST + timedelta(3))
    found = [items.as_of([ADDED, gone, later, again], FIRST + timedelta(day)) for day in range(4)]
    assert [each.state for each in found if each] == ["active", "withdrawn", "withdrawn", "active"]
    assert found[2] == found[1], "what was announced for later changes nothing of it"


def test_the_next_change_is_the_first_that_is_still_to_come() -> None:
    revisions = [
        ADDED,
        adjusted(2, FIRST + timedelta(9), name="乙"),
        adjusted(3, FIRST + timedelta(4), name="丙"),
    ]
    assert items.next_change(revisions, FIRST) == FIRST + timedelta(4)
    assert items.next_change(revisions, FIRST + timedelta(9)) is None


def test_only_what_differs_is_a_difference() -> None:
    assert items.differences(CONTENT, {"name": CONTENT.name, "chains": ["trade"], "guide": "新"}) == {
        "guide": "新"
    }


def test_an_item_must_be_in_a_queue_of_its_own_department() -> None:
    known = {"queue_departments": {"tax-a": "police"}, "departments": {"tax"}, "chains": {"trade"}}
    assert items.misfits(CONTENT, **known) == {"queue": ["Queue 'tax-a' is of department 'police'."]}
    everything = {"queue_departments": {}, "departments": set(), "chains": set()}
    assert items.misfits(CONTENT, **everything).keys() == {"queue", "department", "chains"}


@given(st.permutations(range(2, 7)), st.lists(st.integers(0, 5), min_size=5, max_size=5))
def test_the_order_in_which_revisions_are_read_does_not_matter(order: list[int], days: list[int]) -> None:
    revisions = [
        adjusted(number, FIRST + timedelta(days[number - 2]), time_limit_days=number)
        for number in range(2, 7)
    ]
    shuffled = [revisions[number - 2] for number in order]
    for day in range(6):
        on = FIRST + timedelta(day)
        assert items.as_of([ADDED, *revisions], on) == items.as_of([*shuffled, ADDED], on)
