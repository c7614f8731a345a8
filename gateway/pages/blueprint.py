"""What all pages have: headers, language, files. A page itself stands in a folder named after its address.

Pages hold no data of the hall: what a page shows it asks from the public API.
"""

from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, Response, abort, render_template, send_from_directory
from flask.blueprints import BlueprintSetupState

from gateway.http.hardening import PAGE_POLICY
from gateway.http.runtime import runtime
from gateway.pages import language, staff

FOLDER = Path(__file__).parent
# What browsers are given of the pages' folders; routes and templates stand there too.
ASSETS = {".js", ".css", ".svg"}

blueprint = Blueprint("pages", __name__, template_folder=".")


@blueprint.record_once
def _install_language(state: BlueprintSetupState) -> None:
    language.install(cast(Flask, state.app))


@blueprint.context_processor
def _page_language() -> dict[str, object]:
    chosen = language.chosen_language()
    return {
        "language": chosen,
        "html_language": language.HTML_LANGUAGES[chosen],
        "languages": language.LANGUAGES,
        "messages": language.catalogue(chosen),
        "links": staff.links(),
        "single_sign_on": runtime().issuer is not None,
    }


@blueprint.after_request
def _set_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-cache")
        response.vary.add("Cookie")
    if asked := language.asked_language():
        response.set_cookie(language.COOKIE, asked, max_age=language.COOKIE_SECONDS, samesite="Lax")
    return response


def render(name: str, **page: object) -> str:
    """Return a page with its style and script.

    Args:
        name: where its template, style and script stand, below this folder and without their endings: `guide/item`.
        page: what its script is told, by name.
    """
    return render_template(f"{name}.html", name=name, page=page)


@blueprint.get("/assets/<path:filename>", endpoint="static")
def asset(filename: str) -> Response:
    """Give a script, style or picture of the pages."""
    if Path(filename).suffix not in ASSETS:
        abort(404)
    return send_from_directory(FOLDER, filename)
