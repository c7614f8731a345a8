"""Serves canaille with people, groups and one client, in its own environment: `python serve_canaille.py PORT HALL`."""

import sys

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from werkzeug.serving import make_server

PASSWORD = "pw-of-the-city-1"
PEOPLE = {"li": ("李娜", "desk"), "wang": ("王强", "nobody")}


def main(port: int, hall: str) -> None:
    """Fill the memory of the process that serves, then serve."""
    app = create_app(
        {
            "SECRET_KEY": "for-tests",
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
            "SERVER_NAME": f"127.0.0.1:{port}",
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {"DATABASE": "memory"},
            "CANAILLE_OIDC": {},
        }
    )
    with app.app_context(), Backend.instance.session():
        store = Backend.instance
        for username, (name, group) in PEOPLE.items():
            person = models.User(
                user_name=username,
                formatted_name=name,
                family_name=name,
                emails=[f"{username}@city.test"],
                password=PASSWORD,
            )
            store.save(person)
            store.save(models.Group(display_name=group, members=[person]))
        client = models.Client(
            client_id="hall",
            client_secret="a-secret-of-the-hall",
            client_name="HallFlow",
            client_uri=hall,
            redirect_uris=[f"{hall}/api/v1/auth/oidc/callback"],
            post_logout_redirect_uris=[f"{hall}/api/v1/auth/oidc/logged-out"],
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid", "profile", "email", "groups"],
            token_endpoint_auth_method="client_secret_basic",
        )
        store.save(client)
        client.audience = [client]
        store.save(client)
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


main(int(sys.argv[1]), sys.argv[2])
