"""Trains: `python -m training.net.train FOLDER NAME --steps 12000 --minutes 60`; resumable.

The learning rate falls with the larger share of steps and minutes that has passed, so that a slow
machine ends in time.
"""

import argparse
import queue
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from training.net.augment import Augment, log_bands, plain_bank, power_spectrum
from training.net.corpus import ON_REQUEST, Batch, Corpus
from training.net.loss import VELOCITY, class_weights, loss, scores
from training.net.model import Mouth
from training.speech.phones import KINDS

BATCH: Final = 32
VALIDATED: Final = 96
"""Stretches of the validation, always the same."""
HIGHEST_RATE, LOWEST_RATE = 2e-3, 1e-5
WARM_STEPS: Final = 200
AVERAGE: Final = 0.999
"""Share of the old average of the weights that stays in each step."""
SAVED_EVERY, VALIDATED_EVERY, REFRESHED_EVERY = 200, 250, 250
SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Plan:
    """What a training is to do.

    Attributes:
        steps: Most steps.
        minutes: Most minutes.
        rate: Highest learning rate.
        velocity: Weight of the error of the steps in the loss.
        after: Name of the run whose averaged weights are the beginning.
        added: Sources of `corpus.ON_REQUEST` that it also learns from.
    """

    steps: int
    minutes: float
    rate: float = HIGHEST_RATE
    velocity: float = VELOCITY
    after: str | None = None
    added: tuple[str, ...] = ()


class Run:
    """One training with everything that it needs to go on after a stop."""

    def __init__(self, folder: Path, name: str, *, plan: Plan) -> None:
        self.path = folder / f"{name}.pt"
        self.plan = plan
        self.corpus = Corpus(folder, "train", added=plan.added)
        self.model, self.average = Mouth(), Mouth()
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=plan.rate, weight_decay=0.01, betas=(0.9, 0.99)
        )
        self.average.load_state_dict(self.model.state_dict())
        self.step, self.elapsed_s = 0, 0.0
        if self.path.is_file():
            self._load()
        elif plan.after is not None:
            state = self._read(folder / f"{plan.after}.pt")
            self.model.load_state_dict(state["average"])
            self.average.load_state_dict(state["average"])
        self.weights = class_weights(self._frequency())
        self.held_out = Corpus(folder, "validate")

    def progress(self) -> float:
        """0 … 1."""
        passed = max(self.step / self.plan.steps, self.elapsed_s / (60.0 * self.plan.minutes))
        return min(passed, 1.0)

    def rate(self) -> float:
        """Learning rate now: a ramp, then half a cosine."""
        cosine = 0.5 + 0.5 * np.cos(np.pi * self.progress())
        ramp = min(self.step / WARM_STEPS, 1.0)
        return float(ramp * (LOWEST_RATE + (self.plan.rate - LOWEST_RATE) * cosine))

    def learn(self, bands: Tensor, batch: Batch) -> float:
        """One step; returns the loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        self.model.train()
        with torch.autocast("cpu", torch.bfloat16):
            output = self.model(bands)
        error = loss(output.float(), batch, weights=self.weights, velocity=self.plan.velocity)
        self.optimizer.zero_grad()
        error.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 2.0)
        self.optimizer.step()
        self.step += 1
        kept = min(AVERAGE, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            pairs = zip(self.average.parameters(), self.model.parameters(), strict=True)
            for mean, new in pairs:
                mean.lerp_(new, 1.0 - kept)
        return float(error.detach())

    def validate(self) -> str:
        """A line of figures from the averaged weights on speech that is not learned from."""
        self.average.eval()
        self.held_out.refresh()
        batch = self.held_out.batch(VALIDATED, np.random.default_rng(1))
        with torch.no_grad():
            power = power_spectrum(torch.from_numpy(batch.sound))
            output = self.average(log_bands(power, plain_bank()))
        found = scores(output, batch, weights=self.weights)
        return (
            f"loss {found.loss:.3f} macro {found.macro:.3f} micro {found.micro:.3f} "
            f"jaw {found.jaw:.3f} seal {found.seal:.3f}"
        )

    def save(self) -> None:
        """Write the state, whole or not at all."""
        half_written = self.path.with_suffix(".part")
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "elapsed_s": self.elapsed_s,
            "added": list(self.plan.added),
        }
        torch.save(state, half_written)
        half_written.replace(self.path)

    def _read(self, path: Path) -> dict[str, Any]:
        """A checkpoint that has learned from nothing that this run may not learn from."""
        state: dict[str, Any] = torch.load(path, weights_only=True)
        unasked = set(state.get("added", ())) - set(self.plan.added)
        if unasked:
            names = ", ".join(sorted(unasked))
            raise ValueError(f"{path}: learned from {names}, wanted --with {names}")
        return state

    def _load(self) -> None:
        state = self._read(self.path)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.elapsed_s = state["step"], state["elapsed_s"]

    def _frequency(self) -> Tensor:
        kinds = self.corpus.batch(200, np.random.default_rng(2)).kinds
        return torch.from_numpy(
            np.bincount(kinds.ravel(), minlength=len(KINDS)) / kinds.size
        ).float()


def prepare(run: Run, ready: "queue.Queue[tuple[Tensor, Batch]]", *, stop: threading.Event) -> None:
    """Draw and change stretches until told to stop; runs in a thread of its own."""
    random, augment = np.random.default_rng(SEED + run.step), Augment(SEED + run.step)
    while not stop.is_set():
        batch = run.corpus.batch(BATCH, random)
        with torch.no_grad():
            bands = augment(torch.from_numpy(batch.sound), torch.from_numpy(batch.speaks))
        while not stop.is_set():
            try:
                ready.put((bands, batch), timeout=0.5)
                break
            except queue.Full:
                continue


def asked() -> tuple[Path, str, Plan]:
    """Folder, name and plan as the command line has them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("name")
    parser.add_argument("--steps", type=int, default=12_000)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=HIGHEST_RATE, help="highest learning rate")
    parser.add_argument("--velocity", type=float, default=VELOCITY, help="weight in the loss")
    parser.add_argument("--after", help="name of the run whose weights are the beginning")
    parser.add_argument(
        "--with", dest="added", action="append", default=[], choices=sorted(ON_REQUEST),
        help="also learn from this source; the weights come under its licence's conditions",
    )  # fmt: skip
    found = parser.parse_args()
    added = tuple(found.added)
    plan = Plan(found.steps, found.minutes, found.rate, found.velocity, found.after, added)
    return found.folder, found.name, plan


def main() -> int:
    """Train until the steps or the minutes are over."""
    folder, name, plan = asked()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    run = Run(folder, name, plan=plan)
    print({source: round(m) for source, m in run.corpus.minutes().items()}, flush=True)
    ready: queue.Queue[tuple[Tensor, Batch]] = queue.Queue(3)
    stop = threading.Event()
    thread = threading.Thread(target=prepare, args=(run, ready), kwargs={"stop": stop}, daemon=True)
    thread.start()
    recent: list[float] = []
    while run.progress() < 1.0:
        start_s = time.monotonic()
        bands, batch = ready.get()
        recent.append(run.learn(bands, batch))
        run.elapsed_s += time.monotonic() - start_s
        if run.step % REFRESHED_EVERY == 0:
            run.corpus.refresh()
        if run.step % VALIDATED_EVERY == 0:
            mean = np.mean(recent[-VALIDATED_EVERY:])
            print(
                f"{run.step} {run.elapsed_s / 60:.1f} min, {mean:.3f}; {run.validate()}", flush=True
            )
        if run.step % SAVED_EVERY == 0:
            run.save()
    run.save()
    stop.set()
    print(f"end {run.step}: {run.validate()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
