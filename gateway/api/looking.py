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
def guessing(phone: str) -> Iterator[None]:
    """Count a try to find a reference of a phone number, unless it is right: by phone and address, and by address.

    A reference is one of 10^11, so guesses from many addresses find none either; were they counted together, a stranger
    could keep the phone's owner out. Who knows a reference could guess its phone, so an address has few guesses in all.

    Raises:
        Problem: 429, too many were wrong.
    """
    limits, address = runtime().limits, network_of(g.address)
    counted = [(limits.codes, f"lookup/{plain_number(phone)}/{address}"), (limits.wrong_lookups, address)]
    for budget, subject in counted:
        limits.spend(budget, subject)
    try:
        yield
    except BusError:
        _give_back(counted)
        raise
    _give_back(counted)


def _give_back(counted: Sequence[tuple[Budget, str]]) -> None:
    for budget, subject in counted:
        runtime().limits.give_back(budget, subject)
