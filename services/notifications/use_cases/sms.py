"""The channels: an SMS gateway over HTTP, and the local outbox, which keeps the text with the message alone."""

import requests


class NotSent(RuntimeError):
    """The channel did not take a message. The code names why without any part of the message."""

    def __init__(self, code: str, *, again: bool) -> None:
        """Say why, and whether another try makes sense."""
        self.code, self.again = code, again
        super().__init__(code)


class SmsGateway:
    """`POST {url}` with `{"id", "to", "text"}` and a bearer token; any 2xx is taken as accepted.

    A repeat has the id of its first try, so that the receiver can tell it.
    """

    channel = "sms"

    def __init__(self, url: str, *, token: str, timeout_s: float = 5.0) -> None:
        """Describe the gateway."""
        self._url, self._timeout = url, timeout_s
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, id_: str, /, *, to: str, text: str) -> None:
        """Send a text.

        Raises:
            NotSent: the gateway is away or refuses.
        """
        message = {"id": id_, "to": to, "text": text}
        try:
            answer = requests.post(
                self._url, json=message, headers=self._headers, timeout=self._timeout, allow_redirects=False
            )
        except requests.RequestException:
            # What requests says may hold the request.
            raise NotSent("gateway_away", again=True) from None
        if not 200 <= answer.status_code < 300:
            refused = 400 <= answer.status_code < 500 and answer.status_code not in (401, 403, 408, 425, 429)
            raise NotSent(f"http_{answer.status_code}", again=not refused)


class LocalOutbox:
    """Sends nothing: the text is shown with the message."""

    channel = "local"

    def __call__(self, id_: str, /, *, to: str, text: str) -> None:
        """Leave it at that."""
