"""What staff write may name no person: figures and notes here are kept for ever and read by many."""

import re

from services.statistics.errors import NamesAPerson

# Bounded by what is no letter or digit, so that a longer reference that happens to hold such digits passes.
_NUMBER_OF_A_PERSON = re.compile(
    r"(?<![0-9A-Za-z])("
    r"[1-9]\d{5}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[0-9Xx]"  # identity, GB 11643-1999
    r"|[1-9]\d{7}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}"  # the older one of 15 digits
    r"|(00)?(86)?1[3-9]\d{9}"  # mobile phone
    r"|0\d{2,3}[1-9]\d{6,7}"  # landline with area code
    r")(?![0-9A-Za-z])"
)
# What is written between the digits of one number.
_BETWEEN = re.compile(r"(?<=\d)[ +.\-_/·]+(?=\d)")


def check_wording(text: str, *, field: str) -> str:
    """Return a text that holds no identity or phone number, with or without separators.

    Args:
        text: what somebody wrote.
        field: where, for the refusal.

    Raises:
        NamesAPerson: it holds one.
    """
    if _NUMBER_OF_A_PERSON.search(text) or _NUMBER_OF_A_PERSON.search(_BETWEEN.sub("", text)):
        raise NamesAPerson(errors={field: ["May hold no identity or phone number."]})
    return text
