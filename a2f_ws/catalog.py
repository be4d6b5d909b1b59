"""What can be served: models on their pipelines, rigs, and the greeting that announces them."""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from a2f_ws.audio.pcm import CHANNELS_MAX, FORMATS
from a2f_ws.audio.resample import RATE_MAX_HZ, RATE_MIN_HZ
from a2f_ws.errors import ConfigError, PeerError
from a2f_ws.model import Model
from a2f_ws.recognizer import Recognizer
from a2f_ws.rig.contents import Document, RigTable
from a2f_ws.rig.faults import Faults, quoted
from a2f_ws.rig.matching import AUTO, Fit, best, fitted
from a2f_ws.rig.parse import parse
from a2f_ws.rig.spelling import instead_of
from a2f_ws.sweep_model import SWEEP, sweep_model
from a2f_ws.version import product_version
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import VERSION
from a2f_ws.wire.greeting import AudioOffer, Auth, Hello

CAPABILITIES: Final = (
    "auth", "auto", "burst", "curves", "emotion", "have", "interrupt", "params", "played",
    "resume", "sweep", "table", "visible", "watch", "weights",
)  # fmt: skip
"""Features of this server beyond `open`, `audio` and `poses` (protocol §20)."""

SENT_MAX: Final = 16
"""Rigs sent along that are kept, so that the same one costs its checking once (ours)."""

LISTED: Final = 5
"""Names that a refusal lists of many (ours)."""


class Catalog:
    """Models and rigs by name; the first model is the default.

    Attributes:
        models: Those that are announced.
        served: The same, and the sweep.
        rigs: By name.
        instance: Of this start of the server.
    """

    def __init__(self, models: Iterable[Model], rigs: Mapping[str, RigTable]) -> None:
        """Serve these; `instance` is new at every start."""
        self.models = {model.name: model for model in models}
        self.served = dict(self.models)
        for model in list(self.models.values())[:1]:
            self.served.setdefault(SWEEP, sweep_model(model))
        self.rigs = dict(rigs)
        self._sent: OrderedDict[bytes, RigTable] = OrderedDict()
        self.instance = secrets.token_hex(8)

    @property
    def recognizer(self) -> Recognizer | None:
        """What hears the emotion of voices, the same for all models, or None."""
        found = (model.recognizer for model in self.models.values())
        return next((one for one in found if one is not None), None)

    def model(self, name: str | None) -> Model:
        """A model by name, None = the default.

        Raises:
            PeerError: 4404.
        """
        if name is None:
            return next(iter(self.models.values()))
        if name not in self.served:
            raise _unknown("model", name, known=self.served)
        return self.served[name]

    def rig(self, name: str, *, table: Document | None = None) -> RigTable | None:
        """A rig by name.

        Args:
            name: One of `rigs`, or "auto"; with a table what that is to be called.
            table: A rig that the client sends along.

        Returns:
            The rig, None for "auto".

        Raises:
            PeerError: 4404, there is none; 4422, the table has a mistake.
        """
        if table is not None:
            return self._sent_along(table, name)
        if name == AUTO:
            return None
        if name not in self.rigs:
            raise _unknown("rig", name, known=[*self.rigs, AUTO])
        return self.rigs[name]

    def fit(self, rig: RigTable | None, have: Sequence[str]) -> Fit:
        """A rig on a mesh.

        Args:
            rig: The rig; None = the best one.
            have: Names of the curves that the mesh has; empty = all of the rig's.

        Raises:
            PeerError: 4422, none of the names is a curve of the rig, or of any rig.
        """
        if not have:
            if rig is None:
                text = 'found no names, wanted those of the mesh\'s curves: rig "auto" goes by them'
                raise PeerError(Code.BAD_VALUE, text, field="have")
            return Fit(rig)
        fit = best(self.rigs.values(), have) if rig is None else fitted(rig, have)
        if fit is None or not fit.table.curves:
            rigs = [one for one in self.rigs.values() if one.is_in_auto] if rig is None else [rig]
            raise PeerError(Code.BAD_VALUE, _nothing_driven(have, rigs), field="have")
        return fit

    def _sent_along(self, table: Document, name: str) -> RigTable:
        if name == AUTO:
            text = f"found {AUTO!r} beside a table, wanted a name for it"
            raise PeerError(Code.BAD_VALUE, text, field="rig")
        digest = _digest(table, name)
        rig = self._sent.get(digest)
        if rig is None:
            try:
                rig = parse(table, name, faults=Faults("table"), known=self.rigs)
            except ConfigError as error:
                raise PeerError(Code.BAD_VALUE, str(error), field="table") from None
            self._sent[digest] = rig
            if len(self._sent) > SENT_MAX:
                self._sent.popitem(last=False)
        self._sent.move_to_end(digest)
        return rig

    def _capabilities(self) -> tuple[str, ...]:
        models = self.models.values()
        has_mesh = any(model.pipeline.has_mesh for model in models)
        hears = any(model.recognizer is not None for model in models)
        more = (*["geometry"] * has_mesh, *["audio2emotion"] * hears)
        return (*CAPABILITIES, *more)

    def hello(
        self,
        limits: Mapping[str, int],
        *,
        auth: Auth | None = None,
        more: Iterable[str] = (),
        less: Iterable[str] = (),
    ) -> Hello:
        """The greeting.

        Args:
            limits: By name.
            auth: What a client has to show; None = nothing.
            more: Capabilities of this connection.
            less: Capabilities that it lacks.
        """
        return Hello(
            protocol=VERSION,
            server=f"a2f-ws/{product_version()}",
            instance=self.instance,
            auth=auth or Auth(),
            models=tuple(model.info() for model in self.models.values()),
            rigs=tuple(self.rigs),
            audio=AudioOffer(
                formats=FORMATS, rate=(RATE_MIN_HZ, RATE_MAX_HZ), channels_max=CHANNELS_MAX
            ),
            capabilities=tuple(sorted({*self._capabilities(), *more} - {*less})),
            limits=dict(limits),
        )


def _nothing_driven(have: Sequence[str], rigs: Sequence[RigTable]) -> str:
    """What to say of a mesh that no rig can move."""
    found = _listed([repr(name) for name in have])
    wanted = "; ".join(
        f"{rig.name}: {_listed([name for name, value in rig.values.items() if not value.is_still])}"
        for rig in rigs[:LISTED]
    )
    return f"found {len(have)} names that no rig drives ({found}), wanted names such as {wanted}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:LISTED]) + (", …" if len(names) > LISTED else "")


def _digest(table: Document, name: str) -> bytes:
    """What tells a rig sent along from all others, the order of its parts included."""
    return hashlib.sha256(repr((name, table)).encode(errors="replace")).digest()


def _unknown(field: str, name: str, *, known: Iterable[str]) -> PeerError:
    text = f"found {field} {quoted(name)}{instead_of(name, known)}"
    return PeerError(Code.UNKNOWN, text, field=field)
