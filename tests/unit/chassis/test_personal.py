"""Personal data: sealed, masked and hashed."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis import personal
from services.chassis.config import settings
from services.chassis.personal import KeysMissing, SealBroken, Vault

FIRST = Vault("k1", {"k1": bytes(32)})
ROTATED = Vault("k2", {"k2": bytes(range(32)), "k1": bytes(32)})


@given(st.text(max_size=60))
def test_what_is_sealed_opens_to_the_same_text(text: str) -> None:
    assert FIRST.open(FIRST.seal(text)) == text


def test_sealing_the_same_text_twice_gives_two_texts_that_show_nothing_of_it() -> None:
    first, second = FIRST.seal("+8613800005678"), FIRST.seal("+8613800005678")
    assert first != second
    assert "5678" not in first[:3] and first.startswith("k1:")


def test_a_rotation_opens_the_old_and_seals_under_the_new_key() -> None:
    old = FIRST.seal("张三", purpose="name")
    again = ROTATED.seal_again(old, purpose="name")
    assert personal.key_id(again) == "k2"
    assert ROTATED.open(again, purpose="name") == "张三"
    assert ROTATED.seal_again(again, purpose="name") == again


def test_a_seal_opens_for_its_purpose_only() -> None:
    with pytest.raises(SealBroken):
        FIRST.open(FIRST.seal("张三", purpose="name"), purpose="phone")


@pytest.mark.parametrize("damage", ["k1:", "k1:AAAA", "k9:AAAA", "", "k1:not base 64 at all"])
def test_what_is_no_seal_is_refused(damage: str) -> None:
    with pytest.raises(SealBroken):
        FIRST.open(damage)


def test_a_changed_byte_is_noticed() -> None:
    sealed = FIRST.seal("张三")
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    with pytest.raises(SealBroken):
        FIRST.open(changed)


def test_a_vault_shows_no_key() -> None:
    assert "keys" not in repr(FIRST)
    assert settings().phone_key and settings().phone_key not in repr(settings())
    assert settings().personal_keys not in repr(settings())


def _entry(name: str, length: int = 32) -> str:
    return f"{name}:{base64.b64encode(bytes(length)).decode()}"


def test_the_first_key_is_the_active_one() -> None:
    vault = personal.read_keys(f"{_entry('k2')}, {_entry('k1')}")
    assert (vault.active, list(vault.keys)) == ("k2", ["k2", "k1"])


@pytest.mark.parametrize(
    "text", ["", " , ", "k1", "k1:!!", _entry("k1", 16), _entry("K1"), f"{_entry('k1')},{_entry('k1')}"]
)
def test_keys_that_are_missing_or_not_whole_are_refused(text: str) -> None:
    with pytest.raises(KeysMissing, match="HALL_PERSONAL_KEYS"):
        personal.read_keys(text)


def test_a_phone_hash_is_the_same_for_one_number_however_it_is_written() -> None:
    numbers = {personal.phone_number(text) for text in ("13800005678", "+86 138 0000 5678", "138-0000-5678")}
    assert numbers == {"+8613800005678"}
    found = personal.phone_hash("+8613800005678")
    assert len(found) == 64 and found != personal.phone_hash("+8613800005679")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("１３９００００１１１１", "+8613900001111"),
        ("139–0000–1111", "+8613900001111"),
        ("139_0000_1111", "+8613900001111"),
        ("\u202d13900001111\u202c", "+8613900001111"),
        ("\ufeff139 0000 1111 ", "+8613900001111"),
        ("139\u00a00000\u30001111", "+8613900001111"),
        ("tel:13900001111", "+8613900001111"),
        ("١٣٩٠٠٠٠١١١١", "+8613900001111"),
        ("+86(139)00001111", "+8613900001111"),
        ("86 13900001111", "+8613900001111"),
        ("14912345678", "+8614912345678"),
        ("14812345678", "+8614812345678"),
        ("(0755)82345678", "+8675582345678"),
        ("（0755）8234 5678", "+8675582345678"),
        ("0755-82345678-802", "+8675582345678"),
        ("0755-83456789-8001", "+8675583456789"),
        ("0755-83456789转8001", "+8675583456789"),
        ("0755 83456789 ext. 12", "+8675583456789"),
        ("0755-83456789#8001", "+8675583456789"),
        ("83456789", "+8675583456789"),
        ("8345 6789 转 12", "+8675583456789"),
        ("+852 5123 4567", "+85251234567"),
        ("+44 (20) 7123-1234", "+442071231234"),
    ],
)
def test_a_number_is_read_as_people_type_and_paste_it(typed: str, number: str) -> None:
    assert personal.phone_number(typed) == number


def test_a_number_without_area_code_belongs_to_the_halls_town(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal, "settings", lambda: replace(settings(), area_code="010"))
    assert personal.phone_number("62345678") == "+861062345678"


NO_NUMBERS = ["", "12", "张三", "+999 1", "1380000567", "138-0013-80001", "139 0000 1111 2", "138a0013b8000", "1-2-3",
    "13900001111 13900002222", "+", "13900001111,13900002222"]  # fmt: skip


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_phone_number_is_refused(text: str) -> None:
    with pytest.raises(personal.PhoneInvalid) as refused:
        personal.phone_number(text)
    assert refused.value.errors == {"phone": ["Not a phone number."]}
    assert isinstance(refused.value, ValueError)


def test_what_is_shown_is_masked() -> None:
    assert personal.mask_phone("+8613800005678") == "138****5678"
    assert personal.mask_phone("+442071231234") == "+44 207****1234"
    assert personal.mask_name("王小明") == "王**"
    assert personal.mask_name("王") == "王*"
