"""A server with a password and tokens, and what its clients show."""

import os
from datetime import UTC, datetime, timedelta

from a2f_ws.security.rights import EVERY, Right
from a2f_ws.security.tokens import entry, new_token
from a2f_ws.wire.proof import proof_of

PASSWORD = "correct horse battery"
SPEAKER, WATCHER, ENDED, OWNER = (new_token() for _ in range(4))
PAST, FUTURE = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))
ENTRIES = {
    "speaker": entry(SPEAKER, name="speaker", rights=Right.SPEAK, expires=FUTURE),
    "watcher": entry(WATCHER, name="watcher", rights=Right.WATCH, expires=None),
    "ended": entry(ENDED, name="ended", rights=EVERY, expires=PAST),
    "owner": entry(OWNER, name="owner", rights=EVERY, expires=None),
}


def bearer(token):
    return {"additional_headers": {"Authorization": f"Bearer {token}"}}


async def shown(one, **fields):
    """Answer `hello` with these fields."""
    await one.send("identify", protocol=1, client="raw/1", **fields)


async def proven(one, password):
    """Answer the challenge of `hello`; gives the proof."""
    auth = (await one.until("hello"))["auth"]
    assert auth["kind"] == "challenge"
    proof = proof_of(password, salt=auth["salt"], challenge=auth["challenge"])
    await shown(one, proof=proof)
    return proof


def rewrite(file, *names):
    """Another set of tokens, later than the one before."""
    later = file.stat().st_mtime + 10
    file.write_text("\n".join(ENTRIES[name] for name in names))
    os.utime(file, (later, later))
