"""The national API must show a certificate that can be verified; nothing is sent to whoever cannot."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pharmasync.errors import UnreachableError
from pharmasync.national.http import Request
from pharmasync.national.transport import Transport

pytestmark = pytest.mark.integration

TOKEN = "bearer s3cret-token"
POST = Request(method="POST", path="/", body=b"{}", headers={"Authorization": TOKEN}, writes=True)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that 127.0.0.1 made for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "own.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path


@contextmanager
def https_server(certificate: Path) -> Iterator[tuple[str, list[bytes]]]:
    """A server with this certificate, and what it was sent once TLS had come about."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    heard: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                heard.append(context.wrap_socket(connection, server_side=True).recv(1000))
            except OSError:  # the client does not go on, as it should
                return

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", heard
        thread.join(10)


def test_a_certificate_that_nobody_vouches_for_is_refused_in_words(certificate: Path) -> None:
    with https_server(certificate) as (url, heard):
        transport = Transport(url, connect_timeout=5.0, read_timeout=5.0, total_timeout=10.0)
        with pytest.raises(UnreachableError, match="its certificate cannot be verified") as caught:
            transport(POST)
    assert heard == []
    assert TOKEN not in repr(caught.value) + repr(caught.value.__cause__)
