"""The hall's workbook over HTTP: fetched, sent in parts, applied and called off by administrators alone."""

from base64 import b64decode, b64encode
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.api.workbook import QUESTIONS, XLSX
from gateway.http.context import UPLOADS
from gateway.schemas.workbook import STEPS
from services.catalogue.tables import sending, there
from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.conftest import Answers, TableBus
from tests.unit.gateway.test_gateway_appointments import API, ID, asked
from tests.unit.gateway.test_gateway_imports import FORM, form

CONTENT = bytes(range(256)) * 4000
JOB = {"id": ID, "state": "checking", "faults": [], "changes": None, "effects": None}


@pytest.fixture
def catalogue(answers: Answers) -> dict[str, Any]:
    """What the catalogue says of the workbook."""
    told = dict(JOB)
    answers["catalogue.begin_workbook"] = lambda _: {"id": ID, "state": "uploading"}
    answers["catalogue.get_workbook"] = lambda _: dict(told)
    answers["catalogue.add_workbook_part"] = lambda request: {"part": request["part"]}
    for command in ("queue", "apply", "cancel"):
        answers[f"catalogue.{command}_workbook"] = lambda _: {"id": ID}
    answers["catalogue.write_workbook"] = lambda request: {
        "content": b64encode(b"template" if request["told"] is None else b"book").decode()
    }
    for service, method in QUESTIONS.values():
        answers[f"{service}.{method}"] = lambda _: {"items": []}
    return told


def send(
    client: FlaskClient, signer: Signer, *, field: bytes = b"", role: str = "admin", **headers: str
) -> Any:
    body = form(("file", CONTENT), file_name="hall.xlsx")
    if field:
        body = b'--part\r\nContent-Disposition: form-data; name="dry_run"\r\n\r\n' + field + b"\r\n" + body
    given = {**signer.headers("a", role), **headers}
    return client.post(f"{API}/workbook", data=body, content_type=FORM, headers=given)


def test_a_workbook_is_handed_over_in_parts_and_its_job_is_told(
    client: FlaskClient, bus: TableBus, signer: Signer, catalogue: dict[str, Any]
) -> None:
    answer = send(client, signer, field=b"1")
    assert (answer.status_code, answer.get_json()) == (202, JOB)
    [begun] = asked(bus, "catalogue.begin_workbook")
    assert (begun["dry_run"], begun["size"], begun["file_name"]) == (True, len(CONTENT), "hall.xlsx")
    parts = asked(bus, "catalogue.add_workbook_part")
    assert b"".join(b64decode(part["content"]) for part in parts) == CONTENT
    assert asked(bus, "catalogue.queue_workbook") == [{"id": ID, "parts": 2}]


def test_a_workbook_is_applied_unless_it_is_said_to_be_a_trial(
    client: FlaskClient, bus: TableBus, signer: Signer, catalogue: dict[str, Any]
) -> None:
    send(client, signer)
    assert [each["dry_run"] for each in asked(bus, "catalogue.begin_workbook")] == [False]
    assert send(client, signer, field=b"yes").status_code == 422


def test_a_workbook_that_is_sent_again_is_not_handed_over_again(
    client: FlaskClient, bus: TableBus, signer: Signer, catalogue: dict[str, Any]
) -> None:
    bus.replayed = True
    answer = send(client, signer, **{"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.headers["Idempotent-Replayed"]) == (202, "true")
    assert asked(bus, "catalogue.queue_workbook") == []


def test_a_workbook_that_is_too_large_is_refused(
    client: FlaskClient, signer: Signer, catalogue: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(UPLOADS, "workbook.send_workbook", 1000)
    assert send(client, signer).status_code == 413


def test_the_hall_as_it_is_is_put_together_from_all_who_keep_a_part_of_it(
    client: FlaskClient, bus: TableBus, signer: Signer, catalogue: dict[str, Any]
) -> None:
    answer = client.get(f"{API}/workbook", headers=signer.headers("a", "admin"))
    assert (answer.data, answer.content_type) == (b"book", XLSX)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="hall.xlsx"'
    [made] = asked(bus, "catalogue.write_workbook")
    assert set(made["told"]) == set(QUESTIONS)
    template = client.get(f"{API}/workbook?template=1", headers=signer.headers("a", "admin"))
    assert template.data == b"template"
    assert client.get(f"{API}/workbook?template=yes", headers=signer.headers("a", "admin")).status_code == 422


def test_the_gateway_asks_whom_the_catalogue_asks_and_names_its_steps() -> None:
    assert QUESTIONS == there.QUESTIONS
    assert tuple(STEPS) == sending.STEPS


@pytest.mark.parametrize(("act", "status"), [("apply", 202), ("cancel", 200)])
def test_a_workbook_is_applied_or_called_off(
    client: FlaskClient, bus: TableBus, signer: Signer, catalogue: dict[str, Any], act: str, status: int
) -> None:
    catalogue["state"] = "applying"
    answer = client.post(f"{API}/workbook/{ID}/{act}", headers=signer.headers("a", "admin"))
    assert (answer.status_code, answer.get_json()["state"]) == (status, "applying")
    assert asked(bus, f"catalogue.{act}_workbook") == [{"id": ID}]
    assert client.get(f"{API}/workbook/{ID}", headers=signer.headers("a", "admin")).status_code == 200


@pytest.mark.parametrize("role", ["manager", "analyst", "clerk", "visitor"])
def test_only_administrators_have_workbooks(client: FlaskClient, signer: Signer, role: str) -> None:
    assert send(client, signer, role=role).status_code == 403
    headers = signer.headers("a", role)
    for path in ("workbook", "workbook?template=1", f"workbook/{ID}"):
        assert client.get(f"{API}/{path}", headers=headers).status_code == 403
    for act in ("apply", "cancel"):
        assert client.post(f"{API}/workbook/{ID}/{act}", headers=headers).status_code == 403
