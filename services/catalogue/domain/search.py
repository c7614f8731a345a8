"""How items are found: normal forms of what is stored and of what is typed, and where a list goes on."""

import json
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pypinyin import Style, lazy_pinyin


def normal(text: str) -> str:
    """Return text in the form in which it is compared: one width, one case (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def squeezed(text: str) -> str:
    """Return letters and digits only, as pinyin is typed with or without spaces and apostrophes."""
    return "".join(character for character in normal(text) if character.isalnum())


@dataclass(frozen=True)
class Spelling:
    """A Chinese name as it is typed: full pinyin without tones, and the first letters."""

    pinyin: str
    initials: str


@lru_cache(maxsize=4096)
def spell(name: str) -> Spelling:
    """Return how a name is spelled; letters and digits in it stand for themselves."""
    plain = normal(name)
    return Spelling(
        squeezed("".join(lazy_pinyin(plain))),
        squeezed("".join(lazy_pinyin(plain, style=Style.FIRST_LETTER))),
    )


def to_cursor(*place: Any) -> str:
    """Return an opaque text for a place in an ordered list."""
    return urlsafe_b64encode(json.dumps(place, default=str).encode()).decode().rstrip("=")


def from_cursor(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """Read a place from a cursor.

    Args:
        cursor: what `to_cursor` gave.
        kinds: the types of its parts.

    Raises:
        ValueError: it is none of ours.
    """
    try:
        place = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as fault:
        raise ValueError(f"{cursor!r} is no cursor") from fault
    if not isinstance(place, list) or [type(part) for part in place] != list(kinds):
        raise ValueError(f"{cursor!r} is no cursor of this list")
    return tuple(place)
