"""A file of CSV as numbered lines, read in a bounded amount of memory, ready for PostgreSQL's COPY.

A row is one line: a field that spans lines is refused, so that every line stands for itself and a file can be taken up
anywhere. What is no row at all keeps its line number and carries the reason in place of fields.
"""

import csv
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from services.statistics.imports.domain.csv_header import NOWHERE, Unreadable, places_of

LONGEST_LINE = 16 * 1024
LONGEST_RUN = 64 * 1024  # without a line's end it is no such file
PIECE = 1024 * 1024
ROWS = 50_000
CHUNK_BYTES = 8 * 1024 * 1024
# What a hall of many years fills by far not, and what a file of nothing unpacks to.
MOST_LINES = 50_000_000
MOST_BYTES = 4 * 1024**3
MOST_RATIO, RATIO_FROM = 100, 32 * 1024 * 1024
BOM = b"\xef\xbb\xbf"
GZIP = b"\x1f\x8b"
# Of a row that a spreadsheet wrote though nothing is in it.
NOTHING = b', \t\r"'
# With the end of a line among them.
CONTROLS = bytes([*range(32), 127])
_GZIP_BITS = 31  # zlib's word for "gzip, with the largest window"

# What is read of a file, each with the place in the file up to which it was read.
Pieces = Iterable[tuple[int, bytes]]


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """Some lines as COPY takes them: line number, fault, fields.

    `last` is the number of its last line, `bytes_read` how much of the file was read for it.
    """

    last: int
    bytes_read: int
    content: bytes


def unzipped(blocks: Pieces) -> Iterator[tuple[int, bytes]]:
    """Yield a file's content in pieces, whether it is compressed by gzip or not.

    Args:
        blocks: the file as it is.

    Raises:
        Unreadable: it begins as gzip and is not all there, damaged, or unpacks to more than a file of rows would.
    """
    source = iter(blocks)
    place, block = next(source, (0, b""))
    if not block.startswith(GZIP):
        yield place, block
        yield from source
        return
    unzip, made = zlib.decompressobj(_GZIP_BITS), 0
    while block:
        data = block
        while data or not unzip.eof:
            piece = _inflate(unzip, data)
            data = unzip.unconsumed_tail
            if piece:
                made += len(piece)
                read = place - len(data)
                _bound(made, read)
                yield read, piece
            if unzip.eof and unzip.unused_data.strip(b"\0"):
                # Another member follows, as when files were put one behind the other.
                data, unzip = unzip.unused_data, zlib.decompressobj(_GZIP_BITS)
            elif not data and len(piece) < PIECE:
                break
        place, block = next(source, (place, b""))
        if block and unzip.eof:
            unzip = zlib.decompressobj(_GZIP_BITS)
    if not unzip.eof:
        raise Unreadable("gzip_cut_off")


def _bound(made: int, read: int) -> None:
    if made > MOST_BYTES or (made > RATIO_FROM and made > MOST_RATIO * max(read, 1)):
        raise Unreadable("unpacks_to_too_much")


def _inflate(unzip: "zlib._Decompress", data: bytes) -> bytes:
    try:
        return unzip.decompress(data, PIECE)
    except zlib.error as fault:
        raise Unreadable("gzip_damaged") from fault


def chunks(
    pieces: Pieces,
    columns: Sequence[str],
    *,
    optional: Sequence[str] = (),
    after: int = 0,
    rows: int = ROWS,
) -> Iterator[Chunk]:
    """Yield a file's lines in chunks, the first line having named the columns.

    Args:
        pieces: the file's content.
        columns: those it has to have, in the order in which COPY takes them.
        optional: those it may have, behind the others.
        after: the last line that needs not be read again.
        rows: how many lines a chunk has.

    Raises:
        Unreadable: its first line does not name these columns, it has no lines, too many, or one without an end.
    """
    order: list[int] = []
    number, held = 0, list[bytes]()
    place = 0
    for place, lines in _lines(pieces):
        fresh = lines
        if not order and fresh:
            order, fresh, number = places_of(fresh[0], columns, optional), fresh[1:], 1
        skipped = max(0, min(len(fresh), after - number - len(held)))
        if skipped and not held:
            fresh, number = fresh[skipped:], number + skipped
        held += fresh
        if number + len(held) > MOST_LINES:
            raise Unreadable("too_many_lines")
        while many := _full(held, rows):
            yield _chunk(held[:many], number, order, place)
            held, number = held[many:], number + many
    if not order:
        raise Unreadable("header_missing")
    if held:
        yield _chunk(held, number, order, place)


def _full(held: Sequence[bytes], rows: int) -> int:
    """Return how many of the lines fill a chunk, 0 when they do not."""
    if len(held) >= rows:
        return rows
    return len(held) if sum(map(len, held)) >= CHUNK_BYTES else 0


def _lines(pieces: Pieces) -> Iterator[tuple[int, list[bytes]]]:
    rest, place, begins = b"", 0, BOM
    for place, piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        if len(max(lines, key=len, default=b"")) > LONGEST_RUN or len(rest) > LONGEST_RUN:
            raise Unreadable("no_lines" if begins and not lines else "line_without_end")
        if lines:
            yield place, [lines[0].removeprefix(begins), *lines[1:]]
            begins = b""
    if rest:
        yield place, [rest.removeprefix(begins)]


def _chunk(lines: list[bytes], before: int, order: list[int], place: int) -> Chunk:
    ends = [line.removesuffix(b"\r") for line in lines]
    content = _plain(ends, before + 1, order) or _read(ends, before + 1, order)
    return Chunk(last=before + len(lines), bytes_read=place, content=content)


def _plain(lines: list[bytes], first: int, order: list[int]) -> bytes:
    """Return lines as they are with their numbers before them; nothing when one of them needs a closer look."""
    text = b"\n".join(lines)
    found = _found(order)
    odd = (
        b'"' in text
        or found != sorted(found)
        or found != order[: len(found)]
        or len(text.translate(None, CONTROLS)) != len(text) - len(lines) + 1
    )
    if (
        odd
        or {line.count(b",") for line in lines} != {len(found) - 1}
        or len(max(lines, key=len)) > LONGEST_LINE
        or not all(line.strip(NOTHING) for line in lines)
    ):
        return b""
    try:
        text.decode()
    except UnicodeDecodeError:
        return b""
    nothing = b"," * (len(order) - len(found))
    return b"".join([b"%d,,%b%b\n" % (number, line, nothing) for number, line in zip(count(first), lines)])


def _found(order: list[int]) -> list[int]:
    return [place for place in order if place != NOWHERE]


def _read(lines: list[bytes], first: int, order: list[int]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for number, line in enumerate(lines, first):
        if line.strip(NOTHING):
            fields, fault = _fields(line, len(_found(order)))
            cells = (fields[place] if fields and place != NOWHERE else "" for place in order)
            writer.writerow([number, fault, *cells])
    return out.getvalue().encode()


def _fields(line: bytes, width: int) -> tuple[list[str], str]:
    """Return a line's fields, or none and what is wrong with it."""
    if len(line) > LONGEST_LINE:
        return [], "line_too_long"
    if len(line.translate(None, CONTROLS)) != len(line):
        return [], "control_characters"
    try:
        text = line.decode()
        fields = next(csv.reader([text], strict=True))
    except UnicodeDecodeError:
        return [], "not_utf8"
    except csv.Error:
        return [], "not_csv"
    return (fields, "") if len(fields) == width else ([], "columns_wrong")
