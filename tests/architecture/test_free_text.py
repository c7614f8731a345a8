"""Whatever people write freely is wording: no schema of a request can forget it."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from marshmallow import fields, validate

import services
from services.chassis.schemas import Code, Name, Phone, Request, Wording

# Text that is no wording, and why: by service and field, or by field for all.
OTHERWISE = {
    "cursor": "made by the hall itself",
    "username": "looked up, never kept from here",
    "usernames": "looked up, never kept from here",
    "password": "a secret",
    "new_password": "a secret",
    "enrolment_code": "a secret",
    "identity.code": "a secret",
    "identity.q": "looked up, never kept from here",
    "jti": "made by the hall itself",
    "token": "a secret, made by the hall itself",
    "reference": "looked up, never kept from here",
    "initial": "one character, looked for, never kept",
    "ticket": "an id",
    "period": "parsed as a period",
    "period_name": "parsed as a period",
    "catalogue.name": "published; a service hotline may stand in it",
    "catalogue.name_en": "published",
    "catalogue.guide": "published; tells whom to call",
    "catalogue.guide_en": "published",
    "catalogue.materials": "published",
    "identity.who": "looked up, never kept from here",
    "identity.what": "looked up, never kept from here",
    "identity.subject": "looked up, never kept from here",
    "appointments.initial": "looked up, never kept from here",
    "catalogue.q": "looked for, never kept",
    "notifications.text": "published; a service hotline may stand in it",
}


def _requests(kind: type[Request] = Request) -> Iterator[type[Request]]:
    for below in kind.__subclasses__():
        yield below
        yield from _requests(below)


def _all_requests() -> list[type[Request]]:
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if ".schemas" in module.name:
            importlib.import_module(module.name)
    return sorted({each for each in _requests() if each.__module__.startswith("services.")}, key=str)


def _innermost(field: fields.Field) -> fields.Field:  # type: ignore[type-arg]
    while isinstance(field, fields.List):
        field = field.inner
    return field


def _is_free(field: fields.Field) -> bool:  # type: ignore[type-arg]
    """Tell whether any words can be written into a field and stay there as they are."""
    if not isinstance(field, fields.String) or isinstance(field, fields.UUID | Code | Name | Phone | Wording):
        return False
    return not any(isinstance(rule, validate.OneOf | validate.Regexp) for rule in field.validators)


@pytest.mark.parametrize(
    "schema", _all_requests(), ids=lambda schema: f"{schema.__module__}.{schema.__name__}"
)
def test_each_free_text_of_a_request_is_wording(schema: type[Request]) -> None:
    service = schema.__module__.split(".")[1]
    free = {
        name
        for name, field in schema._declared_fields.items()
        if _is_free(_innermost(field)) and not {name, f"{service}.{name}"} & OTHERWISE.keys()
    }
    assert free == set(), "make these `Wording` (or `Name`, `Phone`), or say in OTHERWISE why they are not"


def test_the_walk_finds_the_fields_that_staff_and_visitors_write() -> None:
    found = {
        f"{schema.__module__.split('.')[1]}.{schema.__name__}.{name}"
        for schema in _all_requests()
        for name, field in schema._declared_fields.items()
        if isinstance(_innermost(field), Wording)
    }
    assert found >= {
        "ticketing.TransferTicket.reason",
        "ticketing.IssueTicket.reason",
        "ticketing.EvaluateTicket.comment",
        "appointments.Reveal.purpose",
        "dispatch.Reveal.purpose",
        "dispatch.CancelOrder.reason",
        "quality.RecordCommendation.note",
        "cases.CaseAndReason.reason",
    }
