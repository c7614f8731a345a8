"""The language of a page: Chinese, in which the pages are written, or English from the catalogue.

The catalogue (`translations/en/LC_MESSAGES/messages.po`) is read and compiled in memory, so that there is no
compiled file to forget. Strings of the page modules come from the same catalogue: `messages` is rendered into
every page as a block of JSON.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import Babel, Domain, get_locale

LANGUAGES = {"zh": "中文", "en": "English"}
HTML_LANGUAGES = {"zh": "zh-CN", "en": "en"}
DEFAULT = "zh"
COOKIE = "hall_language"
COOKIE_SECONDS = 365 * 24 * 3600

_folder = Path(__file__).parent / "translations"


def asked_language() -> str | None:
    """Return the language the address asks for with `?lang=`, None when it asks for none that exists."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else None


def chosen_language() -> str:
    """Return the language of this request: the address's, else the one chosen before, else Chinese."""
    kept = request.cookies.get(COOKIE, "")
    return asked_language() or (kept if kept in LANGUAGES else DEFAULT)


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return every translated string of a language; empty for the one the pages are written in."""
    path = _folder / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return {}
    with path.open("rb") as source:
        entries = read_po(source, locale=language)
    return {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string}


@cache
def _translations(language: str) -> NullTranslations:
    path = _folder / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled)


class CatalogueInMemory(Domain):  # type: ignore[misc]  # flask-babel has no types
    """The pages' translations for Flask-Babel, without compiled files."""

    def get_translations(self) -> NullTranslations:
        """Return the translations of this request's language."""
        return _translations(str(get_locale() or DEFAULT))


def install(app: Flask) -> None:
    """Give an application's templates the pages' translations."""
    babel = Babel(app, default_locale=DEFAULT, locale_selector=chosen_language)
    babel.domain_instance = CatalogueInMemory()
