"""What a connection is refused for want of a right, or since models are read only."""

from a2f_ws.errors import PeerError
from a2f_ws.security.rights import Grant, Right, names_of
from a2f_ws.session.setup import Setup
from a2f_ws.wire.codes import Code
from a2f_ws.wire.requests import Open


def check_open(message: Open, grant: Grant, *, is_read_only: bool) -> None:
    """Refuse a session that the client has no right to.

    Args:
        message: What it asks for.
        grant: What it may do.
        is_read_only: Clients bring no tables of their own.

    Raises:
        PeerError: 4403.
    """
    wanted = Right.SPEAK if message.role == "speak" else Right.WATCH
    if not grant.may(wanted):
        text = f"role: found {message.role!r}, wanted what the token allows: "
        raise PeerError(Code.NOT_PERMITTED, text + names_of(grant.rights), field="role")
    if is_read_only and message.table is not None:
        text = "table: this server takes no rig tables of clients, wanted `rig` with a name"
        raise PeerError(Code.NOT_PERMITTED, text, field="table")


def check_setup(new: Setup, *, is_read_only: bool) -> None:
    """Refuse face parameters for which the model would have to be worked through anew.

    Args:
        new: Settings of a session, asked for.
        is_read_only: The server forbids it.

    Raises:
        PeerError: 4403.
    """
    if is_read_only and not new.is_prepared:
        text = "params: another face mask than the model's own is not prepared here"
        raise PeerError(Code.NOT_PERMITTED, text, field="params")
