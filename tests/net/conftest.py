"""Sites on loopback and clients that may reach them."""

import ssl
from collections.abc import Iterator

import pytest

from app.net.addresses import read_allowed
from app.net.client import Client
from tests.net.site import CERTIFICATE, Site, open_site


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as opened:
        yield opened


@pytest.fixture
def secure_site() -> Iterator[Site]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    with open_site(context) as opened:
        yield opened


@pytest.fixture(scope="session")
def client() -> Client:
    """A client whose operator allows loopback."""
    return Client(allowed=read_allowed(["127.0.0.1/32", "::1/128"]))
