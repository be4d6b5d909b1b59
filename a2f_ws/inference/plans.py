"""The TensorRT engine of a bundle: kept from an earlier start, or built."""

from dataclasses import dataclass
from pathlib import Path

from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.gpu import Gpu
from a2f_ws.inference.onnx_precision import precision_of
from a2f_ws.inference.plan_cache import Key, PlanCache, digest_of
from a2f_ws.inference.plan_profile import MOST, profile_of
from a2f_ws.inference.tensorrt_build import TURING, Progress, build_plan
from a2f_ws.inference.tensorrt_library import Library


@dataclass(frozen=True, slots=True)
class Plan:
    """A serialised engine.

    Attributes:
        content: Of the file.
        path: The file.
        precision: Of the network.
        was_kept: True when nothing had to be built.
    """

    content: bytes
    path: Path
    precision: str
    was_kept: bool


class Plans:
    """Engines of bundles for one library and one card."""

    def __init__(
        self,
        library: Library,
        gpu: Gpu | None,
        *,
        cache: PlanCache,
        most: int = MOST,
        progress: Progress | None = None,
    ) -> None:
        """Prepare.

        Args:
            library: What builds and runs them.
            gpu: The card, which has to be current while one is built; None = none in particular,
                for which TensorRT for RTX alone can build.
            cache: Where they are kept.
            most: Rows beyond which nobody will ask.
            progress: Told how far a build is.

        Raises:
            ModelError: TensorRT cannot build for a card that is not there.
        """
        if gpu is None and not library.is_rtx:
            raise ModelError(f"{library.title} builds engines only on the card that runs them")
        self._library, self._gpu, self._cache = library, gpu, cache
        self._most, self._progress = most, progress

    def find(self, bundle: Bundle) -> Plan:
        """The engine of a bundle: of NVIDIA's own file where that is all there is, else ours.

        Raises:
            ModelError: It cannot be built, read or kept.
        """
        path = bundle.network
        if path.suffix == ".trt":
            try:
                return Plan(path.read_bytes(), path, "as built", was_kept=True)
            except OSError as fault:
                raise ModelError(f"{path}: cannot be read: {fault.strerror or fault}") from fault
        key = self._key(bundle)
        is_built = False

        def build() -> bytes:
            nonlocal is_built
            is_built = True
            return build_plan(
                self._library,
                bundle,
                profile=profile_of(bundle, most=self._most),
                capability=None if self._gpu is None else self._gpu.capability,
                timing=self._cache.timing(key),
                keep=self._cache.keep,
                progress=self._progress,
            )

        content = self._cache.get(key, build)
        return Plan(content, self._cache.path(key), key.precision, was_kept=not is_built)

    def forget(self, bundle: Bundle) -> None:
        """Remove an engine that could not be loaded, so that it is built again.

        Raises:
            ModelError: It is not ours to build.
        """
        if bundle.network.suffix == ".trt":
            raise ModelError(
                f"{bundle.network}: was built by another version or for another card; wanted"
                " network.onnx beside it"
            )
        self._cache.forget(self._key(bundle))

    def _key(self, bundle: Bundle) -> Key:
        return Key(
            network=digest_of(bundle.network),
            library=self._library.name,
            gpu=self._card(),
            precision=precision_of(bundle.network),
            profile=profile_of(bundle, most=self._most).text,
        )

    def _card(self) -> str:
        """What an engine is bound to: RTX ones run on every card since Ampere."""
        capability = None if self._gpu is None else self._gpu.capability
        if self._library.is_rtx:
            return "Turing" if capability == TURING else "Ampere and newer"
        name = "" if self._gpu is None else self._gpu.name
        return f"{name} {capability}"
