"""What somebody was given to do, put together of all services that give work."""

from typing import Any

from flask.testing import FlaskClient

from services.chassis.bus import BusError
from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.conftest import Answers, TableBus

INBOX = "/api/v1/inbox"


def task(id_: str, due_on: str | None) -> dict[str, Any]:
    """Return a task as a service answers it."""
    return {"id": id_, "department": "tax", "due_on": due_on, "title": "…", "title_en": None, "text": None}


def test_tasks_of_all_services_stand_in_one_list_what_is_due_first(
    client: FlaskClient, answers: Answers, signer: Signer
) -> None:
    answers["ticketing.list_tasks"] = lambda _: {"items": [task("e1", "2999-03-04")]}
    answers["statistics.list_tasks"] = lambda _: {"items": [task("a1", "2001-03-05"), task("a2", None)]}
    answers["quality.list_tasks"] = lambda _: {"items": [task("m1", "2999-03-03")]}
    answer = client.get(INBOX, headers=signer.headers("li.wen", "department_head")).json
    found = [(each["kind"], each["id"], each["overdue"]) for each in answer["items"]]
    assert found == [
        ("anomaly", "a1", True),
        ("anomaly", "a2", False),
        ("action", "m1", False),
        ("follow_up", "e1", False),
    ]


def test_a_service_that_is_away_hides_nothing_of_the_others(
    client: FlaskClient, answers: Answers, signer: Signer
) -> None:
    def away(_: Any) -> Any:
        raise BusError("away")

    answers["ticketing.list_tasks"] = away
    answers["statistics.list_tasks"] = lambda _: {"items": [task("a1", None)]}
    answer = client.get(INBOX, headers=signer.headers("li.wen", "clerk")).json
    assert ([each["id"] for each in answer["items"]], answer["missing"]) == (["a1"], ["follow_up"])


def test_who_may_not_do_a_kind_of_work_is_asked_for_none_of_it(
    client: FlaskClient, bus: TableBus, answers: Answers, signer: Signer
) -> None:
    answers["ticketing.list_tasks"] = answers["statistics.list_tasks"] = lambda _: {"items": []}
    for role, services in (
        ("clerk", ["ticketing", "statistics"]),
        ("crew", ["ticketing"]),
        ("visitor", ["ticketing"]),
    ):
        bus.asked.clear()
        assert client.get(INBOX, headers=signer.headers("somebody", role)).json["items"] == []
        asked = [name.partition(".")[0] for name, _, _ in bus.asked if name.endswith(".list_tasks")]
        assert asked == services, role
