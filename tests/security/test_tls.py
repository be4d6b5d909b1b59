"""TLS from files, by handshakes in memory."""

import ssl

import pytest
import trustme

from a2f_ws.errors import ConfigError
from a2f_ws.security.tls import server_context

ROUNDS = 10


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def files(tmp_path, authority):
    """Paths of a certificate and its key for localhost."""
    return write(tmp_path, authority.issue_cert("localhost"))


def write(folder, issued, *, cert="cert.pem", key="key.pem"):
    issued.private_key_pem.write_to_path(folder / key)
    (folder / cert).write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    return folder / cert, folder / key


def shake_hands(context, authority, *, name="localhost", **changes):
    """What a client sees that trusts the authority: the certificate's DER."""
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    trusting.check_hostname = name is not None
    for field, value in changes.items():
        setattr(trusting, field, value)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(down, up, server_hostname=name)
    server = context.wrap_bio(up, down, server_side=True)
    for _ in range(ROUNDS):
        for one in (client, server):
            try:
                one.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return client.getpeercert(binary_form=True)


def test_a_client_that_trusts_the_authority_sees_the_certificate(files, authority):
    shown = shake_hands(server_context(*files), authority)
    assert ssl.DER_cert_to_PEM_cert(shown).strip() in files[0].read_text()


@pytest.mark.parametrize("name", ["localhost", None])
def test_a_new_certificate_is_shown_to_the_next_client(files, authority, tmp_path, name):
    context = server_context(*files)
    before = shake_hands(context, authority, name=name)
    write(tmp_path, authority.issue_cert("localhost", "127.0.0.1"))
    after = shake_hands(context, authority, name=name)
    assert before != after
    assert ssl.DER_cert_to_PEM_cert(after).strip() in files[0].read_text()


def test_a_certificate_without_its_key_leaves_the_one_before_until_the_key_comes(
    files, authority, tmp_path, caplog
):
    context = server_context(*files)
    before = shake_hands(context, authority)
    issued = authority.issue_cert("localhost")
    write(tmp_path, issued, key="later.pem")
    assert shake_hands(context, authority) == before
    assert f"{files[1]}: not the key of {files[0]}" in caplog.text
    (tmp_path / "later.pem").replace(files[1])
    assert shake_hands(context, authority) != before


def test_versions_of_tls_before_1_2_are_not_spoken(files, authority):
    old = {"minimum_version": ssl.TLSVersion.TLSv1, "maximum_version": ssl.TLSVersion.TLSv1_1}
    with pytest.warns(DeprecationWarning), pytest.raises(ssl.SSLError):
        shake_hands(server_context(*files), authority, **old)


def test_files_that_cannot_be_used_are_named(files, authority, tmp_path):
    cert, key = files
    other = write(tmp_path, authority.issue_cert("localhost"), cert="c2.pem", key="k2.pem")
    empty = tmp_path / "empty.pem"
    empty.touch()
    for pair, complaint in {
        (tmp_path / "none.pem", key): "none.pem: cannot be read",
        (cert, tmp_path / "none.pem"): "none.pem: cannot be read",
        (empty, key): "empty.pem: found no certificate",
        (cert, empty): "empty.pem: found no private key",
        (key, cert): "key.pem: found no certificate",
        (cert, other[1]): "k2.pem: not the key of .*cert.pem",
    }.items():
        with pytest.raises(ConfigError, match=complaint):
            server_context(*pair)


def test_a_key_with_a_passphrase_is_refused_and_nobody_is_asked_for_it(files, tmp_path):
    from cryptography.hazmat.primitives import serialization

    cert, key = files
    loaded = serialization.load_pem_private_key(key.read_bytes(), None)
    locked = tmp_path / "locked.pem"
    locked.write_bytes(
        loaded.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"phrase"),
        )
    )
    with pytest.raises(ConfigError, match=r"locked.pem: .*has a passphrase"):
        server_context(cert, locked)
