"""Errors, settings, callers and what goes over the wire."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from environs import EnvError
from marshmallow import ValidationError

from services.chassis import wire
from services.chassis.bus import RemoteProblem
from services.chassis.caller import Caller, caller_from_wire
from services.chassis.calls import as_error
from services.chassis.commands import fingerprint
from services.chassis.config import settings
from services.chassis.container import package_of, service_class
from services.chassis.errors import (
    Conflict,
    Forbidden,
    Invalid,
    KeyReused,
    NotFound,
    ServiceAway,
    ServiceError,
)
from services.chassis.outbox import Event, envelope
from services.chassis.outcome import Outcome
from services.chassis.relay import with_position
from services.chassis.schemas import Code, Text

AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)


class TooLate(Conflict):
    """It is too late.

    More words for those who read the code.
    """

    code = "too_late"


@pytest.mark.parametrize("kind", [NotFound, Conflict, Invalid, Forbidden])
def test_an_error_survives_the_way_over_the_wire_and_back(kind: type[ServiceError]) -> None:
    sent = kind("A reason.", errors={"name": ["Too long."]}, alternatives=[{"kind": "later"}])
    wired = json.loads(wire.dumps(Outcome(error=sent).to_wire()))["error"]
    back = as_error(RemoteProblem(wired))
    assert type(back) is kind
    assert back.to_wire() == sent.to_wire()


def test_an_error_of_ones_own_keeps_its_code_and_its_docstring_is_the_message() -> None:
    assert TooLate().to_wire() == {
        "kind": "conflict",
        "code": "too_late",
        "detail": "It is too late.",
        "errors": {},
        "extra": {},
    }
    back = as_error(RemoteProblem(TooLate().to_wire()))
    assert isinstance(back, Conflict) and back.code == "too_late"
    assert Conflict.code == "conflict", "the class was changed for everybody"


def test_what_failed_elsewhere_is_away_here_and_tells_nothing_of_the_inside() -> None:
    back = as_error(RemoteProblem({"kind": "unexpected", "code": "unexpected", "value": "division by zero"}))
    assert isinstance(back, ServiceAway) and "division" not in str(back)


def test_a_reused_key_is_invalid_with_a_code_of_its_own() -> None:
    assert (KeyReused.kind, KeyReused.code) == ("invalid", "idempotency_key_reused")


@pytest.fixture
def fresh_settings() -> Iterator[None]:
    """Settings that are read anew inside the test and after it."""
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.usefixtures("fresh_settings")
def test_demo_accounts_are_refused_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALL_ENV", "production")
    monkeypatch.setenv("HALL_DEMO", "1")
    with pytest.raises(ValueError, match="refused in production"):
        settings()
    monkeypatch.setenv("HALL_DEMO", "0")
    assert settings().environment == "production"


@pytest.mark.usefixtures("fresh_settings")
@pytest.mark.parametrize("bind", [".".join("0000"), "::", "[::]", "192.168.1.20", "hall.example", ""])
def test_demo_accounts_are_refused_where_others_reach_them(
    monkeypatch: pytest.MonkeyPatch, bind: str
) -> None:
    monkeypatch.setenv("HALL_DEMO", "1")
    monkeypatch.setenv("HALL_BIND", bind)
    with pytest.raises(ValueError, match="HALL_DEMO_OPEN=1 allows it"):
        settings()
    monkeypatch.setenv("HALL_DEMO_OPEN", "1")
    assert settings().demo


@pytest.mark.usefixtures("fresh_settings")
@pytest.mark.parametrize("bind", ["127.0.0.1", "127.0.0.8", "::1", "[::1]", "localhost"])
def test_a_demo_runs_on_the_loopback(monkeypatch: pytest.MonkeyPatch, bind: str) -> None:
    monkeypatch.setenv("HALL_DEMO", "1")
    monkeypatch.setenv("HALL_BIND", bind)
    assert settings().demo


@pytest.mark.usefixtures("fresh_settings")
@pytest.mark.parametrize(
    ("name", "value"), [("HALL_ENV", "prod"), ("HALL_WORKERS", "many"), ("METRICS_PORT", "none")]
)
def test_a_setting_of_the_wrong_kind_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises((EnvError, ValueError)):
        settings()


def test_a_caller_survives_the_way_over_the_wire() -> None:
    caller = Caller(
        hall="main",
        call_id="c1",
        command_id="k1",
        username="clerk001",
        roles=frozenset({"clerk", "manager"}),
        department="d0",
        subject="+86",
        address="10.0.0.1",
    )
    assert caller_from_wire(json.loads(json.dumps(caller.to_wire())), call_id="c1", hall="other") == caller


def test_an_admin_has_every_role_and_nobody_has_none() -> None:
    assert Caller(hall="main", roles=frozenset({"admin"})).has("clerk")
    assert not Caller(hall="main", roles=frozenset({"clerk"})).has("manager")
    assert not Caller(hall="main").has("clerk")


@pytest.mark.parametrize(
    ("roles", "capacity", "is_staff"),
    [
        ({"clerk"}, None, True),
        ({"department_head"}, "clerk", True),
        ({"visitor"}, None, False),
        ({"kiosk"}, None, False),
        (set(), None, False),
        (set(), "manager", True),
    ],
)
def test_a_machine_client_is_of_the_staff_where_it_acts_as_one_of_them(
    roles: set[str], capacity: str | None, is_staff: bool
) -> None:
    assert Caller(hall="main", roles=frozenset(roles), capacity=capacity).is_staff is is_staff


@pytest.mark.parametrize("roles", [5, "admin", {"admin": 1}, [["admin"]], [None], None])
def test_roles_of_another_shape_are_no_roles(roles: object) -> None:
    assert not caller_from_wire({"roles": roles}, call_id="", hall="main").has("clerk")


def test_a_fingerprint_tells_method_account_and_request_apart_and_not_the_order_of_members() -> None:
    caller, other = (Caller(hall="main", username=name) for name in ("a", "b"))
    mark = fingerprint("m", {"x": 1, "y": [2]}, caller)
    assert mark == fingerprint("m", {"y": [2], "x": 1}, caller)
    assert len({mark, fingerprint("n", {"x": 1, "y": [2]}, caller), fingerprint("m", {"x": 1}, caller)}) == 3
    assert mark != fingerprint("m", {"x": 1, "y": [2]}, other)


def test_times_and_ids_go_over_the_wire_and_the_rest_is_refused() -> None:
    assert wire.dumps({"at": AT, "id": UUID(int=1), "名": "号"}) == (
        '{"at":"2026-03-02T01:05:00+00:00","id":"00000000-0000-0000-0000-000000000001","名":"号"}'
    )
    with pytest.raises(TypeError):
        wire.dumps({"x": object()})


def test_an_envelope_is_a_cloud_event_and_gets_its_position_last() -> None:
    event = Event(type="echo.note.made", subject="7", sequence=3, data={"word": "}"})
    made = envelope(event, caller=Caller(hall="main", call_id="c1"), at=AT)
    sent = json.loads(with_position(wire.dumps(made), 12))
    assert sent == {**made, "position": 12}
    assert {"specversion", "id", "source", "type", "subject", "time", "data"} <= set(sent)
    assert (sent["source"], sent["hall"], sent["sequence"], sent["callid"]) == (
        "/hallflow/echo",
        "main",
        3,
        "c1",
    )


@pytest.mark.parametrize("text", ["", "  ", "a\x00b", "\ud800", "x" * 201])
def test_a_text_that_cannot_be_stored_or_shown_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Text().deserialize(text)


def test_a_text_is_trimmed() -> None:
    assert Text().deserialize("  早上好\n") == "早上好"


@pytest.mark.parametrize("code", ["", "-a", "a b", "a\n", "é", "a" * 65])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValidationError):
        Code().deserialize(code)


def test_a_service_is_found_by_its_name_or_its_package() -> None:
    assert package_of("ticketing") == "services.ticketing"
    assert service_class("tests.integration.chassis.echo").name == "echo"
    for name in ("nobody", "tests.nobody", "no.package"):
        with pytest.raises(SystemExit):
            service_class(name)
