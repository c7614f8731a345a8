"""The English of the pages."""

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

PAGES = Path(__file__).parents[3] / "gateway" / "pages"
CATALOGUE = PAGES / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("shared/vendor/**", "ignore"), ("**.html", "jinja2"), ("**.js", "javascript")]
MODULES = [path for path in sorted(PAGES.rglob("*.js")) if path.parent.name != "vendor"]
PLACEHOLDER = re.compile(r"\{\w+\}")


def _marked() -> set[str]:
    found = extract_from_dir(PAGES, METHODS, keywords={"_": None, "t": None})
    return {str(message) for _, _, message, _, _ in found}


def _english() -> dict[str, Any]:
    with CATALOGUE.open("rb") as source:
        return {str(entry.id): entry for entry in read_po(source, locale="en") if entry.id}


def test_every_string_of_the_pages_is_translated_and_no_translation_is_left_over() -> None:
    english = _english()
    assert _marked() - {text for text, entry in english.items() if entry.string} == set()
    assert set(english) - _marked() == set()


def test_translations_keep_the_values_of_the_original() -> None:
    lost = [
        text
        for text, entry in _english().items()
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(str(entry.string)))
    ]
    assert lost == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PAGES)))
def test_modules_mark_their_strings_where_they_can_be_found(module: Path) -> None:
    text = module.read_text("utf-8")
    assert re.search(r"\$\{\s*t\(", text) is None, "the extraction does not look into template literals"
    assert re.search(r"\bt\(\s*[^\"\s)]", text.replace("function t(text", "")) is None, (
        "t() takes a string as it stands"
    )


def test_modules_and_templates_stay_short() -> None:
    long = [
        f"{path.name}: {lines}"
        for path in [*MODULES, *PAGES.rglob("*.html")]
        if (lines := len(path.read_text("utf-8").splitlines())) > 400
    ]
    assert long == []
