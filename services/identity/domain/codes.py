"""One-time codes of visitors, enrolment codes of kiosks, and the code that sets a hall up."""

import secrets
from datetime import timedelta
from hashlib import sha256
from hmac import new as hmac_of

CODE_LIFETIME = timedelta(minutes=5)
# Tries of whoever asked for a code, and of each network from which others try; those have so many in all. That is a
# chance of 2 in 100,000 a code, and nobody can use up the tries of who asked.
CODE_TRIES = 5
STRANGERS_TRIES = 15
ENROLMENT_LIFETIME = timedelta(hours=24)
# Who starts the hall may not be who sets it up.
SETUP_LIFETIME = timedelta(days=7)

# Crockford's base 32 without vowels' look-alikes: no I, L, O, U. https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TYPED_LENGTH = 12


def keyed_hash(key: bytes, *parts: str) -> str:
    """Return what stands for a secret where it is only compared (HMAC-SHA-256, 128 bits, hex)."""
    return hmac_of(key, "\n".join(parts).encode(), sha256).hexdigest()[:32]


def new_code() -> str:
    """Return a one-time code of six digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def new_challenge() -> str:
    """Return what tells whoever asked for a code from others who try it: 96 random bits."""
    return secrets.token_urlsafe(12)


def new_typed_code() -> str:
    """Return a code that somebody types once, `ABCD-EFGH-JKMN`: 60 random bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(TYPED_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, TYPED_LENGTH, 4))


def plain_typed_code(typed: str) -> str:
    """Return such a code as it was meant, whatever its case, spaces, dashes and look-alikes."""
    letters = "".join(character for character in typed.upper() if character.isalnum())
    return letters.translate(str.maketrans("OIL", "011"))
