"""What people write that is kept for long and read by many may name no person."""

import re

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
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def names_a_person(text: str) -> bool:
    """Tell whether a text holds an identity or phone number of China, with or without separators; a UUID does not."""
    if _UUID.fullmatch(text):
        return False
    return any(map(_NUMBER_OF_A_PERSON.search, (text, _BETWEEN.sub("", text))))
