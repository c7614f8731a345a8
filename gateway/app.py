"""The gateway's Flask app."""

from functools import partial
from importlib.util import find_spec
from typing import Any

from flask import Flask

from gateway import api
from gateway.http import comeback, context, operations, problems
from gateway.http.counters import SharedCounters, prepare
from gateway.http.hardening import harden
from gateway.http.runtime import Runtime, make_runtime
from gateway.settings import Settings, read_settings
from services.chassis import logs


def create_app(settings: Settings | None = None, counters: SharedCounters | None = None) -> Flask:
    """Make the app; nothing connects before the first request.

    Args:
        settings: read from the environment when left out.
        counters: what rates and streams are counted in; this machine's own when left out.
    """
    settings = settings or read_settings()
    logs.configure(level=settings.process.log_level, process="gateway")
    app = Flask(
        __name__,
        static_folder="api/docs/assets",
        static_url_path="/gateway-static",
        template_folder="api/docs",
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["HALL_PUBLIC_URL"] = settings.public_url
    app.config["HALL_MAP_CENTRE"] = settings.map_centre
    app.extensions["hall"] = make_runtime(settings, counters or prepare())
    problems.register(app)
    context.register(app)
    comeback.register(app)
    api.register(app)
    _register_pages(app)
    https = settings.process.environment == "production"
    public = harden(app.wsgi_app, https=https)
    app.wsgi_app = operations.beside(  # type: ignore[method-assign,assignment]
        public, port=settings.process.metrics_port, readiness=partial(_readiness, app)
    )
    return app


def _readiness(app: Flask) -> dict[str, Any]:
    parts: Runtime = app.extensions["hall"]
    parts.start()
    return parts.readiness.get()


def _register_pages(app: Flask) -> None:
    """Serve the pages too, where they are installed."""
    if find_spec("gateway.pages") is not None and find_spec("gateway.pages").origin:  # type: ignore[union-attr]
        from gateway.pages import blueprint

        app.register_blueprint(blueprint)
