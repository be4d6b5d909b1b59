"""Whatever a client does while its voice is heard: utterances are told as without that."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from a2f_ws.inference.emotion_bundle import load_emotion_bundle
from a2f_ws.recognizer import EmotionOptions, Recognizer
from tests.core.desk import Desk
from tests.core.test_life import BUNDLE, WHO, Client, Life
from tests.data.emotion_bundles import logits_of, write_emotion
from tests.fakes import FakeClassifier, scripted_pipeline

with tempfile.TemporaryDirectory() as folder:
    MOODS = load_emotion_bundle(write_emotion(Path(folder) / "moods"))

WINDOWS = st.sampled_from([(0, None), (5_000, 0), (60_000, 30)])


class HeardLife(Life):
    """The same life with a recognizer that answers when it likes."""

    @initialize(window=WINDOWS)
    def begin(self, window):
        samples, skip = window
        options = EmotionOptions(window_samples=samples, inferences_to_skip=skip)
        recognizer = Recognizer(MOODS, FakeClassifier(logits_of), options=options)
        self.desk = Desk(scripted_pipeline(BUNDLE), max_batch=7, recognizer=recognizer)
        self.clients = [
            Client(self.desk, 1, pacing="live"),
            Client(self.desk, 2, pacing="burst"),
        ]
        self.begun = 0

    @rule(hears=st.booleans())
    def listen(self, hears):
        self.desk.hears = hears

    @rule(who=WHO, is_on=st.booleans(), strength=st.floats(0, 1))
    def change(self, who, is_on, strength):
        params = {"emotion_recognition": float(is_on), "emotion_strength": strength}
        self.desk.set(sid=self.clients[who].sid, params=params)

    @rule(who=WHO)
    def fail(self, who):
        voice = self.desk.sessions._voices[self.clients[who].sid]
        listeners = self.desk.hall.running._listening._listeners
        if voice in listeners:
            listeners[voice].fail("on purpose")

    def teardown(self):
        if hasattr(self, "desk"):
            self.desk.hears = True
        super().teardown()
        if hasattr(self, "desk"):
            assert self.desk.ears.scheduler.waiting == 0


HeardLife.TestCase.settings = settings(max_examples=60, stateful_step_count=50)
test_utterances_are_told_as_without_recognition = HeardLife.TestCase
