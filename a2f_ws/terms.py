"""What `hello` says of this server beside its models and rigs."""

from a2f_ws.session.hearing import GAP_US, UTTERANCES_MAX
from a2f_ws.settings import Settings
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.wire.counting import VALUES_MAX
from a2f_ws.wire.fields import HAVE_NAMES, NAME_CHARS
from a2f_ws.wire.server_protocol import STRANGER_BYTES


def limits(settings: Settings) -> dict[str, int]:
    """What `hello.limits` says."""
    return {
        "message_bytes": settings.message_bytes,
        "stranger_bytes": STRANGER_BYTES,
        "values": VALUES_MAX,
        "credit_us": round(settings.credit_s * MICROSECONDS),
        "gap_us": GAP_US,
        "utterances": UTTERANCES_MAX,
        "sessions": settings.sessions_per_connection,
        "outbox_bytes": settings.outbox_bytes,
        "handshake_us": round(settings.handshake_s * MICROSECONDS),
        "liveness_us": round(settings.liveness_s * MICROSECONDS),
        "name_chars": NAME_CHARS,
        "have_names": HAVE_NAMES,
    }


def features(settings: Settings, *, has_tls: bool) -> dict[str, list[str]]:
    """Capabilities that a connection has beyond those of the models, and those it lacks."""
    has_cache = settings.cache_bytes > 0
    more = ["metrics", *["tls"] * has_tls, *["cache"] * has_cache]
    return {"more": more, "less": ["table"] * settings.read_only_models}
