"""Who computes for a server: workers for each model, one for voices, one for meshes."""

from typing import Final

from a2f_ws.batching.pool import Pool
from a2f_ws.batching.worker import Measure, Worker
from a2f_ws.catalog import Catalog
from a2f_ws.errors import ConfigError
from a2f_ws.metrics import Metrics
from a2f_ws.model import Model
from a2f_ws.pipeline import Pipeline
from a2f_ws.session.windows import Window
from a2f_ws.settings import Settings
from a2f_ws.shaping.cut import Cut, work_of
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.work.listening import Recognition
from a2f_ws.work.running import Workers
from a2f_ws.work.unfolding import ONE_BY_ONE, Unfolder, unfold

LEAST_CREDIT_S: Final = 1.5
"""Audio beyond what a window needs that a client may send: credit is told by the second (ours)."""

EAR: Final = "audio2emotion"
"""What the metrics call the recognition of emotion, beside the names of models."""

MESHES: Final = "meshes"
"""What they call the unfolding of meshes."""


def workers_of(catalog: Catalog, metrics: Metrics) -> Workers:
    """Who computes, by the names of the models."""
    return {
        name: Pool(
            [
                _worker(pipeline, metrics.of_worker(name), number=k)
                for k, pipeline in enumerate(model.pipelines)
            ]
        )
        for name, model in catalog.served.items()
    }


def retire_guests(pool: Pool[Window, Cut], model: Model) -> None:
    """Place no new sessions with workers whose own GPU is lost: what computes is another one's."""
    pairs = zip(pool.workers, model.pipelines, strict=True)
    pool.retire(worker for worker, pipeline in pairs if pipeline.is_guest)


def _worker(pipeline: Pipeline, measure: Measure, *, number: int) -> Worker[Window, Cut]:
    blocks = pipeline.bundle.blocks
    return Worker(
        pipeline.run,
        max_batch=pipeline.backend.max_batch,
        cost_s=pipeline.cost_s,
        measure=measure,
        work_of=work_of,
        fixed_hz=None if blocks is None else blocks.rate.hz,
        name=f"a2f-backend-{number}",
    )


def recognition_of(catalog: Catalog, settings: Settings, *, metrics: Metrics) -> Recognition | None:
    """Who hears the emotion of voices, for all models.

    Raises:
        ConfigError: Burst sessions would wait for audio that they have no credit to send.
    """
    check_credit(catalog, settings)
    recognizer = catalog.recognizer
    if recognizer is None:
        return None
    return Worker(
        recognizer.run,
        max_batch=recognizer.max_batch,
        cost_s=recognizer.cost_s,
        measure=metrics.of_worker(EAR),
    )


def unfolder_of(catalog: Catalog, metrics: Metrics) -> Unfolder | None:
    """Who unfolds meshes for all models, so that no pose waits for one; None = none has any."""
    if not any(model.pipeline.has_mesh for model in catalog.models.values()):
        return None
    return Worker(unfold, max_batch=ONE_BY_ONE, measure=metrics.of_worker(MESHES), name="a2f-mesh")


def check_credit(catalog: Catalog, settings: Settings) -> None:
    """Refuse a credit with which blocks or a recognizer could not hear far enough.

    Raises:
        ConfigError: Burst sessions would wait for audio that they have no credit to send.
    """
    for model in catalog.models.values():
        blocks, reach_s = model.bundle.blocks, model.look_ahead_us / MICROSECONDS
        if blocks is None and model.pace is None:
            continue
        block_s = 0.0 if blocks is None else 1.0 / blocks.rate.hz
        if model.pace is not None:
            reach_s = max(reach_s, block_s + model.pace.reach_s)
        least_s = LEAST_CREDIT_S + reach_s
        if settings.credit_s < least_s:
            raise ConfigError(
                f"credit_s: found {settings.credit_s:g}, wanted at least {least_s:.1f} with what"
                f" model {model.name!r} and Audio2Emotion hear ahead"
            )
