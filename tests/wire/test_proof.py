"""The answer to a challenge, against values computed by other programs."""

import pytest

from a2f_ws.wire.proof import answer_to, proof_of, secret_of

SALT = "lM1GncleQOaCu9lT1yeUZhFYnqhsLLP1G5lAGo3ixaI="
CHALLENGE = "+IxH4CnCiqpX1rM9scsNynZzbOe4KhDeYcTNS3PDaeY="


def test_the_example_of_obs_websocket_gives_its_authentication_string():
    proof = proof_of("supersecretpassword", salt=SALT, challenge=CHALLENGE)
    assert proof == "1Ct943GAT+6YQUUX47Ia/ncufilbe6+oD6lY+5kaCu4="


def test_whoever_has_the_secret_gives_the_same_proof_as_whoever_has_the_password():
    secret = secret_of("supersecretpassword", SALT)
    wanted = proof_of("supersecretpassword", salt=SALT, challenge=CHALLENGE)
    assert answer_to(CHALLENGE, secret=secret) == wanted


@pytest.mark.parametrize("change", ["password", "salt", "challenge"])
def test_every_part_changes_the_proof(change):
    parts = {"password": "pässword 鍵", "salt": SALT, "challenge": CHALLENGE}
    other = parts | {change: parts[change] + "x"}
    assert proof_of(parts.pop("password"), **parts) != proof_of(other.pop("password"), **other)
