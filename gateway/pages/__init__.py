"""The hall's pages: landing, kiosk, board, window console, phone page and overview, all clients of the public API."""

from gateway.pages.views import blueprint

__all__ = ["blueprint"]
