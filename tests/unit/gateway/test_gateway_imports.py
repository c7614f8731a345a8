"""Files of cases over HTTP: who may send them, what is refused, and how they are handed over."""

from base64 import b64decode
from hashlib import sha256
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.api import imports
from gateway.http.context import LARGEST_BODY, UPLOADS
from tests.integration.gateway.conftest import Signer
from tests.unit.gateway.conftest import Answers, TableBus
from tests.unit.gateway.test_gateway_appointments import API, ID, asked

CONTENT = b"number,item,accepted_at,due_on,decided_at,origin\n" + bytes(range(256)) * 4000


@pytest.fixture
def statistics(answers: Answers) -> dict[str, Any]:
    """What statistics says of the import."""
    told = {"id": ID, "state": "queued", "uploaded": False, "rows_taken": 0, "rows_refused": 0}
    answers["statistics.begin_import"] = lambda _: dict(told)
    answers["statistics.get_import"] = lambda _: {**told, "refused": []}
    answers["statistics.add_import_part"] = lambda request: {"part": request["part"]}
    answers["statistics.queue_import"] = lambda _: {**told, "uploaded": True}
    return told


FORM = "multipart/form-data; boundary=part"


def form(*files: tuple[str, bytes], file_name: str = "../cases.csv") -> bytes:
    """Return a form with files by the names of their fields."""
    head = f'--part\r\nContent-Disposition: form-data; name="%s"; filename="{file_name}"\r\n\r\n'
    return b"".join((head % name).encode() + content + b"\r\n" for name, content in files) + b"--part--\r\n"


def send(
    client: FlaskClient,
    signer: Signer,
    *files: tuple[str, bytes],
    role: str = "analyst",
    **headers: str,
) -> Any:
    """Send a form; one sound file when none is given."""
    return client.post(
        f"{API}/imports/cases",
        data=form(*(files or [("file", CONTENT)])),
        content_type=FORM,
        headers={**signer.headers("a", role), **headers},
    )


def test_a_file_is_handed_over_in_parts_that_make_it_up(
    client: FlaskClient, bus: TableBus, signer: Signer, statistics: dict[str, Any]
) -> None:
    assert len(CONTENT) > LARGEST_BODY
    answer = send(client, signer)
    assert (answer.status_code, answer.get_json()["uploaded"]) == (202, True)
    [begun] = asked(bus, "statistics.begin_import")
    assert (begun["size"], begun["digest"]) == (len(CONTENT), sha256(CONTENT).hexdigest())
    parts = asked(bus, "statistics.add_import_part")
    assert [part["part"] for part in parts] == [0, 1]
    assert b"".join(b64decode(part["content"]) for part in parts) == CONTENT
    assert max(len(part["content"]) for part in parts) < 1024 * 1024
    assert asked(bus, "statistics.queue_import") == [{"id": ID, "parts": 2}]


def test_steps_of_an_upload_keep_no_answers_under_the_clients_key(
    client: FlaskClient, bus: TableBus, signer: Signer, statistics: dict[str, Any]
) -> None:
    send(client, signer, **{"Idempotency-Key": "k1"})
    ids = {method: caller["command_id"] for method, _, caller in bus.asked if method.startswith("statistics")}
    assert ids == {
        "statistics.begin_import": "a:k1",
        "statistics.add_import_part": "",
        "statistics.queue_import": "",
    }


@pytest.mark.parametrize("uploaded", [True, False])
def test_a_file_that_is_sent_again_is_handed_over_only_if_it_was_not(
    client: FlaskClient, bus: TableBus, signer: Signer, statistics: dict[str, Any], uploaded: bool
) -> None:
    statistics["uploaded"] = uploaded
    bus.replayed = True
    answer = send(client, signer, **{"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.headers["Idempotent-Replayed"]) == (202, "true")
    assert "refused" not in answer.get_json()
    assert bool(asked(bus, "statistics.queue_import")) is not uploaded


@pytest.mark.parametrize("role", ["manager", "clerk", "visitor"])
def test_only_analysts_send_files(client: FlaskClient, signer: Signer, role: str) -> None:
    assert send(client, signer, role=role).status_code == 403


def test_what_is_no_file_is_refused(
    client: FlaskClient, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = signer.headers("a", "analyst")
    path = f"{API}/imports/cases"
    for files in ([("file", b"")], [("other", b"x")], [("file", b"x"), ("file", b"y")]):
        assert send(client, signer, *files).status_code == 422
    cut = client.post(path, data=form(("file", b"x"))[:-20], content_type=FORM, headers=headers)
    assert cut.status_code == 422
    assert client.post(path, json={"file": "x"}, headers=headers).status_code == 415
    assert client.post(path, headers=headers).status_code == 415
    monkeypatch.setitem(UPLOADS, "imports.import_cases", 1000)
    assert send(client, signer, ("file", b"x" * 40_000)).status_code == 413


def test_who_is_not_signed_in_is_told_so_whatever_is_sent(client: FlaskClient) -> None:
    path = f"{API}/imports/cases"
    for sent in ({"data": form(("file", b"x")), "content_type": FORM}, {"json": {"file": "x"}}, {}):
        assert client.post(path, **sent).status_code == 401


@pytest.mark.parametrize("named", ["=cmd|x!A1.csv", "＝cmd|x!A1.csv", "=＝cmd|x!A1.csv"])
def test_the_name_of_a_file_is_no_formula(
    client: FlaskClient, bus: TableBus, signer: Signer, statistics: dict[str, Any], named: str
) -> None:
    content = form(("file", b"x"), file_name=named)
    client.post(
        f"{API}/imports/cases", data=content, content_type=FORM, headers=signer.headers("a", "analyst")
    )
    assert asked(bus, "statistics.begin_import")[0]["file_name"] == "cmd|x!A1.csv"


def test_other_routes_take_no_more_than_before(client: FlaskClient, signer: Signer) -> None:
    large = {"password": "x" * LARGEST_BODY}
    assert client.post(f"{API}/auth/token", json=large).status_code == 413


def test_refused_lines_come_as_a_file(
    client: FlaskClient, bus: TableBus, answers: Answers, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LINES_AT_ONCE", 2)
    rows = [
        {"line": 2, "reason": "number_known", "key": '2011-"1"'},
        {"line": 5, "reason": "item_unknown", "key": "=1+1"},
        {"line": 7, "reason": "item_unknown", "key": "＝1+1"},
        {"line": 9, "reason": "columns_wrong", "key": None},
    ]
    answers["statistics.list_refused"] = lambda request: [
        row for row in rows if row["line"] > request["after"]
    ][: request["limit"]]
    answer = client.get(f"{API}/imports/{ID}/refused", headers=signer.headers("a", "manager"))
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.text.split("\r\n") == [
        "line,reason,key",
        '2,number_known,"2011-""1"""',
        '5,item_unknown,"\'=1+1"',
        '7,item_unknown,"\'＝1+1"',
        '9,columns_wrong,""',
        "",
    ]
    assert [each["after"] for each in asked(bus, "statistics.list_refused")] == [0, 5, 9]
