"""Applicants hear what becomes of their on-site orders, the newest only."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from tests.integration.notifications.in_process import PHONE, Post

COMES = "2026-03-02T06:20:00+00:00"


def told(post: Post) -> list[str]:
    post.deliver()
    return [text for _, _, text in post.sent]


def test_an_order_is_told_from_its_receipt_to_the_crew_on_its_way(post: Post) -> None:
    post.hear("catalogue.item.published", {"code": "market-001", "name": "设立登记", "name_en": "Setting up"})
    steps = (("requested", {}), ("assigned", {"arrives_at": COMES}), ("departed", {"arrives_at": COMES}))
    for sequence, (verb, more) in enumerate(steps, start=1):
        post.order(verb, sequence=sequence, **more)
        post.deliver()
    assert [to for _, to, _ in post.sent] == [PHONE] * 3
    assert told(post) == [
        "张**，已收到您的上门服务申请：“设立登记”，2026-03-02 14:00至17:00，单号9P2K3M4Q。安排好后再通知您。",
        "张**，工作人员预计2026-03-02 14:20上门办理“设立登记”，单号9P2K3M4Q，请备好材料。",
        "张**，工作人员已出发，预计14:20到达，单号9P2K3M4Q。",
    ]


@pytest.mark.parametrize(
    ("verb", "part"),
    [
        ("declined", "不能上门办理"),
        ("reassigned", "预计2026-03-02 14:20"),
        ("unassigned", "需重新安排"),
        ("rescheduled", "已改到2026-03-02 14:00至17:00"),
        ("cancelled", "已取消"),
        ("failed", "未能完成"),
    ],
)
def test_each_turn_of_an_order_is_told_once(post: Post, verb: str, part: str) -> None:
    for _ in range(2):
        post.order(verb, arrives_at=COMES if verb == "reassigned" else None)
    [text] = told(post)
    assert part in text


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_several_facts_that_come_at_once_the_newest_is_told(post: Post, order: tuple[int, ...]) -> None:
    facts = [("assigned", COMES), ("reassigned", "2026-03-02T07:00:00+00:00"), ("cancelled", None)]
    for nth in order:
        verb, arrives_at = facts[nth]
        post.order(verb, sequence=nth + 1, arrives_at=arrives_at)
    [text] = told(post)
    assert "已取消" in text


def test_what_was_expected_is_not_told_once_the_window_is_over(post: Post) -> None:
    post.order("assigned", arrives_at=COMES)
    post.go_to("2026-03-02T17:00")
    assert told(post) == []
    assert post.states() == {"onsite_expected": "dropped"}


def test_an_order_is_told_in_english_to_those_who_want_it(post: Post) -> None:
    post.order("departed", arrives_at=COMES, language="en")
    assert told(post) == ["张**, our staff is on its way and expected at 14:20. Reference 9P2K3M4Q."]


def moved(post: Post, minutes: int, *, sequence: int, **more: Any) -> list[str]:
    comes = datetime.fromisoformat(COMES) + timedelta(minutes=minutes)
    post.order("reassigned", sequence=sequence, arrives_at=comes.isoformat(), **{"crew": "m1"} | more)
    return told(post)


def test_a_visit_moved_by_a_few_minutes_is_told_again_only_when_they_add_up(post: Post) -> None:
    post.order("assigned", arrives_at=COMES, crew="m1")
    assert len(told(post)) == 1
    assert [len(moved(post, minutes, sequence=n)) for n, minutes in enumerate((9, -9, 10, 15, 1), start=2)] == [
        1, 1, 2, 2, 2,
    ]  # fmt: skip
    assert len(moved(post, 0, sequence=7)) == 3


def test_another_crew_or_window_is_told_whatever_the_time(post: Post) -> None:
    post.order("assigned", arrives_at=COMES, crew="m1")
    assert len(told(post)) == 1
    assert len(moved(post, 1, sequence=2, crew="m2")) == 2
    window = {"from": "2026-03-02T06:10:00+00:00", "to": "2026-03-02T09:00:00+00:00"}
    assert len(moved(post, 1, sequence=3, crew="m2", window=window)) == 3
    post.order("unassigned", sequence=4)
    assert len(moved(post, 1, sequence=5, crew="m2", window=window)) == 4, (
        "who waited again is told of any visit"
    )


def test_a_small_change_leaves_the_message_that_waits(post: Post) -> None:
    post.order("assigned", arrives_at=COMES, crew="m1")
    assert len(moved(post, 3, sequence=2)) == 1
    assert post.states() == {"onsite_expected": "sent"}


def test_who_cannot_be_visited_as_promised_is_told_of_other_days_or_that_there_are_none(post: Post) -> None:
    days = [{"date": "2026-03-03", "starts_at": "2026-03-03T09:00:00+08:00", "ends_at": "x"}]
    post.order("displaced", alternatives=days, cause="day_off")
    (text,) = told(post)
    assert "2026-03-03 09:00" in text
    assert "因当天不办公" in text
    post.order("displaced", sequence=2, alternatives=[])
    assert "近期暂无" in told(post)[-1]
