"""`a2f-ws livelink`: what is said in one place, on a screen at another."""

import os
import signal
import socket
import sys
import threading

import numpy as np
import pytest
from pylivelinkface import FaceBlendShape, PyLiveLinkFace

from tests.live.elsewhere import WAIT_S, Place, run


@pytest.fixture
def place(scripted):
    place = Place(scripted)
    yield place
    place.stop()


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    """A terminal in which no line is broken."""
    monkeypatch.setenv("COLUMNS", "300")


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be sent a Ctrl+C of its own")
def test_a_session_elsewhere_is_shown_to_unreal_until_ctrl_c(capsys, place):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unreal:
        unreal.bind(("127.0.0.1", 0))
        unreal.settimeout(WAIT_S)
        target = f"127.0.0.1:{unreal.getsockname()[1]}"
        jaw = []

        def look():
            while not (jaw and max(jaw) > 0.4 and max(jaw[-20:]) == 0.0):
                _, face = PyLiveLinkFace.decode(unreal.recv(1_000))
                jaw.append(face.get_blendshape(FaceBlendShape.JawOpen))
                assert face.name == "Ann"
            os.kill(os.getpid(), signal.SIGINT)

        looking = threading.Thread(target=look)
        looking.start()
        speaking = place.do(place.speak(0.0))
        words = ("livelink", target, "--watch", "hall", "--url", place.server.url)
        code, err = run(capsys, *words, "--subject", "Ann")
        looking.join(WAIT_S)
        speaking.result(WAIT_S)
    assert code == 0, err
    assert f"hall at {place.server.url}" in err  # who comes first, speaker or watcher, is open
    assert f" is Ann at {target}; Ctrl+C ends it" in err
    assert len(np.unique(jaw)) > 15


def test_what_livelink_cannot_do_is_told_in_one_line(capsys, place):
    words = ("livelink", "--watch", "hall", "--url")
    code, err = run(capsys, *words, "ws://127.0.0.1:1")
    assert (code, "no a2f-ws server answers there" in err) == (2, True)
    code, err = run(capsys, *words, place.server.url, "--livelink-angles", "turns")
    assert (code, "turns: wanted one of radians, degrees, half_turns" in err) == (2, True)
    code, err = run(capsys, "livelink", "x:y", "--watch", "hall")
    assert (code, "'x:y': wanted HOST:PORT" in err) == (2, True)
