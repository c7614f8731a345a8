"""What may be recorded of commendations."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.quality.domain import commendations as rules
from services.quality.domain.commendations import Commendation
from services.quality.errors import AlreadyWithdrawn, NotYet

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
TODAY = date(2026, 3, 2)
LETTER = Commendation(
    hall="main",
    id="c",
    department="market",
    kind="letter",
    received_on=TODAY,
    note="",
    recorded_by="analyst",
    recorded_at=AT,
)


def test_a_commendation_is_not_recorded_ahead_of_its_day() -> None:
    assert rules.record(LETTER, today=TODAY) == LETTER
    with pytest.raises(NotYet):
        rules.record(replace(LETTER, received_on=date(2026, 3, 3)), today=TODAY)


def test_what_is_withdrawn_changes_no_more() -> None:
    banner = rules.correct(LETTER, today=TODAY, kind="banner")
    assert (banner.kind, banner.version) == ("banner", 2)
    gone = rules.withdraw(banner, at=AT)
    assert (gone.withdrawn_at, gone.version) == (AT, 3)
    for change in (
        lambda: rules.withdraw(gone, at=AT),
        lambda: rules.correct(gone, today=TODAY, kind="plaque"),
    ):
        with pytest.raises(AlreadyWithdrawn):
            change()
