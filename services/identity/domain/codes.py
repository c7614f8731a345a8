"""One-time codes of visitors, enrolment codes of kiosks, and phone numbers."""

import secrets
from datetime import timedelta
from hashlib import sha256
from hmac import new as hmac_of

import phonenumbers

CODE_LIFETIME = timedelta(minutes=5)
CODE_TRIES = 5
ENROLMENT_LIFETIME = timedelta(hours=24)

# Crockford's base 32 without vowels' look-alikes: no I, L, O, U. https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ENROLMENT_LENGTH = 12


class NotAPhone(ValueError):
    """A text is no phone number."""


def parse_phone(text: str) -> str:
    """Return a phone number in E.164 form; one without country code is Chinese.

    Raises:
        NotAPhone: no such number can exist.
    """
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException as fault:
        raise NotAPhone(str(fault)) from fault
    if not phonenumbers.is_valid_number(number):
        raise NotAPhone("no such number can exist")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mask_phone(e164: str) -> str:
    """Return a phone number as it may be shown: `138****5678`."""
    number = phonenumbers.parse(e164)
    national = str(number.national_number)
    abroad = "" if number.country_code == 86 else f"+{number.country_code} "
    return f"{abroad}{national[:3]}****{national[-4:]}"


def keyed_hash(key: bytes, *parts: str) -> str:
    """Return what stands for a secret where it is only compared (HMAC-SHA-256, 128 bits, hex)."""
    return hmac_of(key, "\n".join(parts).encode(), sha256).hexdigest()[:32]


def new_code() -> str:
    """Return a one-time code of six digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def new_enrolment_code() -> str:
    """Return an enrolment code as it is typed into a kiosk, `ABCD-EFGH-JKMN`: 60 random bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(ENROLMENT_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, ENROLMENT_LENGTH, 4))


def plain_enrolment_code(typed: str) -> str:
    """Return an enrolment code as it was meant, whatever its case, spaces, dashes and look-alikes."""
    letters = "".join(character for character in typed.upper() if character.isalnum())
    return letters.translate(str.maketrans("OIL", "011"))
