"""Finding one's own: what was shown or typed at a kiosk, a reference with its phone, budgets against guessing."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unicodedata import normalize

from flask import g

from gateway.http.limits import Budget, plain_number
from gateway.http.runtime import runtime
from gateway.schemas.common import UUID_PATTERN
from services.chassis.bus import BusError
from services.chassis.caller import network_of

REFERENCE_LENGTH = 8
_UUID = re.compile(UUID_PATTERN.strip("^$"))
_PHONE_DIGITS = re.compile(r"[0-9]{4,11}\Z")
_DIGITS_AND_INITIAL = re.compile(
    r"(?P<before>[^\W\d_])?(?P<digits>[0-9]{4,11})(?(before)|(?P<after>[^\W\d_]))\Z"
)


def ways_to_look(shown: str) -> list[dict[str, str]]:
    """Return how to look for what was shown or typed, the surest way first.

    A code's text may be a link with the id in it. A reference of digits alone could be a phone number's digits too.
    """
    if found := _UUID.search(shown.strip().lower()):
        return [{"id": found.group()}]
    text = "".join(character for character in normalize("NFKC", shown) if character.isalnum())
    ways = []
    if len(text) == REFERENCE_LENGTH and text.isascii():
        ways.append({"reference": text.upper()})
    if _PHONE_DIGITS.match(text):
        ways.append({"phone_digits": text})
    if found := _DIGITS_AND_INITIAL.match(text):
        ways.append({"phone_digits": found["digits"], "initial": found["before"] or found["after"]})
    return ways


def token_in(shown: str) -> str:
    """Return the holder's token in the text of a code; it stands behind `#`, a view of the page after a slash."""
    return shown.partition("#")[2].partition("/")[0].strip()


def spend_search() -> None:
    """Count a search at a kiosk, against guessing.

    Raises:
        Problem: 429, too many at this kiosk.
    """
    if not g.principal.has("clerk", "operator"):
        limits = runtime().limits
        limits.spend(limits.kiosk_searches, g.principal.subject or g.principal.username)


@contextmanager
def guessing(phone: str, reference: str) -> Iterator[None]:
    """Count a try to find a reference with its phone number, unless it is right.

    By phone, and by reference, from an address: who knows one of both guesses the other, of which there are 10^12 and
    10^9, and were guesses from many addresses counted together, a stranger could keep the owner out. The address by
    itself has many more: all who stand behind it share it, and guesses of both find nothing. Staff and kiosks have a
    count of their own.

    Raises:
        Problem: 429, too many were wrong.
    """
    limits = runtime().limits
    address = g.principal.username if g.principal else network_of(g.address)
    counted = [
        (limits.codes, f"lookup/{plain_number(phone)}/{address}"),
        (limits.codes, f"reference/{_plain_reference(reference)}/{address}"),
        (limits.wrong_lookups, address),
    ]
    for budget, subject in counted:
        limits.spend(budget, subject)
    try:
        yield
    except BusError:
        _give_back(counted)
        raise
    _give_back(counted)


def _plain_reference(typed: str) -> str:
    return "".join(character for character in typed.upper() if character.isalnum())


def _give_back(counted: Sequence[tuple[Budget, str]]) -> None:
    for budget, subject in counted:
        runtime().limits.give_back(budget, subject)
