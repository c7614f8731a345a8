"""Phones, names and addresses at the edge: the gateway lets through what the services can read, and nothing hidden."""

from typing import Any

import pytest
from marshmallow import ValidationError

from gateway.http.limits import plain_number
from gateway.schemas.appointments import Lookup, NewAppointment
from gateway.schemas.common import PhoneNumber
from gateway.schemas.dispatch import NewOrder
from gateway.schemas.identity import Credentials, Phone
from gateway.schemas.ticketing import NewTicket

TYPED = [
    "１３９００００１１１１",
    "139–0000–1111",
    "\u202d13900001111\u202c",
    " 13900001111 ",
    "139\u30000000\u30001111",
]
LANDLINES = ["(0755)82345678", "0755-82345678-802", "（0755）8234 5678 转 802", "82345678"]


@pytest.mark.parametrize("schema", [NewAppointment, NewOrder, Lookup, NewTicket, Phone, Credentials])
def test_every_phone_of_a_request_is_read_as_people_type_it(schema: Any) -> None:
    field = schema().fields["phone"]
    assert isinstance(field, PhoneNumber)
    for typed in (*TYPED, *LANDLINES):
        assert field.deserialize(typed) == typed
    for wrong in ("", "12", "张三", "139000011112"):
        with pytest.raises(ValidationError, match=r"Not a phone number|Length"):
            field.deserialize(wrong)


def test_limits_count_every_spelling_of_a_number_as_one_phone() -> None:
    assert {plain_number(typed) for typed in TYPED} == {"+8613900001111"}


@pytest.mark.parametrize(
    "hidden", ["\u202e福田", "福田\n区", "\u200b\u200b", "\ufeff福", "福\x85田", "福\u2028田", "12345"]
)
def test_names_and_addresses_hide_nothing(hidden: str) -> None:
    for schema, name in ((NewAppointment, "name"), (NewOrder, "name"), (NewOrder, "address")):
        with pytest.raises(ValidationError):
            schema().fields[name].deserialize(hidden)
    assert NewOrder().fields["address"].deserialize("福田区 12 号") == "福田区 12 号"
