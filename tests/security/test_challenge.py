"""The password of a server."""

from a2f_ws.security.challenge import Password, random_text
from a2f_ws.wire.proof import proof_of


def test_the_right_password_answers_the_challenge():
    password, challenge = Password("open sesame"), random_text()
    proof = proof_of("open sesame", salt=password.salt, challenge=challenge)
    assert password.admits(proof, challenge=challenge)


def test_a_wrong_password_does_not_answer_it():
    password, challenge = Password("open sesame"), random_text()
    for wrong in ("Open sesame", "open sesame ", ""):
        proof = proof_of(wrong, salt=password.salt, challenge=challenge)
        assert not password.admits(proof, challenge=challenge)
    for text in ("", "鍵", "\ud800", "A" * 4096):
        assert not password.admits(text, challenge=challenge)


def test_a_proof_is_good_for_one_challenge_only():
    password, challenge = Password("open sesame"), random_text()
    proof = proof_of("open sesame", salt=password.salt, challenge=challenge)
    assert not password.admits(proof, challenge=random_text())


def test_salts_and_challenges_never_repeat_and_have_256_bits():
    texts = {random_text() for _ in range(100)}
    assert len(texts) == 100
    assert {len(text) for text in texts} == {44}
    assert Password("one").salt != Password("one").salt


def test_nothing_that_is_printed_of_a_password_tells_it():
    password = Password("open sesame")
    assert "sesame" not in f"{password!r} {password}"
    assert not hasattr(password, "password")
