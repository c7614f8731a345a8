"""What an inbox takes for an event."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.inbox import Hearing, Unreadable, hears, read_event
from services.chassis.schemas import EventData, Text


class Word(EventData):
    """A word."""

    word = Text(required=True)


HEARINGS: dict[str, Hearing] = {
    "other.word.said": hears("other.word.said", Word(), lambda store, events: None)
}
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": str(uuid4()),
    "source": "/hallflow/other",
    "type": "other.word.said",
    "subject": "7",
    "time": "2026-03-02T09:05:00+08:00",
    "hall": "main",
    "sequence": 3,
    "position": 9,
    "callid": "c1",
    "data": {"word": "a", "a member that came later": 1},
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def test_members_that_are_not_known_are_left_out() -> None:
    event = read_event({**EVENT, "added": 1}, HEARINGS)
    assert event.data == {"word": "a"}
    assert (event.sequence, event.position, event.call_id, event.hall) == (3, 9, "c1", "main")


def test_position_and_call_id_may_be_missing() -> None:
    event = read_event({k: v for k, v in EVENT.items() if k not in ("position", "callid")}, HEARINGS)
    assert (event.position, event.call_id) == (0, "")


def test_an_id_has_one_spelling() -> None:
    assert read_event({**EVENT, "id": EVENT["id"].upper()}, HEARINGS).id == EVENT["id"]


@pytest.mark.parametrize("member", ["id", "type", "subject", "time", "hall", "sequence", "data"])
def test_a_member_that_is_needed_may_not_be_missing(member: str) -> None:
    with pytest.raises(Unreadable):
        read_event({k: v for k, v in EVENT.items() if k != member}, HEARINGS)


@given(st.sampled_from(sorted(EVENT)), ANYTHING)
def test_whatever_a_member_is_an_event_is_read_or_unreadable(member: str, value: Any) -> None:
    """Seen to fail for an infinite sequence (OverflowError), which ended the process."""
    try:
        read_event({**EVENT, member: value}, HEARINGS)
    except Unreadable:
        return


@given(ANYTHING)
def test_whatever_a_message_is_it_is_unreadable_at_worst(body: Any) -> None:
    with pytest.raises(Unreadable):
        read_event(body, HEARINGS)
