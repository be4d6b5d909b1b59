"""Who is let in, with which rights, and for how long."""

import logging
import os
from datetime import UTC, datetime
from functools import partial

import pytest

from a2f_ws.errors import ConfigError, PeerError
from a2f_ws.security.challenge import Password
from a2f_ws.security.door import Door, bearer_of, make_door
from a2f_ws.security.limits import FREE_FAILURES, Limiter
from a2f_ws.security.rights import ANYBODY, EVERY, Right
from a2f_ws.security.tokens import entry, new_token, tokens_from
from a2f_ws.security.watched import Watched
from a2f_ws.wire.proof import proof_of
from a2f_ws.wire.requests import Identify

SPEAKER, WATCHER, ENDED = new_token(), new_token(), new_token()
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
FILE = "\n".join(
    [
        entry(SPEAKER, name="speaker", rights=Right.SPEAK, expires=None),
        entry(WATCHER, name="watcher", rights=Right.WATCH | Right.ADMIN, expires=NOON),
        entry(ENDED, name="ended", rights=EVERY, expires=NOON.replace(year=2025)),
    ]
)
PLACE = "192.0.2.1"


class Clocks:
    """Both clocks of a door, moved by hand."""

    def __init__(self):
        self.monotonic_s, self.unix_s = 0.0, NOON.timestamp() - 10.0


def door(clocks=None, *, password=None, tokens=None):
    clocks = clocks or Clocks()
    return Door(
        Limiter(total=10, per_address=10, rate_hz=10.0),
        password=None if password is None else Watched((), lambda: Password(password)),
        tokens=None if tokens is None else Watched((), lambda: tokens_from(tokens, "t")),
        clock=lambda: clocks.monotonic_s,
        calendar=lambda: clocks.unix_s,
    )


def identify(**fields):
    return Identify(protocol=1, client="test/1", **fields)


def proof(meeting, password):
    auth = meeting.auth
    return identify(proof=proof_of(password, salt=auth.salt, challenge=auth.challenge))


def refusal(act):
    with pytest.raises(PeerError) as fault:
        act()
    assert fault.value.closes
    return fault.value.code, fault.value.message


def test_an_open_door_asks_nothing_and_grants_everything():
    open_door = door()
    meeting = open_door.meet(PLACE, bearer="whatever")
    assert meeting.auth.kind == "none"
    assert meeting.admit(identify(proof="ignored", token="ignored")) is ANYBODY
    assert open_door.holds(ANYBODY) and open_door.tells_facts(None)


def test_the_right_password_grants_everything_and_a_wrong_one_nothing():
    locked = door(password="correct horse battery")
    meeting = locked.meet(PLACE, bearer=None)
    assert meeting.auth.kind == "challenge"
    assert meeting.admit(proof(meeting, "correct horse battery")).rights == EVERY
    assert refusal(lambda: meeting.admit(proof(meeting, "wrong"))) == (
        4401,
        "identify.proof: the password is wrong",
    )
    code, text = refusal(lambda: meeting.admit(identify()))
    assert code == 4401 and "found neither proof nor token, wanted identify.proof" in text
    assert refusal(lambda: meeting.admit(identify(token=SPEAKER)))[0] == 4401


def test_a_proof_that_was_overheard_is_worth_nothing_on_another_connection():
    locked = door(password="correct horse battery")
    overheard = proof(locked.meet(PLACE, bearer=None), "correct horse battery")
    assert refusal(lambda: locked.meet(PLACE, bearer=None).admit(overheard))[0] == 4401


@pytest.mark.parametrize("password", [None, "correct horse battery"])
def test_a_token_is_taken_in_the_greeting_and_in_the_header(password):
    locked = door(password=password, tokens=FILE)
    meeting = locked.meet(PLACE, bearer=None)
    assert meeting.auth.kind == ("token" if password is None else "challenge")
    assert meeting.admit(identify(token=SPEAKER)).rights == Right.SPEAK
    shown = locked.meet(PLACE, bearer=WATCHER)
    assert shown.auth.kind == "none"
    assert shown.admit(identify()).name == "watcher"


def test_a_token_that_is_unknown_or_has_ended_is_refused_at_once():
    locked = door(tokens=FILE)
    for token, text in {"a2f_wrong": "not known here", ENDED: "ended has expired"}.items():
        code, message = refusal(partial(locked.meet, PLACE, bearer=token))
        assert (code, message) == (4401, f"bearer token: {text}")
        meeting = locked.meet(PLACE, bearer=None)
        code, message = refusal(partial(meeting.admit, identify(token=token)))
        assert (code, message) == (4401, f"identify.token: {text}")
        assert token not in message
    assert "wanted identify.token" in refusal(lambda: meeting.admit(identify(proof="x")))[1]


def test_the_right_password_lets_in_beside_a_wrong_token():
    locked = door(password="correct horse battery", tokens=FILE)
    meeting = locked.meet(PLACE, bearer=None)
    shown = proof(meeting, "correct horse battery").proof
    assert meeting.admit(identify(proof=shown, token="a2f_old")).rights == EVERY


def test_after_some_wrong_passwords_even_the_right_one_has_to_wait_but_tokens_do_not():
    clocks = Clocks()
    locked = door(clocks, password="correct horse battery", tokens=FILE)

    def attempt(password):
        meeting = locked.meet(PLACE, bearer=None)
        return meeting.admit(proof(meeting, password))

    for _ in range(FREE_FAILURES):
        assert refusal(lambda: attempt("wrong"))[0] == 4401
    code, text = refusal(lambda: attempt("correct horse battery"))
    assert (code, text) == (4429, "too many wrong passwords; retry in 1 s")
    assert locked.meet(PLACE, bearer=SPEAKER).admit(identify()).name == "speaker"
    other = locked.meet("192.0.2.2", bearer=None)
    assert other.admit(proof(other, "correct horse battery")).rights == EVERY
    clocks.monotonic_s += 1.0
    assert attempt("correct horse battery").rights == EVERY


def test_a_client_may_stay_until_its_token_ends_or_is_withdrawn():
    clocks = Clocks()
    locked = door(clocks, password="correct horse battery", tokens=FILE)
    watcher = locked.meet(PLACE, bearer=WATCHER).admit(identify())
    meeting = locked.meet(PLACE, bearer=None)
    owner = meeting.admit(proof(meeting, "correct horse battery"))
    assert locked.holds(watcher) and locked.holds(owner)
    clocks.unix_s += 11.0
    assert not locked.holds(watcher) and locked.holds(owner)
    assert not door(password="correct horse battery", tokens=FILE).holds(owner)
    assert not locked.holds(ANYBODY)


def test_facts_are_for_tokens_of_the_right_admin_only():
    clocks = Clocks()
    locked = door(clocks, tokens=FILE)
    told = [locked.tells_facts(one) for one in (None, "a2f_wrong", SPEAKER, WATCHER, ENDED)]
    assert told == [False, False, False, True, False]
    assert not door(password="correct horse battery").tells_facts(WATCHER)


@pytest.mark.parametrize(
    ("values", "token"),
    [
        ([], None),
        (["Bearer a2f_x"], "a2f_x"),
        (["bearer  a2f_x "], "a2f_x"),
        (["Basic dXNlcjpwYXNz"], None),
        (["Bearer"], ""),
        (["Bearer a", "Bearer b"], None),
    ],
)
def test_the_header_of_a_request_may_have_one_bearer_token(values, token):
    assert bearer_of(values) == token


def make(password_file="", tokens="", **environ):
    return make_door(
        Limiter(total=10, per_address=10, rate_hz=10.0),
        password_file=str(password_file),
        tokens=str(tokens),
        environ=environ,
    )


def test_a_door_is_made_of_files_and_environment(tmp_path):
    file, tokens = tmp_path / "password", tmp_path / "tokens.toml"
    file.write_text("correct horse battery\n")
    tokens.write_text(FILE)
    assert not make().is_locked
    for locked in (make(file), make(A2F_PASSWORD="correct horse battery")):
        meeting = locked.meet(PLACE, bearer=None)
        assert meeting.admit(proof(meeting, "correct horse battery")).rights == EVERY
    assert make(tokens=tokens).meet(PLACE, bearer=None).auth.kind == "token"
    with pytest.raises(ConfigError, match="A2F_PASSWORD and password_file"):
        make(file, A2F_PASSWORD="other")


def test_a_password_that_is_replaced_counts_at_the_next_connection(tmp_path):
    file = tmp_path / "password"
    file.write_text("correct horse battery\n")
    locked = make(file)
    meeting = locked.meet(PLACE, bearer=None)
    owner = meeting.admit(proof(meeting, "correct horse battery"))
    file.write_text("staple gun hammer\n")
    os.utime(file, (1_000, 1_000))
    meeting = locked.meet(PLACE, bearer=None)
    assert meeting.admit(proof(meeting, "staple gun hammer")).rights == EVERY
    assert not locked.holds(owner)


def test_a_password_that_is_missing_is_an_error_and_a_short_one_is_told(tmp_path, caplog):
    with pytest.raises(ConfigError, match="A2F_PASSWORD: found nothing"):
        make(A2F_PASSWORD="")
    with pytest.raises(ConfigError, match="none: cannot be read"):
        make(tmp_path / "none")
    with caplog.at_level(logging.DEBUG):
        make(A2F_PASSWORD="hunter2")
    assert "can be guessed" in caplog.text
    assert "hunter2" not in caplog.text


def test_a_file_without_tokens_is_told_and_lets_nobody_in(tmp_path, caplog):
    file = tmp_path / "tokens.toml"
    file.touch()
    assert make(tokens=file).is_locked
    assert "`a2f-ws token new` makes one" in caplog.text


def test_after_some_wrong_tokens_the_next_wrong_ones_have_to_wait_but_a_right_one_never():
    clocks = Clocks()
    locked = door(clocks, tokens=FILE, password="correct horse battery")

    def attempt(token, **more):
        meeting = locked.meet(PLACE, bearer=None)
        return meeting.admit(identify(token=token, **more))

    for _ in range(FREE_FAILURES):
        assert refusal(lambda: attempt("a2f_wrong"))[0] == 4401
    waiting = (4429, "too many wrong tokens; retry in 1 s")
    assert refusal(lambda: attempt("a2f_wrong")) == waiting
    assert refusal(lambda: locked.meet(PLACE, bearer="a2f_wrong")) == waiting
    assert attempt(SPEAKER).name == "speaker"
    assert locked.meet(PLACE, bearer=SPEAKER).admit(identify()).name == "speaker"
    meeting = locked.meet(PLACE, bearer=None)
    assert meeting.admit(proof(meeting, "correct horse battery")).name == "password"
    clocks.monotonic_s += 1.0
    assert refusal(lambda: attempt("a2f_wrong"))[0] == 4401
    assert refusal(lambda: attempt("a2f_wrong")) == (4429, "too many wrong tokens; retry in 2 s")
