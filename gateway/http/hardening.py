"""Security headers on every answer, added below Flask, where they cost next to nothing."""

from collections.abc import Callable, Iterable
from typing import Any

from gateway.http import comeback

StartResponse = Callable[..., Any]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]

EVERYWHERE: Headers = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
]
# Data is nothing to run or show: a browser that is sent to it loads nothing from it.
ON_DATA: Headers = [("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"), *EVERYWHERE]
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; connect-src 'self'; "
    f"script-src 'self' {comeback.SOURCE}; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ON_PAGES: Headers = [
    ("Content-Security-Policy", PAGE_POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)"),
    *EVERYWHERE,
]
HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def harden(app: WsgiApp, *, https: bool) -> WsgiApp:
    """Wrap a WSGI app so that each answer carries the headers it did not set itself.

    Args:
        app: the application.
        https: it is reached over HTTPS alone, so browsers are told to use nothing else.
    """
    also: Headers = [HSTS] if https else []
    on_data, on_pages = ON_DATA + also, ON_PAGES + also

    def hardened(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: Headers, *rest: Any) -> Any:
            present = {name.lower(): value for name, value in headers}
            is_page = present.get("content-type", "").startswith("text/html")
            missing = [each for each in (on_pages if is_page else on_data) if each[0].lower() not in present]
            return start_response(status, headers + missing, *rest)

        return app(environ, start)

    return hardened
