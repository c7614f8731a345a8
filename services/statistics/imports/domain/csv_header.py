"""The first line of a file of CSV: where each column stands, or what it is instead of such a line.

What a spreadsheet makes of a file is recognised and named, so that its sender knows what to do: another separator,
another encoding, names in another case, a column too many. Only names that look like those of columns are told back; a
first line of data may name persons.
"""

import csv
import re
from collections.abc import Iterable, Sequence

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = {"semicolon": ";", "tab": "\t", "bar": "|"}
MOST_TOLD = 5
NOWHERE = -1
_NAME = re.compile(r"[A-Za-z_][A-Za-z_ -]{0,31}")


class Unreadable(Exception):
    """The file cannot be read on; the code says why, and `found` what stood there."""

    def __init__(self, code: str, found: str = "") -> None:
        """Keep both."""
        self.code, self.found = code, found
        super().__init__(code)


def places_of(header: bytes, columns: Sequence[str], optional: Sequence[str] = ()) -> list[int]:
    """Return where each column stands in the file, `NOWHERE` for one that it may be and is without.

    Args:
        header: its first line.
        columns: those it has to have.
        optional: those it may have.

    Raises:
        Unreadable: it does not name exactly these.
    """
    text = _decoded(header)
    try:
        names = [name.strip() for name in next(csv.reader([text], strict=True), [])]
    except csv.Error as fault:
        raise Unreadable("header_not_csv") from fault
    if not any(names):
        raise Unreadable("header_missing")
    lower = {name.lower() for name in names}
    wanted = [*columns, *(name for name in optional if name in lower)]
    if sorted(names) != sorted(wanted):
        raise _otherwise(text, names, wanted)
    return [names.index(name) if name in wanted else NOWHERE for name in (*columns, *optional)]


def _decoded(header: bytes) -> str:
    if header.startswith(UTF_16) or b"\0" in header:
        raise Unreadable("header_utf16")
    line = header.rstrip(b"\r")
    try:
        return line.decode()
    except UnicodeDecodeError:
        pass
    try:
        line.decode("gb18030")
    except UnicodeDecodeError as fault:
        raise Unreadable("header_not_utf8") from fault
    raise Unreadable("header_gbk")


def _otherwise(text: str, names: Sequence[str], columns: Sequence[str]) -> Unreadable:
    """Return what a line of other names is."""
    for name, separator in SEPARATORS.items():
        if len(text.split(separator)) > max(len(names), 1) and any(
            part.strip().strip('"').lower() in columns for part in text.split(separator)
        ):
            return Unreadable(f"header_{name}")
    if sorted(map(str.lower, names)) == sorted(columns):
        return Unreadable("header_case", _told(set(names) - set(columns)))
    if len(set(names)) < len(names) and set(names) <= {*columns, ""} and names.count("") < 2:
        return Unreadable("header_twice", _told(name for name in names if names.count(name) > 1))
    if set(columns) <= set(names):
        extra = [name for name in names if name not in columns]
        return (
            Unreadable("header_extra_column", _told(extra))
            if any(extra)
            else Unreadable("header_empty_column")
        )
    missing = [name for name in columns if name not in names]
    if len(missing) < len(columns):
        return Unreadable("header_lacks_column", ", ".join(missing))
    return Unreadable("header_wrong", _told(names))


def _told(names: Iterable[str]) -> str:
    shown = [name for name in dict.fromkeys(names) if _NAME.fullmatch(name)]
    return ", ".join(shown[:MOST_TOLD])
