"""The one script that stands in pages: the policy allows just this text."""

import base64
import hashlib
import re

from flask.testing import FlaskClient


def _inline(page: str) -> list[str]:
    return re.findall(r"<script>(.*?)</script>", page, re.DOTALL)


def test_the_policy_of_every_page_allows_the_script_it_holds_and_no_other(client: FlaskClient) -> None:
    for path in ("/docs", "/kiosk", "/board/A", "/field"):
        page = client.get(path)
        [script] = _inline(page.text)
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        policy = page.headers["Content-Security-Policy"]
        assert f"script-src 'self' 'sha256-{digest}';" in policy, path
        assert policy.count("sha256-") == 1
        assert "unsafe" not in policy


def test_the_script_comes_before_whatever_may_be_lost(client: FlaskClient) -> None:
    for path in ("/docs", "/kiosk"):
        head = client.get(path).text.split("</head>")[0]
        assert head.index("<script>") < min(head.index("<link"), head.index("<title"))


def test_each_page_names_the_script_with_which_it_stands(client: FlaskClient) -> None:
    for path in ("/docs", "/kiosk", "/overview"):
        assert len(re.findall(r"<script[^>]* data-stands>", client.get(path).text)) == 1
