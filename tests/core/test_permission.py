"""What is refused for want of a right, and where models are read only."""

import pytest

from a2f_ws.errors import PeerError
from a2f_ws.hall.permission import check_open
from a2f_ws.security.rights import ANYBODY, Grant, Right
from a2f_ws.wire import replies
from a2f_ws.wire.messages import AudioFormat
from a2f_ws.wire.requests import Open
from tests.core.desk import Desk, of
from tests.fakes import mesh_pipeline

AUDIO = AudioFormat(format="f32le", rate=16_000)
TABLE = {"title": "mine", "source": "me", "curves": {"aa": {"jawOpen": 1.0}}}
MASK = {"input_strength": 2.0}  # as a face mask in `MeshPipeline`


def asked(role="speak", **fields):
    """An `open` in this role."""
    how = {"name": "stage"} if role == "watch" else {"audio": AUDIO}
    return Open(sid=1, rig="arkit", fps=60, role=role, **how, **fields)


@pytest.mark.parametrize(
    ("right", "role", "is_allowed"),
    [
        (Right.SPEAK, "speak", True),
        (Right.SPEAK, "watch", False),
        (Right.WATCH, "speak", False),
        (Right.WATCH, "watch", True),
        (Right.INTERRUPT | Right.ADMIN, "speak", False),
        (Right.INTERRUPT | Right.ADMIN, "watch", False),
    ],
)
def test_a_session_wants_the_right_of_its_role(right, role, is_allowed):
    message = asked(role=role)
    grant = Grant(name="one", rights=right)
    if is_allowed:
        check_open(message, grant, is_read_only=True)
        return
    with pytest.raises(PeerError) as refused:
        check_open(message, grant, is_read_only=False)
    assert (refused.value.code, refused.value.field) == (4403, "role")


def test_a_table_of_a_client_is_refused_where_models_are_read_only():
    message = asked(table=TABLE)
    check_open(message, ANYBODY, is_read_only=False)
    with pytest.raises(PeerError) as refused:
        check_open(message, ANYBODY, is_read_only=True)
    assert (refused.value.code, refused.value.field) == (4403, "table")


@pytest.mark.parametrize("is_read_only", [False, True])
def test_another_face_mask_is_refused_where_models_are_read_only(bundle, is_read_only):
    desk = Desk(mesh_pipeline(bundle), read_only_models=is_read_only)
    desk.open(sid=1, params=MASK)
    desk.open(sid=2)
    desk.set(sid=2, params=MASK)
    desk.read()
    refused = [(one.sid, one.code, one.field) for one in of(desk.log, replies.Error)]
    assert refused == ([(1, 4403, "params"), (2, 4403, "params")] if is_read_only else [])
