"""Reports as files over HTTP: at once when they are ready, else with a place to look."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.api import reports
from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.conftest import Answers
from tests.waiting import DEADLINE_S

ID = "0198f3a2-1111-4222-8333-444455556666"
REPORT = "/api/v1/reports/annual?period=2011&format=docx"
PLACE = f"/api/v1/reports/documents/{ID}"


def document(**members: Any) -> dict[str, Any]:
    """Return a document as statistics answers it."""
    return {
        "id": ID, "kind": "annual", "period": "2011", "department": None, "edition": None, "format": "docx",
        "state": "queued", "progress": 0.0, "ahead": 2, "requested_at": "2026-03-02T01:00:00+00:00",
        "finished_at": None,
    } | members  # fmt: skip


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long."""
    monkeypatch.setattr(reports, "PATIENCE_S", 0.02)
    monkeypatch.setattr(reports, "LOOK_EVERY_S", 0.001)


@pytest.fixture
def states(answers: Answers) -> Iterator[list[str]]:
    """What the document is, each time somebody looks; the last for ever."""
    found = ["queued"]

    def look(_: dict[str, Any]) -> dict[str, Any]:
        state = found.pop(0) if len(found) > 1 else found[0]
        return document(state=state, progress=float(state == "done"))

    answers["statistics.order_document"] = answers["statistics.get_document"] = look
    answers["statistics.get_document_content"] = lambda _: {
        "file_name": "2011年工作总结.docx", "content": b64encode(b"PK").decode(), "kind": "annual", "period": "2011",
        "format": "docx",
    }  # fmt: skip
    yield found


def test_a_document_that_is_ready_soon_is_the_answer(
    client: FlaskClient, signer: Signer, states: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "PATIENCE_S", DEADLINE_S)
    states[:] = ["queued", "running", "done"]
    answer = client.get(REPORT, headers=signer.headers("a", "analyst"))

    assert (answer.status_code, answer.data) == (200, b"PK")
    assert "annual-2011.docx" in answer.headers["Content-Disposition"]


def test_a_document_that_takes_long_has_a_place_to_look(
    client: FlaskClient, signer: Signer, states: list[str]
) -> None:
    headers = signer.headers("a", "analyst")
    answer = client.get(REPORT, headers=headers)

    assert (answer.status_code, answer.headers["Location"], answer.headers["Retry-After"]) == (
        202,
        PLACE,
        "2",
    )
    assert answer.get_json() == document(file=None)
    states[:] = ["done"]
    looked = client.get(PLACE, headers=headers)
    assert (looked.status_code, looked.get_json()["file"]) == (200, f"{PLACE}/file")
    assert client.get(f"{PLACE}/file", headers=headers).data == b"PK"


@pytest.mark.parametrize("path", [REPORT, PLACE, f"{PLACE}/file"])
def test_documents_are_not_for_others(
    client: FlaskClient, signer: Signer, states: list[str], path: str
) -> None:
    assert client.get(path).status_code == 401
    assert client.get(path, headers=signer.headers("c", "clerk")).status_code == 403
