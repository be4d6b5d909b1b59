"""The worker of a model, without its thread."""

from collections import deque

from a2f_ws.batching.governor import Governor, Pressure
from a2f_ws.batching.scheduler import Scheduler

TICKS = 20
"""In a second of a desk."""


class Hand:
    """Works through a scheduler like the worker, one batch whenever it is told to.

    Attributes:
        busy: What it was said to be, or the share of the last second that its windows would cost, a
            quarter where they cost nothing.
    """

    def __init__(self, pipeline, *, max_batch):
        self.scheduler = Scheduler(max_batch=max_batch, cost_s=pipeline.cost_s)
        blocks = getattr(getattr(pipeline, "bundle", None), "blocks", None)
        self.governor = Governor(fixed_hz=None if blocks is None else blocks.rate.hz)
        self.said_cost_s = pipeline.cost_s
        self._pipeline = pipeline
        self._jobs = deque()
        self._busy, self._now, self._worked = None, 0.0, deque([0] * TICKS, maxlen=TICKS)

    @property
    def busy(self):
        worked = min(1.0, sum(self._worked) * self.said_cost_s) if self.said_cost_s else 0.25
        return worked if self._busy is None else self._busy

    @busy.setter
    def busy(self, share):
        self._busy = share

    @property
    def pressure(self):
        return Pressure(self.scheduler.cost_s, is_late=self.scheduler.is_late)

    def add(self, voice, window, *, due, now, work=1):
        self.scheduler.add(voice, window, due=due, now=now, work=work)

    def begin(self, now):
        """Take a batch, as the thread does when it is free; False without work."""
        batch = self.scheduler.take(now=now)
        if now > self._now:
            self._now = now
            self._worked.append(0)
        self._worked[-1] += len(batch)
        cuts = [(voice, window, voice.cut(window)) for voice, window in batch]
        self._jobs.append([job for job in cuts if job[2] is not None])
        return bool(batch)

    def complete(self):
        """Hand out the faces of the oldest batch that was begun."""
        jobs = self._jobs.popleft()
        if not jobs:
            return
        faces = self._pipeline.run([cut for _, _, cut in jobs])
        for voice in dict.fromkeys(voice for voice, _, _ in jobs):
            mine = [k for k, job in enumerate(jobs) if job[0] is voice]
            voice.take_faces([jobs[k][1] for k in mine], faces[mine])
