"""The description of the API, and the page that shows it."""

import re

from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator


def test_the_description_is_valid_openapi(client: FlaskClient) -> None:
    description = client.get("/openapi.json").json

    OpenAPIV31SpecValidator(description).validate()
    assert description["openapi"].startswith("3.1")
    assert description["info"]["title"] == "HallFlow"


def test_every_operation_documents_its_problems(client: FlaskClient) -> None:
    description = client.get("/openapi.json").json
    parts = description["components"]["responses"]

    for path, operations in description["paths"].items():
        for method in operations.keys() & {"get", "post", "patch"}:
            answers = operations[method]["responses"]
            problems = {status for status in answers if status >= "400"}
            if path.startswith("/api/"):
                assert problems >= {"401", "429", "500", "503", "504"}, (path, method)
            for status in problems & parts.keys():
                assert "application/problem+json" in parts[f"Problem{status}"]["content"]
            asks = path.endswith(("/lookup", "/setup")) or path.startswith("/api/v1/auth/")
            if method != "get" and not asks:
                assert {"$ref": "#/components/parameters/IdempotencyKey"} in operations[method][
                    "parameters"
                ], path


def test_the_documentation_needs_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/docs")

    assert page.status_code == 200
    assert "://" not in page.text
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        with client.get(path) as answer:
            assert answer.status_code == 200


def test_whoever_is_not_signed_in_changes_nothing_without_a_holders_token(client: FlaskClient) -> None:
    """What needs neither is named here: it proves a phone or a reference, or signs somebody in."""
    token = {"$ref": "#/components/parameters/HolderToken"}
    unproved = {
        operation["operationId"]
        for operations in client.get("/openapi.json").json["paths"].values()
        for method, operation in operations.items()
        if method in ("post", "put", "patch", "delete")
        and {} in operation["security"]
        and token not in operation.get("parameters", ())
    }
    assert unproved == {
        "get_token",
        "send_code",
        "enrol_kiosk",
        "get_signed_on",
        "set_up",
        "look_up_appointment",
        "look_up_order",
    }
