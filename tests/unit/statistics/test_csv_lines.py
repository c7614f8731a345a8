"""Files of CSV as numbered lines: whatever is in them, in whatever pieces they come."""

import csv
import gzip
import io
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.statistics.imports.domain import csv_lines
from services.statistics.imports.domain.csv_header import Unreadable, places_of
from services.statistics.imports.domain.csv_lines import chunks, unzipped

COLUMNS = ("number", "item")


def pieces(content: bytes, size: int = 1 << 20) -> Iterator[tuple[int, bytes]]:
    for at in range(0, len(content), size):
        yield min(at + size, len(content)), content[at : at + size]


def rows(content: bytes, *, after: int = 0, many: int = 3, size: int = 7) -> list[list[str]]:
    """Return line, fault and fields as PostgreSQL reads them."""
    found = chunks(pieces(content, size), COLUMNS, after=after, rows=many)
    return [row for chunk in found for row in csv.reader(io.StringIO(chunk.content.decode()))]


def fault(content: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        rows(content)
    return refused.value.code


def test_rows_carry_the_number_of_their_line() -> None:
    assert rows(b"number,item\n1,a\n2,b\n3,c\n4,d") == [
        ["2", "", "1", "a"],
        ["3", "", "2", "b"],
        ["4", "", "3", "c"],
        ["5", "", "4", "d"],
    ]


def test_what_spreadsheets_write_is_read() -> None:
    content = '\ufeffitem,number\r\n"a ""b"", c",1\r\n\r\n事项,2\r\n'.encode()
    assert rows(content) == [["2", "", "1", 'a "b", c'], ["4", "", "2", "事项"]]


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (b"number,item\n1,a", ["1", "a", ""]),
        (b"item,number\na,1", ["1", "a", ""]),
        (b"number,item,outcome\n1,a,refused", ["1", "a", "refused"]),
        (b"outcome,number,item\nrefused,1,a", ["1", "a", "refused"]),
        (b'number,item\n1,"a"', ["1", "a", ""]),
    ],
)
def test_a_column_that_may_be_left_out_is_empty_then(content: bytes, fields: list[str]) -> None:
    [chunk] = chunks(pieces(content, 7), COLUMNS, optional=("outcome",))
    assert list(csv.reader(io.StringIO(chunk.content.decode()))) == [["2", "", *fields]]


def test_a_column_that_may_be_left_out_is_named_as_the_others_are() -> None:
    with pytest.raises(Unreadable) as refused:
        places_of(b"number,item,Outcome", COLUMNS, ("outcome",))
    assert (refused.value.code, refused.value.found) == ("header_case", "Outcome")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1", "columns_wrong"),
        (b"1,a,b", "columns_wrong"),
        (b'1,"a', "not_csv"),
        (b'1,"a"b', "not_csv"),
        (b"1,\xff", "not_utf8"),
        (b"1,a\0", "control_characters"),
        (b"1,a\tb", "control_characters"),
        (b"1,a\rb", "control_characters"),
        (b"1," + b"a" * csv_lines.LONGEST_LINE, "line_too_long"),
    ],
)
def test_a_line_that_is_no_row_says_why_and_leaves_the_others_alone(line: bytes, reason: str) -> None:
    assert rows(b"number,item\n1,a\n" + line + b"\n3,c\n", many=9) == [
        ["2", "", "1", "a"],
        ["3", reason, "", ""],
        ["4", "", "3", "c"],
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "header_missing"),
        (b"\n1,a\n", "header_missing"),
        (b"2011-1,market-001\n", "header_wrong"),
        (b"number\n", "header_lacks_column"),
        (b"number,item,more\n", "header_extra_column"),
        (b"number,item,\n", "header_empty_column"),
        (b"number,number\n", "header_twice"),
        (b"Number,ITEM\n", "header_case"),
        (b"number;item\n", "header_semicolon"),
        (b"number;item;accepted,at\n", "header_semicolon"),
        (b"number\titem\n", "header_tab"),
        (b"number|item\n", "header_bar"),
        ("number,item\n".encode("utf-16"), "header_utf16"),
        ("number,item\n".encode("utf-16-be"), "header_utf16"),
        ("办件编号,事项\n".encode("gbk"), "header_gbk"),
        (b"number,\xff\xff\n", "header_not_utf8"),
        (b'"number\n', "header_not_csv"),
    ],
)
def test_a_file_without_its_columns_is_not_read(content: bytes, code: str) -> None:
    assert fault(content) == code


def test_what_stood_in_the_first_line_is_told_unless_it_may_be_data() -> None:
    def found(header: str) -> str:
        with pytest.raises(Unreadable) as refusal:
            places_of(header.encode(), COLUMNS)
        return refusal.value.found

    assert found("number,item,remark,phone") == "remark, phone"
    assert found("Number,item") == "Number"
    assert found("item") == "number"
    assert found("张三,13812345678,440301199001011234") == ""


def test_rows_without_anything_are_passed_over() -> None:
    assert rows(b'number,item\n1,a\n,\n , \n"",""\r\n,\r\n2,b\n,\n', many=9) == [
        ["2", "", "1", "a"],
        ["7", "", "2", "b"],
    ]


def test_a_file_without_the_ends_of_lines_is_given_up_before_it_fills_the_memory() -> None:
    endless = ((n, b"x" * csv_lines.PIECE) for n in range(10**9))
    with pytest.raises(Unreadable, match="no_lines"):
        list(chunks(endless, COLUMNS))


@given(
    st.lists(st.sampled_from([b"1,a", b"", b'"2",b', b"\xff", b"3", b"4,d\r"]), max_size=20),
    st.integers(1, 30),
    st.integers(1, 9),
    st.integers(0, 25),
)
def test_pieces_chunks_and_a_new_start_change_nothing(
    lines: list[bytes], size: int, many: int, after: int
) -> None:
    content = b"\n".join([b"number,item", *lines, b"9,z"])
    whole = rows(content, many=1000, size=1 << 20)
    assert rows(content, size=size, many=many) == whole
    assert rows(content, size=size, many=many, after=after) == [row for row in whole if int(row[0]) > after]


def test_chunks_say_where_they_end() -> None:
    content = b"number,item\n" + b"1,a\n" * 10
    found = list(chunks(pieces(content, 8), COLUMNS, rows=4))
    assert [chunk.last for chunk in found] == [5, 9, 11]
    assert all(before.bytes_read <= after.bytes_read for before, after in pairwise(found))
    assert found[-1].bytes_read == len(content)


@pytest.mark.parametrize("size", [11, 1 << 20])
def test_a_compressed_file_reads_as_the_plain_one_does(size: int) -> None:
    plain = b"".join(b"%d,a\n" % n for n in range(150_000))
    members = gzip.compress(plain[:1000]) + gzip.compress(plain[1000:])
    assert b"".join(piece for _, piece in unzipped(pieces(members, size))) == plain
    assert b"".join(piece for _, piece in unzipped(pieces(plain, size))) == plain


def test_a_compressed_file_comes_in_pieces_of_a_bounded_size() -> None:
    packed = gzip.compress(b"0" * 20_000_000)
    found = [piece for _, piece in unzipped(pieces(packed))]
    assert max(map(len, found)) <= csv_lines.PIECE
    assert sum(map(len, found)) == 20_000_000


@pytest.mark.parametrize(("cut", "code"), [(slice(0, -5), "gzip_cut_off"), (slice(0, 15), "gzip_cut_off")])
def test_a_compressed_file_that_is_not_whole_is_no_whole_file(cut: slice, code: str) -> None:
    packed = gzip.compress(b"number,item\n" * 1000)
    with pytest.raises(Unreadable, match=code):
        list(unzipped(pieces(packed[cut])))


def test_a_damaged_file_is_refused() -> None:
    packed = bytearray(gzip.compress(bytes(range(256)) * 100))
    packed[40] ^= 0xFF
    with pytest.raises(Unreadable, match="gzip_damaged"):
        list(unzipped(pieces(bytes(packed))))


def test_a_line_without_an_end_behind_others_is_given_up_before_it_fills_the_memory() -> None:
    endless = (
        (n, b"number,item\n1,a\n" if n == 0 else b'2,"' + b"x" * csv_lines.PIECE) for n in range(10**9)
    )
    with pytest.raises(Unreadable, match="line_without_end"):
        list(chunks(endless, COLUMNS))


def test_rows_of_a_megabyte_are_given_up_before_they_fill_the_memory() -> None:
    packed = gzip.compress(b"number,item\n" + (b'1,"' + b"x" * 1_000_000 + b"\n") * 300)
    assert len(packed) < 400_000
    with pytest.raises(Unreadable, match="line_without_end"):
        list(chunks(unzipped(pieces(packed)), COLUMNS))


def test_a_chunk_has_a_bounded_number_of_bytes() -> None:
    line = b"1," + b"a" * 60_000 + b"\n"
    found = chunks(pieces(b"number,item\n" + line * 1000), COLUMNS)
    # Lines as long as these are refused one by one, and a chunk of them is a few hundred.
    assert next(chunk.last for chunk in found) < 2 + 2 * csv_lines.CHUNK_BYTES // len(line)


def test_what_unpacks_to_a_thousand_times_its_size_is_given_up() -> None:
    packed = gzip.compress(b"number,item\n" + b"\n" * 60_000_000)
    assert len(packed) < 60_000
    with pytest.raises(Unreadable, match="unpacks_to_too_much"):
        list(chunks(unzipped(pieces(packed)), COLUMNS))


def test_a_file_of_more_lines_than_any_hall_has_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_lines, "MOST_LINES", 1000)
    assert len(rows(b"number,item\n" + b"1,a\n" * 900, many=50)) == 900
    assert fault(b"number,item\n" + b"1,a\n" * 1100) == "too_many_lines"


def test_how_far_a_compressed_file_is_grows_also_within_a_piece() -> None:
    plain = b"".join(b"%d,a\n" % n for n in range(900_000))
    packed = gzip.compress(plain)
    places = [place for place, _ in unzipped([(len(packed), packed)])]
    assert len(set(places)) > 3 and places[0] < len(packed) and places == sorted(places)
