"""What another try does not cure is told at once, and in this library's own errors."""

import httpx
import pytest
from creditloop_client import Client, UnexpectedAnswer
from creditloop_client.client import again_after


@pytest.mark.parametrize(
    ("url", "key"), [("ftp://x", "k"), ("creditloop", "k"), ("http://x", ""), ("http://x", "a b")]
)
def test_a_wrong_address_or_key_is_told_at_once(url: str, key: str) -> None:
    """Not after minutes of trying."""
    with pytest.raises(ValueError, match=r"^(url|key) must"):
        Client(url, key, "tax")


@pytest.mark.parametrize("kind", [each for each in vars(httpx).values() if isinstance(each, type)])
def test_every_error_of_a_request_is_mapped(kind: type) -> None:
    """Only errors of this library's tree reach the source."""
    if not issubclass(kind, httpx.RequestError) or kind in {httpx.RequestError, httpx.TransportError}:
        return
    error = kind("cable cut")

    wrong_use = issubclass(
        kind, (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.TooManyRedirects)
    )
    if wrong_use:
        with pytest.raises(UnexpectedAnswer, match="cable cut"):
            again_after(error)
    else:
        assert again_after(error).why == f"{kind.__name__} cable cut"
