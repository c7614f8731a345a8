"""What may be recorded of commendations, and what staff may write."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.statistics.domain import commendations as rules
from services.statistics.domain.commendations import Commendation
from services.statistics.domain.wording import check_wording
from services.statistics.errors import AlreadyWithdrawn, NamesAPerson, NotYet

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


@pytest.mark.parametrize(
    "text",
    [
        "电话13812345678",
        "联系 138 1234 5678。",
        "138-1234-5678",
        "+86 13812345678",
        "身份证11010519491231002X",
        "110105 19491231 0021",
        "110105491231002",
        "座机0755-88123456",
    ],
)
def test_a_text_with_a_persons_number_is_refused(text: str) -> None:
    with pytest.raises(NamesAPerson) as refusal:
        check_wording(text, field="note")
    assert list(refusal.value.errors) == ["note"]
    assert text not in refusal.value.detail


@pytest.mark.parametrize(
    "text",
    [
        "",
        "企业送来锦旗一面",
        "2026-03-02 收到, 编号 2026-0000123",
        "办件 1,054,029 件",
        "12345 热线转来",
        "第 103 号窗口",
    ],
)
def test_a_text_without_one_passes(text: str) -> None:
    assert check_wording(text, field="note") == text


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
