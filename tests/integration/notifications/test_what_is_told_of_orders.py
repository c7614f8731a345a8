"""Applicants hear what becomes of their on-site orders, the newest only."""

from itertools import permutations

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
