"""Normal forms of names and of what is typed, and cursors."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue.domain import search


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("企业设立登记", "qiyesheliDengji".lower(), "qysldj"),
        ("银行开户", "yinhangkaihu", "yhkh"),
        ("重庆长途客运", "chongqingchangtukeyun", "cqctky"),
        ("因公出国（境）A类", "yingongchuguojingalei", "ygcgjal"),
    ],
)
def test_a_name_is_spelled_as_people_type_it(name: str, pinyin: str, initials: str) -> None:
    spelled = search.spell(name)
    assert (spelled.pinyin, spelled.initials) == (pinyin, initials)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("企业迁移登记档案调档", "diaodang"),
        ("企业迁移登记档案调档", "tiaodang"),
        ("企业迁移登记档案调档", "qyqydjdadd"),
        ("单采血浆站设置初审", "xuejiang"),
        ("单采血浆站设置初审", "xiejiang"),
        ("单采血浆站设置初审", "dcxjz"),
        ("企业电子密钥办理", "miyue"),
        ("企业电子密钥办理", "miyao"),
        ("公积金提前还款", "huankuan"),
        ("车辆长租备案", "changzu"),
        ("证照重发", "chongfa"),
        ("密码重置", "chongzhi"),
        ("葵涌街道办事处", "kuichong"),
        ("朝阳区调档重办", "zhaoyangqutiaodangchongban"),
    ],
)
def test_a_name_is_found_by_each_reading_of_its_characters(name: str, typed: str) -> None:
    spelled = search.spell(name)
    assert any(typed in line for line in (spelled.pinyin, spelled.initials, *spelled.further.split("\n")))


def test_a_name_of_many_readings_has_a_bounded_number_of_spellings() -> None:
    spelled = search.spell("重长调还血钥朝涌" * 15)
    assert len(spelled.further.split("\n")) <= 2 * search.MOST_SPELLINGS
    assert "chongzhang" in spelled.further


def test_width_and_case_make_no_difference() -> None:
    assert search.normal(" ＡＢＣ（境） ") == search.normal("abc(境)")
    assert search.squeezed("Qi Ye-She'li") == "qiyesheli"


@given(st.integers(0, 9), st.text(max_size=40))
def test_a_cursor_comes_back_as_it_went_out(rank: int, code: str) -> None:
    assert search.from_cursor(search.to_cursor(rank, code), int, str) == (rank, code)


@pytest.mark.parametrize("cursor", ["", "x", "!!!!", "bnVsbA", "WzEsMl0", "é", "WyJhIiwiYiJd", "////"])
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(ValueError, match="no cursor"):
        search.from_cursor(cursor, int, str)


@given(st.text(max_size=60))
def test_any_text_is_read_as_a_cursor_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert len(search.from_cursor(text, int, str)) == 2
