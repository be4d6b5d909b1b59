"""Who computes for a server: a worker for each model, one for voices, one for meshes."""

from typing import Final

from a2f_ws.batching.worker import Worker
from a2f_ws.catalog import Catalog
from a2f_ws.errors import ConfigError
from a2f_ws.metrics import Metrics
from a2f_ws.session.windows import Window
from a2f_ws.settings import Settings
from a2f_ws.shaping.cut import Cut
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
        name: Worker[Window, Cut](
            model.pipeline.run,
            max_batch=model.pipeline.backend.max_batch,
            cost_s=model.pipeline.cost_s,
            measure=metrics.of_worker(name),
        )
        for name, model in catalog.served.items()
    }


def recognition_of(catalog: Catalog, settings: Settings, *, metrics: Metrics) -> Recognition | None:
    """Who hears the emotion of voices, for all models.

    Raises:
        ConfigError: Burst sessions would wait for audio that they have no credit to send.
    """
    recognizer = catalog.recognizer
    if recognizer is None:
        return None
    check_credit(catalog, settings)
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
    """Refuse a credit with which a recognizer could not hear far enough.

    Raises:
        ConfigError: Burst sessions would wait for audio that they have no credit to send.
    """
    if catalog.recognizer is None:
        return
    for model in catalog.models.values():
        least_s = LEAST_CREDIT_S + (0.0 if model.pace is None else model.pace.reach_s)
        if settings.credit_s < least_s:
            raise ConfigError(
                f"credit_s: found {settings.credit_s:g}, wanted at least {least_s:.1f} with the"
                " windows of Audio2Emotion"
            )
