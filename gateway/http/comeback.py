"""The one script that stands in the pages themselves: it brings a page back that lost its parts to the network.

The policy of the pages allows it by its hash. Both come from the same text, read once, so they cannot disagree.
"""

import base64
import hashlib
from pathlib import Path

from flask import Flask
from markupsafe import Markup

SCRIPT = (Path(__file__).parent / "comeback.js").read_text("utf-8")
SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'"


def register(app: Flask) -> None:
    """Let every template of an app put the script into its page."""
    app.jinja_env.globals["comeback"] = Markup(SCRIPT)  # noqa: S704  # our own file
