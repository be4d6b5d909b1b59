"""Ranges shared by messages, and the choice of the sub-protocol."""

import pytest

from a2f_ws.wire.fields import JSON, MSGPACK, pick_subprotocol
from a2f_ws.wire.messages import FieldError, check_fps, check_rows


def test_the_first_sub_protocol_of_ours_that_a_client_offers_is_spoken():
    assert pick_subprotocol([MSGPACK, JSON]) == MSGPACK
    assert pick_subprotocol(["chat", JSON, MSGPACK]) == JSON


def test_a_client_that_offers_nothing_gets_msgpack():
    assert pick_subprotocol([]) == MSGPACK


def test_offers_without_one_of_ours_have_no_sub_protocol():
    assert pick_subprotocol(["a2f.v2.msgpack", "A2F.V1.JSON"]) is None


@pytest.mark.parametrize("fps", [[10, 1], [240, 1], [30000, 1001], [2**31 - 1, 2**27], 60, None])
def test_pose_rates_of_10_to_240_pass(fps):
    check_fps(fps)


@pytest.mark.parametrize("fps", [[9, 1], [241, 1], [60, 61], [2**31 - 1, 1]])
def test_pose_rates_beyond_are_refused(fps):
    with pytest.raises(FieldError) as caught:
        check_fps(fps)
    assert caught.value.field == "fps"
    assert str(caught.value) == f"found {fps}, wanted 10 to 240 poses per second"


def test_rows_are_whole_floats_of_equal_number():
    check_rows(b"", 1)
    check_rows(bytes(24), 3)
    with pytest.raises(FieldError, match="found 20 bytes, wanted a multiple of 12"):
        check_rows(bytes(20), 3)
