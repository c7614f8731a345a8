"""Quality emits the agreed bytes, of which none holds what somebody wrote."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.quality import events
from services.quality.domain import commendations as rules
from services.quality.domain.commendations import Commendation
from services.quality.schemas.commendations import CommendationEvent
from tests.contract.test_statistics_events import emitted

SAMPLES = Path(__file__).parent / "samples"
AT = datetime(2026, 3, 4, 17, 5, tzinfo=UTC)
RECORDED = Commendation(
    hall="main", id="0b6f1a52-6d0c-4f0e-9d55-2f8f6f6c7a10", department="market", kind="letter",
    received_on=date(2026, 3, 4), note="张三来信", recorded_by="analyst", recorded_at=AT,
)  # fmt: skip
STATES = {
    "recorded": RECORDED,
    "corrected": rules.correct(RECORDED, today=date(2026, 3, 5), kind="banner", note="李四送旗"),
    "withdrawn": rules.withdraw(RECORDED, at=AT),
}


def test_there_is_a_sample_of_each_and_no_other() -> None:
    assert {path.stem for path in SAMPLES.glob("quality.*.json")} == {
        f"quality.commendation.{verb}" for verb in STATES
    }


@pytest.mark.parametrize("verb", STATES)
def test_quality_emits_what_was_agreed(verb: str) -> None:
    told = STATES[verb]
    event = emitted(events.commendation_event(verb, CommendationEvent().dump(told), version=told.version))
    text = (SAMPLES / f"quality.commendation.{verb}.json").read_text("utf-8")
    assert {**event, "id": "00d15000-0000-4000-8000-000000000000"} == json.loads(text)
    assert not [word for word in ("张三", "李四") if word in text]
