"""What people write that is kept for long and read by many may name no person; names may hide nothing."""

import re
from datetime import date
from unicodedata import category, decimal, normalize

import phonenumbers

# What stands between the digits of one number: no letter, and nothing that makes a sum, a time or a list.
_GAP = r"[^\w:;,、。!?%‰°]{1,4}"
_BETWEEN = re.compile(r"(?<=\d)[^\w:;,、。!?%‰°]+(?=\d)|(?<=\d)_+(?=\d)")
_MAYBE = f"(?:{_GAP}|_)?"
# What may stand there besides, where the number is told by its parts.
_ANY = r"\W{1,3}"
_ANY_OR_NONE = r"\W{0,3}"
_BEFORE, _AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"

_NUMBER_OF_A_PERSON = re.compile(
    # Identity, GB 11643-1999.
    rf"{_BEFORE}[1-9]\d{{5}}{_MAYBE}(18|19|20)\d{{2}}{_MAYBE}(0[1-9]|1[0-2]){_MAYBE}(0[1-9]|[12]\d|3[01]){_MAYBE}"
    rf"\d{{3}}{_MAYBE}[0-9Xx]{_AFTER}"
    # Split where people split it, by what else makes a list.
    rf"|{_BEFORE}[1-9]\d{{5}}{_ANY}(18|19|20)\d{{2}}{_ANY_OR_NONE}(0[1-9]|1[0-2]){_ANY_OR_NONE}"
    rf"(0[1-9]|[12]\d|3[01]){_ANY}\d{{3}}[0-9Xx]{_AFTER}"
    # Mobile phone, of the mainland; letters may stand right before it, as in wx13812345678.
    rf"|(?<!\d)((00)?86{_MAYBE})?1[3-9]\d({_MAYBE}\d{{4}}{_MAYBE}\d{{4}}|{_MAYBE}\d{{3}}{_MAYBE}\d{{5}})(?!\d)"
    r"|(?<!\d)1[3-9]\d[^\w\s]{1,3}\d{4}[^\w\s]{1,3}\d{4}(?!\d)"
    # Landline with its area code.
    rf"|{_BEFORE}0\d{{2,3}}{_MAYBE}[1-9]\d{{2,3}}{_MAYBE}\d{{4}}(?!\d)"
    rf"|{_BEFORE}(?<!\d\.)0(10|2\d|[3-9]\d\d){_ANY}[1-9]\d{{2,3}}{_MAYBE}\d{{4}}(?!\d)"
    # Hong Kong and Macao.
    rf"|(?<!\d)(00)?85[23]{_MAYBE}[2-9]\d{{3}}{_MAYBE}\d{{4}}(?!\d)"
)
_ABROAD = re.compile(rf"\+\d(?:{_MAYBE}\d){{6,14}}(?!\d)")

# The older identity number of 15 digits, given to people born until 1999, looks like the registration number of a
# firm. One under a city's own authority (place ending in 01) is such a number, unless the text says otherwise.
_OLD_IDENTITY = re.compile(rf"{_BEFORE}[1-9]\d{{3}}(?P<county>\d{{2}})(?P<birth>\d{{6}})\d{{3}}{_AFTER}")
_OF_A_CITY = "01"
_OLDEST_BIRTH = 1915
_SAYS_IDENTITY = re.compile(r"身份|证件|\bid\b", re.IGNORECASE)
_SAYS_REGISTRATION = re.compile(r"注册|登记|执照|registration", re.IGNORECASE)

# What may hold any digits by chance.
_RANDOM = re.compile(
    rf"{_BEFORE}([0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}|(?=\d*[a-f])[0-9a-f]{{32,}}){_AFTER}",
    re.IGNORECASE,
)
_NUMERALS = str.maketrans("〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖貳參陸", "0001234567891123456789236")

_ZWJ = "\u200d"
_FORMAT = "Cf"
_HIDDEN = frozenset({"Cc", _FORMAT, "Zl", "Zp", "Cs", "Co"})
# Letters by their category that show nothing.
_BLANK_LETTERS = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0")


def names_a_person(text: str) -> bool:
    """Tell whether a text holds an identity or phone number, in whatever characters and with whatever separators.

    A UUID, a hash and the registration number of a firm are none.
    """
    plain = plain_digits(_RANDOM.sub(" ", text))
    return any(map(_holds_a_number, {plain, plain.translate(_NUMERALS)}))


def plain_digits(text: str) -> str:
    """Return a text in compatibility form (NFKC) with every digit one of 0 to 9, without what joins or hides."""
    kept = (
        character
        for character in normalize("NFKC", text)
        if category(character)[0] not in "M" and not _hides(character)
    )
    return "".join(_digit(character) for character in kept)


def _hides(character: str) -> bool:
    return category(character) == _FORMAT


def _digit(character: str) -> str:
    value = decimal(character, None)
    return character if value is None else str(value)


def _holds_a_number(text: str) -> bool:
    joined = _BETWEEN.sub("", text)
    return (
        any(map(_NUMBER_OF_A_PERSON.search, (text, joined)))
        or any(map(_holds_an_old_identity, (text, joined)))
        or any(_is_phone(found.group()) for found in _ABROAD.finditer(text))
    )


def _holds_an_old_identity(text: str) -> bool:
    return any(_is_old_identity(found, text) for found in _OLD_IDENTITY.finditer(text))


def _is_old_identity(found: re.Match[str], text: str) -> bool:
    try:
        birth = date.fromisoformat(f"19{found['birth']}")
    except ValueError:
        return False
    if birth.year < _OLDEST_BIRTH:
        return False
    if _SAYS_IDENTITY.search(text):
        return True
    return found["county"] != _OF_A_CITY and not _SAYS_REGISTRATION.search(text)


def _is_phone(text: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return False


def without_hidden(text: str) -> str:
    """Return a text without the format characters that nobody sees, as marks of direction, but for the joiner."""
    return "".join(each for each in text if each == _ZWJ or not _hides(each))


def hides_something(text: str) -> bool:
    """Tell whether a name holds what no screen shows: controls, line ends, marks of direction, blank letters."""
    return any(each != _ZWJ and (category(each) in _HIDDEN or each in _BLANK_LETTERS) for each in text)


def has_a_letter(text: str) -> bool:
    """Tell whether a name has a letter of any script that can be seen."""
    return any(category(each).startswith("L") and each not in _BLANK_LETTERS for each in text)
