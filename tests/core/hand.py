"""The worker of a model, without its thread."""

from collections import deque

from a2f_ws.batching.governor import Governor
from a2f_ws.batching.scheduler import Scheduler


class Hand:
    """Works through a scheduler like the worker, one batch whenever it is told to."""

    busy = 0.25

    def __init__(self, pipeline, *, max_batch):
        self.scheduler = Scheduler(max_batch=max_batch, cost_s=pipeline.cost_s)
        blocks = getattr(getattr(pipeline, "bundle", None), "blocks", None)
        self.governor = Governor(fixed_hz=None if blocks is None else blocks.rate.hz)
        self.said_cost_s = pipeline.cost_s
        self._pipeline = pipeline
        self._jobs = deque()

    def add(self, voice, window, *, due, now, work=1):
        self.scheduler.add(voice, window, due=due, now=now, work=work)

    def begin(self, now):
        """Take a batch, as the thread does when it is free; False without work."""
        batch = self.scheduler.take(now=now)
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
