"""Personal data: how it is read, masked, sealed at rest and hashed where it is only compared.

Sealed is AES-256-GCM under the first key of HALL_PERSONAL_KEYS with a random nonce of 96 bits (NIST SP 800-38D); the
key's id stands before it, so that older rows can be opened, and sealed anew, after a rotation. The keyed hash of a
phone number is HMAC-SHA-256 under HALL_PHONE_KEY: a plain hash would be undone by trying all numbers. That key stays,
since hashes cannot be made anew; holders' tokens are made under it too (`holder.py`). Rules know nothing of this; use
cases call it.
"""

import re
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from hmac import new as hmac_of
from secrets import token_bytes

import phonenumbers
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.chassis.config import settings
from services.chassis.errors import Invalid
from services.chassis.wording import plain_digits

KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_ID = re.compile(r"[a-z][a-z0-9-]{0,15}")
_CHINA = 86

_WEB_LINK = re.compile(r"\Atel:", re.IGNORECASE)
_EXTENSION = re.compile(
    r"[\s,;]*(转|分机|extension|ext\.?=?|x|#|\*)[\s:.]*\d{1,6}\W*\Z|[,;]\s*\d{1,6}\Z", re.IGNORECASE
)
_SHORT_ENDING = re.compile(r"[^\w+]+\d{1,6}\Z")
# Blanks, brackets, dashes of all kinds, dots; a letter or a comma makes it no number.
_BETWEEN_DIGITS = re.compile(r"(?:[^\w+,;:!?%&@#*]|_)+")
_NUMBER = re.compile(r"\+?\d{5,20}")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
# Each series of mobile numbers that is given out; the library learns of new ones late.
_MOBILE = re.compile(r"1[3-9]\d{9}")


class PhoneInvalid(Invalid, ValueError):
    """This is not a phone number."""


class KeysMissing(RuntimeError):
    """The keys for personal data are missing or not whole; the message names the variable, never a key."""


class SealBroken(ValueError):
    """A sealed text cannot be opened: another purpose, a key that is not here, or changed bytes."""


def phone_number(text: str, region: str = "CN") -> str:
    """Return a phone number in E.164 form.

    Wide and hidden characters, blanks, brackets and dashes are dropped before it is judged, and an extension behind it.
    A number without area code is tried with that of the hall (HALL_AREA_CODE).

    Args:
        text: the number as somebody typed or pasted it.
        region: where a number without country code belongs (ISO 3166).

    Raises:
        PhoneInvalid: no such number can exist.
    """
    plain = _EXTENSION.sub("", _WEB_LINK.sub("", plain_digits(text).strip()))
    number = _read(plain, region)
    if number is None:
        number = _read(_SHORT_ENDING.sub("", plain), region)
        if number and _is_mobile(number):
            number = None  # It has no extension: a digit too many was typed.
    if number is None:
        raise PhoneInvalid(errors={"phone": ["Not a phone number."]})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _read(plain: str, region: str) -> phonenumbers.PhoneNumber | None:
    digits = _BETWEEN_DIGITS.sub("", plain)
    return _valid(digits, region) or (
        _valid(settings().area_code + digits, region) if _LOCAL.fullmatch(digits) else None
    )


def _is_mobile(number: phonenumbers.PhoneNumber) -> bool:
    return number.country_code == _CHINA and _MOBILE.fullmatch(str(number.national_number)) is not None


def _valid(written: str, region: str) -> phonenumbers.PhoneNumber | None:
    if not _NUMBER.fullmatch(written):
        return None
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    return number if _is_mobile(number) or phonenumbers.is_valid_number(number) else None


def mask_phone(e164: str) -> str:
    """Return a phone number as it may be shown: `138****5678`, `+44 207****1234`."""
    number = phonenumbers.parse(e164)
    national = str(number.national_number)
    abroad = "" if number.country_code == _CHINA else f"+{number.country_code} "
    return f"{abroad}{national[:3]}****{national[-4:]}"


def mask_name(name: str) -> str:
    """Return a name as it may be shown, its first character and a star for each other: `王**`."""
    return name[:1] + "*" * max(len(name) - 1, 1)


@dataclass(frozen=True)
class Vault:
    """Seals and opens personal data. `keys` holds the keys by id, `active` names the one that seals."""

    active: str
    keys: Mapping[str, bytes] = field(repr=False)

    def seal(self, text: str, *, purpose: str = "personal") -> str:
        """Return a text sealed as `k2:…`; it opens for the same purpose only."""
        nonce = token_bytes(_NONCE_BYTES)
        hidden = AESGCM(self.keys[self.active]).encrypt(nonce, text.encode(), _bound(self.active, purpose))
        return f"{self.active}:{urlsafe_b64encode(nonce + hidden).decode()}"

    def open(self, sealed: str, *, purpose: str = "personal") -> str:
        """Return the text that was sealed.

        Raises:
            SealBroken: it was sealed for another purpose or under a key that is not here, or is damaged.
        """
        name = key_id(sealed)
        if name not in self.keys:
            raise SealBroken(f"sealed under key {name!r}, which is not among {', '.join(self.keys)}")
        try:
            hidden = urlsafe_b64decode(sealed.partition(":")[2])
            if len(hidden) < _NONCE_BYTES + _TAG_BYTES:
                raise SealBroken(f"a text sealed under key {name!r} is cut off")
            opened = AESGCM(self.keys[name]).decrypt(
                hidden[:_NONCE_BYTES], hidden[_NONCE_BYTES:], _bound(name, purpose)
            )
        except (InvalidTag, ValueError) as broken:
            raise SealBroken(f"a text under key {name!r} does not open for {purpose!r}") from broken
        return opened.decode()

    def seal_again(self, sealed: str, *, purpose: str = "personal") -> str:
        """Return the same text sealed under the active key, as it is when it is that already.

        Raises:
            SealBroken: as `open`.
        """
        if key_id(sealed) == self.active:
            return sealed
        return self.seal(self.open(sealed, purpose=purpose), purpose=purpose)


def key_id(sealed: str) -> str:
    """Return the id of the key under which a text was sealed."""
    return sealed.partition(":")[0]


def _bound(key: str, purpose: str) -> bytes:
    return f"{key}\n{purpose}".encode()


@cache
def vault() -> Vault:
    """Return the vault of this process.

    Raises:
        KeysMissing: HALL_PERSONAL_KEYS is not set or cannot be read.
    """
    return read_keys(settings().personal_keys)


def read_keys(text: str) -> Vault:
    """Read `k2:BASE64,k1:BASE64`, the active key first.

    Raises:
        KeysMissing: it is empty, or an entry is not an id and 32 bytes, or an id stands twice.
    """
    entries = [entry.strip().partition(":") for entry in text.split(",") if entry.strip()]
    if not entries:
        raise KeysMissing('HALL_PERSONAL_KEYS is not set: "k1:" and 32 random bytes in base 64')
    keys: dict[str, bytes] = {}
    for name, _, value in entries:
        if not _KEY_ID.fullmatch(name) or name in keys:
            raise KeysMissing("HALL_PERSONAL_KEYS: an id is small letters and digits as in k1, each id once")
        keys[name] = _key(value, f"HALL_PERSONAL_KEYS, key {name}")
    return Vault(entries[0][0], keys)


def _key(text: str, where: str) -> bytes:
    try:
        found = b64decode(text, validate=True)
    except ValueError:
        found = b""
    if len(found) != KEY_BYTES:
        raise KeysMissing(f"{where}: not {KEY_BYTES} bytes in base 64")
    return found


@cache
def _phone_key() -> bytes:
    found = settings().phone_key
    if not found:
        raise KeysMissing("HALL_PHONE_KEY is not set: 32 random bytes in base 64")
    return _key(found, "HALL_PHONE_KEY")


def phone_hash(e164: str) -> str:
    """Return what stands for a phone number where it is only compared, 64 hex digits.

    Raises:
        KeysMissing: HALL_PHONE_KEY is not set or not 32 bytes.
    """
    return keyed("phone", e164).hex()


def keyed(use: str, *parts: str) -> bytes:
    """Return the HMAC-SHA-256 of a text of lines under HALL_PHONE_KEY.

    Args:
        use: what it is for; it stands before the text, so that what is made for one use is of no worth for another.
        parts: the lines.

    Raises:
        KeysMissing: HALL_PHONE_KEY is not set or not 32 bytes.
    """
    return hmac_of(_phone_key(), "\n".join((use, *parts)).encode(), sha256).digest()
