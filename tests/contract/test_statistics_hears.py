"""Statistics reads the agreed bytes of all it hears."""

import json
from datetime import date
from pathlib import Path

import pytest

from services.chassis.inbox import read_event
from services.statistics.service import Statistics

SAMPLES = Path(__file__).parent / "samples"
# What a person is told of, without a change of the ticket.
NO_CHANGE = {"ticketing.ticket.approaching", "ticketing.ticket.paused"}
HEARINGS = {hearing.type: hearing for hearing in Statistics.inbox.hearings}


@pytest.mark.parametrize("type_", sorted(HEARINGS))
def test_statistics_reads_what_it_hears(type_: str) -> None:
    sample = json.loads((SAMPLES / f"{type_}.json").read_text("utf-8"))
    heard = read_event(sample, HEARINGS)
    assert (heard.type, heard.subject, heard.hall) == (type_, sample["subject"], sample["hall"])
    assert isinstance(heard.data.get("business_date", date.min), date)


@pytest.mark.parametrize(
    "aggregate",
    [
        "ticketing.ticket",
        "ticketing.evaluation",
        "ticketing.window",
        "cases.case",
        "cases.joint_case",
        "appointments.appointment",
        "appointments.overtime",
        "dispatch.order",
        "dispatch.overtime",
    ],
)
def test_statistics_hears_whatever_becomes_of_what_it_counts(aggregate: str) -> None:
    told = {path.stem for path in SAMPLES.glob(f"{aggregate}.*.json")}
    assert told - NO_CHANGE <= HEARINGS.keys()


def test_statistics_keeps_no_word_about_persons() -> None:
    kept = {name for hearing in HEARINGS.values() for name in hearing.schema.fields}
    assert not kept & {"phone", "clerk", "applicant_ref", "reason", "comment", "language"}
