"""What windows hear of a microphone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.audio.gain import CEILING
from a2f_ws.audio.microphone import FADE, LEAD, Microphone, Room
from a2f_ws.audio.spectrum import BLOCK
from a2f_ws.errors import MisuseError
from tests.noises import steady, vowel, words

WINDOW = 8_320


def listening(samples, *, start=0, room=None):
    microphone = Microphone(room or Room())
    microphone.begin(start)
    microphone.hear(samples)
    return microphone


def shaped(samples, end, *, start=0, chunks=(10_000,)):
    """The window that ends at a sample, of what was heard up to there."""
    microphone = listening(samples[:0], start=start)
    at, k = start, 0
    while at < end:
        until = min(end, at + chunks[k % len(chunks)])
        microphone.hear(samples[at - start : until - start])
        at, k = until, k + 1
    padded = np.concatenate([np.zeros(WINDOW, np.float32), samples[: end - start]])
    return microphone.shape(padded[-WINDOW:].copy(), end - WINDOW)


def room_with(sound, *, at, seconds=4.0, db=-60):
    samples = steady("pink", seconds, db=db)
    samples[at : at + len(sound)] += sound
    return samples


@given(
    end=st.integers(1, 40_000),
    start=st.sampled_from([0, 1, 159, 160, 12_345]),
    chunks=st.lists(st.integers(1, 9_000), min_size=1, max_size=5),
)
def test_any_chunks_give_the_same_bits(end, start, chunks):
    samples = words(5) + steady("pink", 2.5, db=-60)
    end += start
    whole = shaped(samples, end, start=start)
    assert shaped(samples, end, start=start, chunks=chunks).tobytes() == whole.tobytes()


def test_a_window_is_the_same_whatever_was_heard_after_it():
    samples = room_with(vowel(1.0), at=32_000)
    end = 32_640
    alone = shaped(samples, end)
    microphone = listening(samples)
    later = microphone.shape(samples[end - WINDOW : end].copy(), end - WINDOW)
    end_block = end // BLOCK * BLOCK
    assert end_block == end
    assert later.tobytes() == alone.tobytes()


def test_a_quiet_room_is_silence():
    samples = steady("pink", 4, db=-50)
    microphone = listening(samples)
    for first in range(16_000, 48_000, 1_111):
        window = microphone.shape(samples[first : first + WINDOW].copy(), first)
        assert not window.any()


def test_what_comes_up_to_250_ms_before_the_voice_is_heard_as_soon_as_the_voice_is():
    samples = room_with(vowel(1.0), at=32_000)
    opened = next(end for end in range(32_000, 33_600, BLOCK) if listening(samples[:end]).is_open)
    assert opened - 32_000 <= 5 * BLOCK
    window = shaped(samples, opened)
    first = int(np.flatnonzero(window)[0])
    heard_from = opened - WINDOW + first
    assert heard_from == opened - (LEAD + 2) * BLOCK
    kept = slice(first + BLOCK, WINDOW)
    assert np.array_equal(window[kept], samples[opened - WINDOW :][kept])


def test_a_voice_at_its_level_is_not_changed():
    samples = np.concatenate([vowel(2.0), np.zeros(BLOCK, np.float32)])
    window = shaped(samples, 32_000)
    assert np.abs(window - samples[32_000 - WINDOW : 32_000]).max() < 0.02


def test_it_closes_in_a_straight_line_of_100_ms():
    samples = room_with(vowel(0.5), at=32_000, seconds=6)
    microphone = listening(samples)
    first = 40_000
    window = microphone.shape(np.full(WINDOW, 0.1, np.float32), first)
    falling = np.flatnonzero((window > 0) & (window < 0.0999))
    assert len(falling) == pytest.approx(FADE * BLOCK, abs=BLOCK)
    assert np.abs(np.diff(window)).max() < 0.1 / (FADE - 1) / BLOCK * 1.2
    assert not window[falling[-1] + 1 :].any()


@pytest.mark.parametrize("peak", [1.0, 3.0, 16.0])
def test_nothing_that_is_heard_passes_full_scale(peak):
    samples = vowel(3.0)
    samples[20_000:24_000] *= peak / np.abs(samples).max()
    microphone = listening(samples)
    for first in range(15_000, 38_000, 517):
        window = microphone.shape(samples[first : first + WINDOW].copy(), first)
        whole = (first + WINDOW) // BLOCK * BLOCK - first
        assert np.abs(window[:whole]).max() <= CEILING + 1e-5
        assert np.abs(window).max() <= 1.0


def test_a_quiet_and_a_loud_voice_are_heard_alike():
    def late(db):
        samples = vowel(12.0, db=db)
        return shaped(samples, len(samples))

    assert np.abs(late(-36.0) - late(-14.0)).max() < 0.01


def test_the_end_is_heard_to_its_last_sample():
    samples = vowel(1.0)[:-77]
    microphone = listening(samples)
    microphone.close()
    microphone.close()
    window = np.concatenate([samples, np.zeros(WINDOW, np.float32)])[-WINDOW - 8_000 : -8_000]
    heard = microphone.shape(window.copy(), len(samples) - 8_000 + 8_000 - len(window) + 8_000)
    assert heard.any()
    with pytest.raises(MisuseError, match="after the end"):
        microphone.hear(samples)


def test_windows_that_were_dropped_cannot_be_heard_again():
    microphone = listening(vowel(2.0))
    microphone.drop_before(16_000)
    microphone.shape(np.zeros(WINDOW, np.float32), 16_000)
    with pytest.raises(MisuseError, match="dropped"):
        microphone.shape(np.zeros(WINDOW, np.float32), 15_000)


def test_it_goes_on_elsewhere_with_the_room_it_knows():
    noise = steady("white", 6, db=-30)
    microphone = listening(noise[:64_000])
    microphone.begin(10_000_003)
    microphone.hear(noise[64_000:])
    assert not microphone.is_open
    window = microphone.shape(noise[-WINDOW:].copy(), 10_000_003 + len(noise) - 64_000 - WINDOW)
    assert not window.any()


def test_memory_stays_as_it_is():
    microphone = Microphone(Room())
    second = words(2)
    for k in range(120):
        microphone.hear(second)
        microphone.drop_before((k - 1) * len(second))
    assert microphone.memory_bytes <= 2 * 65_536
