"""How items are found: normal forms of what is stored and of what is typed, and where a list goes on."""

import json
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, islice, product
from math import prod
from typing import Any

from pypinyin import Style, lazy_pinyin, pinyin

# Goes up whenever `spell` gives other spellings, so that items which were stored before are spelled anew.
SPELLING = 1
MOST_COMBINED, MOST_SPELLINGS = 256, 2000


def normal(text: str) -> str:
    """Return text in the form in which it is compared: one width, one case (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def squeezed(text: str) -> str:
    """Return letters and digits only, as pinyin is typed with or without spaces and apostrophes."""
    return "".join(character for character in normal(text) if character.isalnum())


@dataclass(frozen=True)
class Spelling:
    """A Chinese name as it is typed: full pinyin without tones, and the first letters.

    `further` are the lines of its other spellings, full and by first letters: characters with several readings are
    typed by any of them.
    """

    pinyin: str
    initials: str
    further: str = ""


@lru_cache(maxsize=4096)
def spell(name: str) -> Spelling:
    """Return how a name is spelled; letters and digits in it stand for themselves."""
    plain = normal(name)
    usual = squeezed("".join(lazy_pinyin(plain)))
    initials = squeezed("".join(lazy_pinyin(plain, style=Style.FIRST_LETTER)))
    others = {
        line
        for syllables in islice(_read_otherwise(squeezed(plain)), MOST_SPELLINGS)
        for line in ("".join(syllables), "".join(syllable[0] for syllable in syllables))
    }
    return Spelling(usual, initials, "\n".join(sorted(others - {usual, initials})))


def _read_otherwise(name: str) -> Iterator[Sequence[str]]:
    """Yield a name with its characters' readings combined; where that is too many, with one or two read otherwise."""
    readings = [_readings(character) for character in name]
    if prod(map(len, readings)) <= MOST_COMBINED:
        yield from product(*readings)
        return
    usual = [each[0] for each in readings]
    several = [place for place, each in enumerate(readings) if len(each) > 1]
    for places in (*combinations(several, 1), *combinations(several, 2)):
        for chosen in product(*(readings[place] for place in places)):
            changed = list(usual)
            for place, reading in zip(places, chosen, strict=True):
                changed[place] = reading
            yield changed


@lru_cache(maxsize=4096)
def _readings(character: str) -> tuple[str, ...]:
    """Return a character's readings without tones, the most common first; itself when it has none."""
    [found] = pinyin(character, style=Style.NORMAL, heteronym=True)
    return tuple(dict.fromkeys(squeezed(each) for each in found if squeezed(each))) or (character,)


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
