"""What the embedded network does with voices, moods and sounds that are not read prose."""

from functools import cache

import numpy as np
import pytest

from a2f_ws.catalog import Catalog
from a2f_ws.commands.loading import load_catalog
from a2f_ws.inference.bundle import embedded_path
from a2f_ws.names import ARKIT, EMOTIONS, WEIGHTS
from a2f_ws.offline import animate
from a2f_ws.output.speech import SpeechFile
from a2f_ws.timebase import PoseRate
from tests.noises import level, steady
from tests.speech.measure import Clip, Take, bilabials_closed, clips, take, weights
from training.lips import lip_aperture

FPS = 60
SECOND = 16_000
EIGHT_S = np.arange(8 * SECOND) / SECOND
BROWS = [i for i, name in enumerate(WEIGHTS) if name.startswith(("brow", "eye", "cheek", "nose"))]
TONGUE_USED = ("tongueTipUp", "tongueUp", "tongueStretch", "tongueWide", "tongueNarrow", "tongueIn")


@cache
def plain():
    return tuple(take(clip, FPS) for clip in clips())


def changed(change):
    """The five clips with their sound changed."""
    return [take(Clip(c.path, np.float32(change(c.samples)), c.phones), FPS) for c in clips()]


def apertures(takes):
    return np.concatenate([lip_aperture(one.weights) for one in takes])


@cache
def wide():
    """The aperture of a mouth that is wide open."""
    return float(np.percentile(apertures(plain()), 95))


def travel(aperture):
    """How far the lips move in a second, in wide open mouths."""
    return float(np.abs(np.diff(aperture)).mean()) * FPS / wide()


def heard(samples):
    """Lip aperture while something sounds, as a share of a wide open mouth."""
    return lip_aperture(weights(np.float32(samples), FPS)) / wide()


def hum():
    """Somebody agrees without a word, four times."""
    voice = sum(
        np.sin(2 * np.pi * 120 * h * EIGHT_S) / (1 + (h * 120 / 280) ** 3) for h in range(1, 20)
    )
    return level(voice, -22) * np.clip(np.sin(np.pi * (EIGHT_S % 2) / 1.2), 0, 1)


def breath():
    noise = np.random.default_rng(2).standard_normal(len(EIGHT_S))
    hz = np.fft.rfftfreq(len(noise), 1 / SECOND)
    noise = np.fft.irfft(np.fft.rfft(noise) * np.exp(-(((hz - 1500) / 1200) ** 2)), len(noise))
    return level(noise, -38) * np.clip(np.sin(np.pi * EIGHT_S / 1.5), 0, 1)


def melody():
    """A plucked string, four notes a second."""
    note_s, chance = EIGHT_S[: SECOND // 4], np.random.default_rng(0)
    notes = [
        sum(np.sin(2 * np.pi * hz * h * note_s) / h for h in range(1, 8)) * np.exp(-6 * note_s)
        for hz in chance.choice([220, 247, 262, 294, 330, 392, 440], 32)
    ]
    return np.concatenate([level(note, -20) for note in notes])


def chord():
    """Three notes that are held, with a slow beat."""
    tones = sum(
        np.sin(2 * np.pi * hz * h * EIGHT_S) / h for hz in (220, 277, 330) for h in range(1, 6)
    )
    return level(tones * (1 + 0.3 * np.sin(2 * np.pi * 0.7 * EIGHT_S)), -20)


def whispered(samples):
    """The clip with its voice replaced by noise: the envelope of each 40 ms stays."""
    chance, size = np.random.default_rng(3), 640
    window = np.hanning(size)
    hz = np.fft.rfftfreq(1024, 1 / SECOND)
    unvoiced = 1 - np.exp(-((hz / 400) ** 2))
    sound = np.zeros(len(samples))
    for first in range(0, len(samples) - size, size // 2):
        spectrum = np.abs(np.fft.rfft(samples[first : first + size] * window, 1024))
        cepstrum = np.fft.irfft(np.log(spectrum + 1e-6))
        cepstrum[30:-30] = 0
        envelope = np.exp(np.fft.rfft(cepstrum).real) * unvoiced
        noise = np.fft.rfft(chance.standard_normal(size) * window, 1024)
        sound[first : first + size] += np.fft.irfft(noise * envelope, 1024)[:size]
    return 0.1 * sound / np.abs(sound).max()


@cache
def catalog() -> Catalog:
    return load_catalog(str(embedded_path()), [])


@cache
def felt(name, intensity):
    """Faces of the second clip in a mood."""
    with SpeechFile(clips()[1].path) as speech:
        recording = animate(
            speech, catalog(), rate=PoseRate.of(FPS), emotion={name: intensity} if name else {}
        )
    return recording.rows[:, [recording.curves.index(pose) for pose in WEIGHTS]]


@pytest.mark.parametrize("peak_db", [-40, -30, -20, -10, 0])
def test_the_level_changes_neither_closures_nor_movement(peak_db):
    takes = changed(lambda samples: samples / np.abs(samples).max() * 10 ** (peak_db / 20))
    assert bilabials_closed(takes)[0] >= 25
    alike = np.corrcoef(apertures(takes), apertures(plain()))[0, 1]
    assert alike >= 0.95


def test_a_whisper_moves_the_mouth_as_the_voice_does():
    takes = changed(whispered)
    assert np.corrcoef(apertures(takes), apertures(plain()))[0, 1] >= 0.8
    assert bilabials_closed(takes)[0] >= 18


@pytest.mark.parametrize("db", [-50, -35, -20])
@pytest.mark.parametrize("kind", ["white", "pink", "fan"])
def test_the_mouth_rests_in_noise(kind, db):
    assert heard(steady(kind, 8, db=db)).max() <= 0.05


@pytest.mark.parametrize(
    ("sound", "most", "travelled"),
    [(hum, 0.15, 0.2), (breath, 0.6, 0.3), (chord, 0.15, 0.1), (melody, 0.15, 0.1)],
)
def test_the_mouth_does_not_chatter_where_nobody_speaks(sound, most, travelled):
    aperture = heard(sound())
    assert aperture.max() <= most
    assert travel(aperture * wide()) <= travelled
    assert travel(apertures(plain())) >= 3.0


def test_the_mouth_is_closed_in_pauses():
    for one in plain():
        pauses = [p for p in one.phones if p.name == "SIL" and p.end_s - p.start_s >= 0.25]
        for pause in pauses:
            is_inside = (one.times_s > pause.start_s + 0.1) & (one.times_s < pause.end_s - 0.1)
            assert lip_aperture(one.weights)[is_inside].mean() <= 0.05 * wide()


def test_rounding_begins_before_the_sound_that_it_is_for():
    pairs = []
    for one in plain():
        rounding = one.weights[:, [ARKIT.index("mouthPucker"), ARKIT.index("mouthFunnel")]].sum(1)
        for phone in one.phones:
            if phone.name in {"UW", "OW", "W", "AO"} and phone.end_s - phone.start_s > 0.05:
                moments = (phone.start_s - 0.05, 0.5 * (phone.start_s + phone.end_s))
                pairs.append(np.interp(moments, one.times_s, rounding))
    before, within = np.mean(pairs, axis=0)
    assert len(pairs) >= 10
    assert before >= 0.4 * within


def test_the_tongue_moves_and_nothing_blinks():
    rows = np.concatenate([one.weights for one in plain()])
    for name in TONGUE_USED:
        assert rows[:, WEIGHTS.index(name)].max() >= 0.05, name
    assert not rows[:, [WEIGHTS.index("eyeBlinkLeft"), WEIGHTS.index("eyeBlinkRight")]].any()


def test_brows_rise_a_little_with_stress():
    brow = np.concatenate([one.weights for one in plain()])[:, WEIGHTS.index("browInnerUp")]
    assert 0.03 <= brow.max() <= 0.15


@pytest.mark.parametrize("name", EMOTIONS)
def test_a_mood_shows_in_the_upper_face_and_scales(name):
    half, full = (felt(name, x)[:, BROWS] - felt(None, 0)[:, BROWS] for x in (0.5, 1.0))
    assert np.abs(full).max() >= 0.1
    inside = (felt(name, 1.0)[:, BROWS] < 1.0) & (felt(name, 1.0)[:, BROWS] > 0.0)
    assert half[inside] == pytest.approx(0.5 * full[inside], abs=2e-3)


@pytest.mark.parametrize("name", EMOTIONS)
def test_a_mood_does_not_open_closed_lips(name):
    clip, rows = clips()[1], felt(name, 1.0)
    times_s = np.arange(len(rows)) / FPS
    with_mood = bilabials_closed([Take(times_s, rows, clip.phones, clip.samples)])
    rows = felt(None, 0)
    without = bilabials_closed([Take(times_s, rows, clip.phones, clip.samples)])
    assert with_mood[0] >= without[0]


@pytest.mark.parametrize("name", EMOTIONS)
def test_silence_keeps_the_mood(name):
    pauses = [p for p in clips()[1].phones if p.name == "SIL" and p.end_s - p.start_s >= 0.1]
    middle = 0.5 * (pauses[-1].start_s + pauses[-1].end_s)
    row = round(middle * FPS)
    assert np.abs(felt(name, 1.0)[row] - felt(None, 0)[row])[BROWS].max() >= 0.1
