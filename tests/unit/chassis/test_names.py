"""Names and addresses: nothing in them is invisible, and there is something to read."""

import pytest

from services.chassis.errors import Invalid
from services.chassis.schemas import Name, Request, Text
from services.chassis.service import load_request


class Visitor(Request):
    """Somebody who comes."""

    name = Name(most=60)
    note = Text(most=60)


@pytest.mark.parametrize(
    "name",
    [
        "\u202eevil",
        "\u200b\u200b",
        "\u200b张三",
        "\ufeff",
        "张\x7f三",
        "张\x85三",
        "张\nX",
        "张\tX",
        "张\u2028三",
        "张\u2029三",
        "\u2067张三",
        "tag\U000e0041",
        "张\ue000",
        "张\ud800",
        "\u00ad张三",
        "\u3164",
        "张\u3164",
        "\u115f",
        "12345",
        "——",
        "。",
    ],
)
def test_a_name_that_hides_something_or_shows_nothing_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        load_request(Visitor(), {"name": name})
    assert list(refused.value.errors) == ["name"]


@pytest.mark.parametrize(
    "name",
    [
        "张三",
        "欧阳 娜娜",
        "买买提·阿不都拉",
        "O'Neill-Smith Jr.",
        "مريم",
        "क्\u200dष",
        "𠮷野家",
        "福田区福中三路12号3栋502",
    ],
)
def test_a_name_of_any_script_passes(name: str) -> None:
    assert load_request(Visitor(), {"name": f" {name}\u3000"}) == {"name": name}


def test_other_texts_lose_what_nobody_sees_and_keep_their_lines() -> None:
    given = "\ufeff第一行\u200b\n\u202e第二行\u2066 "
    assert load_request(Visitor(), {"note": given}) == {"note": "第一行\n第二行"}
    for wrong in ("a\x85b", "a\x7fb", "a\x00b"):
        with pytest.raises(Invalid):
            load_request(Visitor(), {"note": wrong})
