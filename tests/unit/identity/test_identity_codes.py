"""Phones, one-time codes, enrolment codes and passwords."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis import personal
from services.identity.domain import codes, passwords


@pytest.mark.parametrize(
    ("typed", "e164", "shown"),
    [
        ("13812345678", "+8613812345678", "138****5678"),
        ("+86 138 1234 5678", "+8613812345678", "138****5678"),
        ("0755-82001234", "+8675582001234", "755****1234"),
        ("+852 5123 4567", "+85251234567", "+852 512****4567"),
    ],
)
def test_a_phone_is_read_as_people_write_it_and_shown_masked(typed: str, e164: str, shown: str) -> None:
    assert personal.phone_number(typed) == e164
    assert personal.mask_phone(e164) == shown


@pytest.mark.parametrize("typed", ["", "abc", "123", "1381234567", "+1 000", "138123456789"])
def test_what_can_be_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(personal.PhoneInvalid):
        personal.phone_number(typed)


@given(st.text(max_size=30))
def test_any_text_is_read_as_a_phone_or_refused(text: str) -> None:
    try:
        assert personal.phone_number(text).startswith("+")
    except personal.PhoneInvalid:
        return


def test_a_one_time_code_has_six_digits() -> None:
    assert all(len(code) == 6 and code.isdecimal() for code in (codes.new_code() for _ in range(50)))


def test_an_enrolment_code_may_be_typed_carelessly() -> None:
    code = codes.new_typed_code()
    assert len(code) == 14
    careless = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert codes.plain_typed_code(careless) == code.replace("-", "")


def test_a_keyed_hash_depends_on_the_key_and_on_each_part() -> None:
    hashes = {
        codes.keyed_hash(b"k", "a", "b"),
        codes.keyed_hash(b"l", "a", "b"),
        codes.keyed_hash(b"k", "a", "c"),
        codes.keyed_hash(b"k", "ab"),
    }
    assert len(hashes) == 4
    assert {len(each) for each in hashes} == {32}


def test_only_its_own_password_fits_a_hash() -> None:
    kept = passwords.hash_of("correct horse battery")
    assert passwords.is_right(kept, "correct horse battery")
    assert not passwords.is_right(kept, "correct horse batterY")
    assert not passwords.is_right(passwords.nobodys_hash(), "")
    assert not passwords.is_right("nonsense", "nonsense")


@pytest.mark.parametrize(
    "password",
    ["aaaaaaaaaaaa", "Ab1Ab1Ab1Ab1", "138001380001", "44030119900101", "abcdefghijkl", "ZYXWVUTSRQPO", "qwertyuiopas",
     "clerk001!!aA", "xxCLERK001xx"],
)  # fmt: skip
def test_a_password_that_is_tried_first_is_plain(password: str) -> None:
    assert passwords.is_plain(password, username="clerk001")


@pytest.mark.parametrize("password", ["correct horse battery", "一窗受理 集成服务 ok", "nN8#sd02kqQz"])
def test_any_other_password_is_not(password: str) -> None:
    assert not passwords.is_plain(password, username="clerk001")
