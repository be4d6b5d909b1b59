"""What goes out in one write."""

from a2f_ws.outbox import Outbox
from a2f_ws.sending import PARCEL_BYTES, parcel_of
from a2f_ws.wire import replies
from a2f_ws.wire.codec import decode, encode
from a2f_ws.wire.greeting import AudioOffer, Auth, Hello, Ready
from a2f_ws.wire.requests import Identify
from a2f_ws.wire.server_protocol import ServerProtocol


def protocol():
    """Of a connection whose client is let in."""
    made = ServerProtocol(is_json=False)
    offer = AudioOffer(formats=("s16le",), rate=(8_000, 48_000), channels_max=1)
    made.send(
        Hello(
            protocol=1, server="s", instance="i", auth=Auth(), models=(), rigs=(), audio=offer,
            capabilities=(), limits={},
        )
    )  # fmt: skip
    made.receive(encode(Identify(protocol=1, client="c"), False))
    made.send(Ready(re=None, connection="c1"))
    return made


def poses(sid, n):
    return replies.Poses(sid=sid, u=1, layout=1, i=0, t_us=0, n=n, data=bytes(272 * n))


def test_what_several_sessions_say_goes_out_together_in_its_order():
    outbox = Outbox()
    said = [poses(1, 2), replies.Ok(re=4), poses(2, 1), poses(3, 3)]
    for message in said:
        outbox.put(message, times=(1.0, 0.5))
    parcel = parcel_of(outbox, protocol())
    assert [one.message for one in parcel] == said
    assert [decode(one.frame, False) for one in parcel] == said
    assert parcel[0].times == (1.0, 0.5)
    assert not len(outbox)


def test_a_parcel_ends_with_the_message_that_fills_it():
    outbox = Outbox()
    for sid in range(9):
        outbox.put(poses(sid, 20))
    parcel = parcel_of(outbox, protocol())
    sizes = [len(one.frame) for one in parcel]
    assert sum(sizes) >= PARCEL_BYTES > sum(sizes[:-1])
    assert len(outbox) == 9 - len(parcel)


def test_an_empty_outbox_gives_an_empty_parcel():
    assert parcel_of(Outbox(), protocol()) == []
