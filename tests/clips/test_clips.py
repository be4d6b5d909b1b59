"""Clip files: what stands in the vectors, refused ones, and how a clip plays."""

from hashlib import sha256

import msgspec
import numpy as np
import pytest

from a2f_ws.client import open_clip
from a2f_ws.clips.clip import Clip
from a2f_ws.errors import ConfigError, PeerError
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.wire.clip import CLIP_BYTES, FRAME_BYTES, HEADER, MAGIC, frames
from tests.wire.conftest import VECTORS, blocks_of


def cases(file):
    found = [case for case in blocks_of(VECTORS / "clips") if case[0].startswith(f"{file}:")]
    assert found
    return [pytest.param(*case[1:], id=case[0]) for case in found]


def content_of(words):
    return bytes.fromhex(words["hex"])


def plain(message):
    built = msgspec.to_builtins(message, builtin_types=(bytes,))
    return {key: value for key, value in built.items() if value is not None}


def listed(value):
    """The same with lists for tuples."""
    if isinstance(value, dict):
        return {key: listed(one) for key, one in value.items()}
    return [listed(one) for one in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize(("words", "fields"), cases("clips"))
def test_a_clip_holds_what_its_vector_says(words, fields):
    clip = Clip(content_of(words))
    assert listed(plain(clip.head)) == fields["head"]
    assert listed(plain(clip.opened)) == fields["opened"]
    assert clip.rest.tolist() == fields["rest"]
    assert clip.rows.tolist() == fields["rows"]
    for name in ("first", "start_us", "sound_end_us", "end_us"):
        assert getattr(clip, name) == fields[name]
    assert [pose.t_us for pose in clip] == [
        clip.rate.t_us(clip.first + k) for k in range(len(clip.rows))
    ]


@pytest.mark.parametrize(("words", "fields"), cases("clips"))
def test_a_player_shows_of_a_clip_what_its_vector_says(words, fields):
    player = Clip(content_of(words)).player()
    for sample in fields["samples"]:
        row = player.sample(1, sample["play_us"], now_us=sample["now_us"])
        assert player.state.value == sample["state"]
        assert row.tolist() == pytest.approx(sample["row"], abs=1e-5)


@pytest.mark.parametrize(("words", "fields"), cases("refused"))
def test_a_file_that_is_no_clip_is_refused_in_words(words, fields):
    with pytest.raises(PeerError) as caught:
        Clip(content_of(words))
    assert "found" in caught.value.message or "cut off" in caught.value.message


@pytest.fixture
def content():
    return content_of(cases("clips")[0].values[0])


def test_a_clip_that_ends_anywhere_is_refused_and_none_is_taken_for_whole(content):
    for size in range(len(content)):
        with pytest.raises(PeerError):
            Clip(content[:size])


def test_a_damaged_file_is_told_with_its_name(tmp_path, content):
    path = tmp_path / "line.a2fclip"
    path.write_bytes(content[:-9])
    with pytest.raises(ConfigError, match=r"line\.a2fclip: not a clip that can be played: .*cut"):
        open_clip(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        open_clip(tmp_path / "gone.a2fclip")


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.a2fclip"
    with path.open("wb") as file:
        file.truncate(CLIP_BYTES + 1)
    with pytest.raises(ConfigError, match="wanted at most"):
        open_clip(path)


def test_a_frame_that_claims_more_than_there_is_costs_nothing():
    claim = MAGIC + HEADER.pack(0xC6, FRAME_BYTES)
    with pytest.raises(PeerError, match="cut off"):
        list(frames(claim))


def test_rows_of_a_clip_cannot_be_changed_by_accident(content):
    clip = Clip(content)
    with pytest.raises(ValueError, match="read-only"):
        clip.rows[0, 0] = 1.0


def test_two_clips_play_one_behind_the_other_in_one_player(content):
    clip, player = Clip(content), PosePlayer()
    clip.feed(player, u=1)
    player.sample(1, 0, now_us=0)
    first = player.sample(1, 100_000, now_us=100_000)
    clip.feed(player, u=2)
    player.sample(2, 0, now_us=900_000)
    again = player.sample(2, 100_000, now_us=1_000_000)
    assert np.array_equal(first, again)
    assert first[0] > 0


def test_behind_its_end_a_clip_shows_its_rest_row(content):
    clip = Clip(content)
    player = clip.player()
    player.sample(1, clip.end_us + 1, now_us=0)
    row = player.sample(1, clip.end_us + 400_000, now_us=400_000)
    assert row.tolist() == pytest.approx(clip.rest.tolist(), abs=1e-6)


def test_a_clip_knows_its_own_sound_by_its_hash(content):
    clip = Clip(content)
    assert clip.head.sound.hash == sha256(bytes(3_200)).digest()
    assert clip.is_of(bytes(3_200))
    assert not clip.is_of(bytes(3_202))
