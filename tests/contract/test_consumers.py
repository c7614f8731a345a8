"""Each service reads the agreed bytes of every event it hears, and hears only events somebody publishes."""

import json
from pathlib import Path

import pytest

from services.chassis.inbox import Hearing, read_event
from services.chassis.migrate import hearings

SERVICES = (
    "identity",
    "catalogue",
    "ticketing",
    "cases",
    "statistics",
    "quality",
    "notifications",
    "appointments",
    "dispatch",
)
SAMPLES = {path.stem: path for path in (Path(__file__).parent / "samples").glob("*.json")}
HEARD = [(service, hearing) for service in SERVICES for hearing in hearings(service)]


@pytest.mark.parametrize(("service", "hearing"), HEARD, ids=[f"{name}-{heard.type}" for name, heard in HEARD])
def test_a_service_reads_the_sample_of_what_it_hears(service: str, hearing: Hearing) -> None:
    assert hearing.type in SAMPLES, f"{service} hears {hearing.type}, of which there is no sample"
    event = read_event(json.loads(SAMPLES[hearing.type].read_text()), {hearing.type: hearing})
    assert event.data, "the consumer needs something of it"
