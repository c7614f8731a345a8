"""What strangers ask for in the load program is all that the gateway shows them beside its API."""

from gateway.app import create_app
from loadtests.public_pages import PAGES


def test_every_page_of_the_gateway_is_asked_for() -> None:
    rules = {rule.rule for rule in create_app().url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert set(PAGES) == {rule for rule in rules if not rule.startswith("/api/") and "openapi" not in rule}
