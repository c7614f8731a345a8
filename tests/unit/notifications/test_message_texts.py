"""Texts of messages and their placeholders."""

import pytest

from services.notifications.domain import texts


def test_every_kind_has_a_valid_text_in_each_language() -> None:
    assert set(texts.DEFAULTS) == {(kind, each) for kind in texts.PLACEHOLDERS for each in texts.LANGUAGES}
    for (kind, _), text in texts.DEFAULTS.items():
        assert texts.check_template(kind, text) == text
        assert len(text) <= texts.LONGEST


@pytest.mark.parametrize(
    "text",
    [
        "{phone}",
        "{}",
        "{0}",
        "{code.__class__}",
        "{code[0]}",
        "{code!r}",
        "{code:>99999}",
        "{code:{code}}",
        "{code",
        "code}",
    ],
)
def test_a_text_with_another_placeholder_than_its_kind_has_is_refused(text: str) -> None:
    with pytest.raises(texts.BadTemplate):
        texts.check_template("otp", text)


@pytest.mark.parametrize(
    "text", ["no placeholder", "{{code}}", "{code} {code}", "{{code}} code", "你的验证码"]
)
def test_a_text_of_a_code_holds_it_once(text: str) -> None:
    with pytest.raises(texts.BadTemplate, match="must stand in it, once"):
        texts.check_template("otp", text)
    assert texts.check_template("otp", "验证码 {code}，{{请勿}}告诉他人") and texts.check_template(
        "turn_near", "快到了"
    )


def test_what_is_filled_in_is_never_read_as_a_placeholder() -> None:
    filled = texts.render("{name}: {{{reference}}} {time}", {"name": "{reference}", "reference": "7K3M9QXR"})
    assert filled == "{reference}: {7K3M9QXR} "
