"""Requests for figures, pages, and figures where there is nothing to count."""

import json
from base64 import urlsafe_b64encode
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from marshmallow import ValidationError

from services.statistics.facts.domain import visits
from services.statistics.figures.domain import figures
from services.statistics.figures.domain.figures import Place
from services.statistics.figures.schemas import figures as schemas

ASKED = {"from": "2026-03-01", "to": "2026-03-31", "by": "day", "group": "item"}


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@given(TEXTS, TEXTS)
@example("\U0001f4c5" * 20, "\U0001f4c5" * 20)
def test_a_cursor_comes_back_as_it_was_given(period: str, group: str) -> None:
    place = Place(period=period, group=group)
    cursor = schemas.Volumes().dump({"items": [], "next": place})["next"]
    assert schemas.GetVolumes().load({**ASKED, "cursor": cursor})["cursor"] == place


def encoded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@given(
    st.one_of(st.text(), st.integers(), st.lists(st.integers()), st.lists(st.text(), max_size=3).map(encoded))
)
@example(encoded(["\ud800", ""]))
@example(encoded(["\0", ""]))
@example(encoded([1, 2]))
@example(urlsafe_b64encode(b"[" * 50_000).decode())
def test_whatever_else_comes_as_a_cursor_is_invalid_or_a_place(cursor: object) -> None:
    try:
        loaded = schemas.GetVolumes().load({**ASKED, "cursor": cursor})
    except ValidationError as refused:
        assert set(refused.messages_dict) == {"cursor"}
    else:
        place = loaded["cursor"]
        assert "\0" not in (place.period + place.group).encode().decode()


def test_a_range_of_one_day_is_a_range() -> None:
    loaded = schemas.GetVolumes().load({**ASKED, "to": "2026-03-01"})
    assert (loaded["since"], loaded["until"], loaded["limit"]) == (date(2026, 3, 1), date(2026, 3, 1), 100)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to", "2026-02-28"),
        ("to", "2026-02-30"),
        ("by", "week"),
        ("group", "clerk"),
        ("limit", 0),
        ("limit", 1001),
        ("colour", "red"),
    ],
)
def test_a_wrong_request_names_its_field(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        schemas.GetVolumes().load({**ASKED, field: value})
    assert set(refused.value.messages_dict) == {field}


@pytest.mark.parametrize(
    ("channel", "extended", "origin"),
    [
        ("kiosk", False, "walk_in"),
        ("window", True, "extended"),
        ("phone", False, "phone"),
        ("phone", True, "phone"),
        ("web", False, "web"),
    ],
)
def test_a_ticket_came_to_the_hall_as_its_cases_did(channel: str, extended: bool, origin: str) -> None:
    assert visits.origin_of(channel, extended=extended) == origin


def test_a_share_of_nothing_is_none() -> None:
    assert figures.share(0, 0) is None
    assert figures.share(1, 4) == 0.25
    assert figures.whole_seconds(None) is None
    assert figures.whole_seconds(89.7) == 90
