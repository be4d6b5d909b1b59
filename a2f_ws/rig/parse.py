"""From the contents of a rig table to a checked rig."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from a2f_ws.names import FACE
from a2f_ws.rig import sections
from a2f_ws.rig.contents import Document, RigTable
from a2f_ws.rig.extends import inherited
from a2f_ws.rig.fallbacks import fallbacks
from a2f_ws.rig.faults import Faults, quoted, shown
from a2f_ws.rig.grammar import Grammar
from a2f_ws.rig.mirror import GROUPS, mirror
from a2f_ws.rig.personal import personal
from a2f_ws.rig.players import Players
from a2f_ws.rig.space import AXES, HANDS, UNITS, Space
from a2f_ws.rig.spelling import instead_of
from a2f_ws.rig.value import Motion, Value

KEYS: Final = (
    "title", "source", "auto", "extends", "rename", "remove", "order", "space", "range", "terms",
    "curves", "transforms", "idle", "groups", "swap", "trims", "aliases", "fallback",
)  # fmt: skip
SPACE: Final[Mapping[str, tuple[str, ...]]] = {
    "handedness": HANDS,
    "up": AXES,
    "forward": AXES,
    "unit": tuple(UNITS),
}
RANGE: Final = {"min": 0.0, "max": 1.0}
CURVES_MAX: Final = 1024
"""Curves, as many as names in `have` (`protocol/README.md` §14)."""

TRANSFORMS_MAX: Final = 64
TERMS_MAX: Final = 256
GROUPS_MAX: Final = 64
ALIASES_MAX: Final = 4096
"""Bounds of what mapping and matching cost (ours)."""


def parse(
    document: Document,
    name: str,
    *,
    faults: Faults,
    known: Mapping[str, RigTable] | None = None,
) -> RigTable:
    """Check a table.

    Args:
        document: What the TOML parser made of the file.
        name: What the rig shall be called.
        faults: Makes the errors.
        known: Rigs that it may extend.

    Raises:
        ConfigError: The first mistake, with its place and, for a wrong name, the nearest right one.
    """
    for key in document:
        if key not in KEYS:
            raise faults.found(f"unknown key {quoted(key)}{instead_of(key, KEYS)}")
    try:
        whole = inherited(document, known or {}, faults=faults)
        return personal(_Reader(whole, faults).table(name), whole, faults=faults)
    except RecursionError:
        raise faults.found("nested too deeply") from None


class _Reader:
    """Reads one table, what it extends being folded in already."""

    def __init__(self, document: Document, faults: Faults) -> None:
        """Begin with ranges and terms, which everything else needs."""
        self._document, self._faults = document, faults
        self._low, self._high = self._range()
        self._grammar = Grammar(faults)
        self._grammar.define(sections.named(document, "terms", most=TERMS_MAX, faults=faults))
        self._curves: dict[str, Value] = {}
        self._motions: dict[str, Motion] = {}

    def table(self, name: str) -> RigTable:
        """The whole of it."""
        document, faults = self._document, self._faults
        motions = sections.named(document, "transforms", most=TRANSFORMS_MAX, faults=faults)
        self._motions = {
            one: self._grammar.motion(one, content) for one, content in motions.items()
        }
        curves = sections.named(document, "curves", most=CURVES_MAX, faults=faults)
        if not curves and not motions:
            raise faults.found(f"[curves]: nothing found, wanted 1 to {CURVES_MAX} curves")
        self._curves = {
            one: self._grammar.value(f"curve {one}", content, low=self._low, high=self._high)
            for one, content in curves.items()
        }
        players = Players(self._curves, self._motions, faults=faults)
        return RigTable(
            name=name,
            title=sections.line(document, "title", faults=faults),
            source=sections.line(document, "source", faults=faults),
            space=self._space(),
            low=self._low,
            high=self._high,
            values=self._curves,
            motions=self._motions,
            roles=players.roles(document),
            groups={**GROUPS, **dict(self._groups())},
            aliases=self._aliases(),
            fallbacks=tuple(fallbacks(document, players, grammar=self._grammar)),
            is_in_auto=sections.claim(document, "auto", faults=faults),
            document=document,
        )

    def _space(self) -> Space:
        section = sections.section(self._document, "space", faults=self._faults)
        for key, value in section.items():
            if key not in SPACE:
                raise self._faults.found(
                    f"[space]: unknown key {quoted(key)}{instead_of(key, SPACE)}"
                )
            if value not in SPACE[key]:
                raise self._faults.found(
                    f"[space] {key}: {shown(value)}, wanted one of {', '.join(SPACE[key])}"
                )
        space = Space(**{key: str(value) for key, value in section.items()})
        if space.up[1] == space.forward[1]:
            text = f"[space]: up {space.up} and forward {space.forward} are of one axis"
            raise self._faults.found(text)
        return space

    def _range(self) -> tuple[float, float]:
        bounds = dict(RANGE)
        for key, value in sections.section(self._document, "range", faults=self._faults).items():
            if key not in bounds:
                raise self._faults.found(
                    f"[range]: unknown key {quoted(key)}{instead_of(key, bounds)}"
                )
            bounds[key] = sections.number(value, f"[range] {key}", faults=self._faults)
        low, high = bounds["min"], bounds["max"]
        if not low < high:
            raise self._faults.found(f"[range]: min {low:g} is not below max {high:g}")
        return low, high

    def _groups(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Groups of inputs, each input with its mirror image among them."""
        section = sections.named(self._document, "groups", most=GROUPS_MAX, faults=self._faults)
        for group, content in section.items():
            place = f"group {group}"
            inputs = sections.names(content, place, of="inputs", faults=self._faults)
            for name in inputs:
                sections.check_known(name, FACE, what="input", place=place, faults=self._faults)
                other = mirror(name).name
                if other not in inputs:
                    raise self._faults.found(f"{place}: {name} without its other side {other}")
            yield group, tuple(inputs)

    def _aliases(self) -> dict[str, tuple[str, ...]]:
        aliases = {}
        for curve, content in sections.section(
            self._document, "aliases", faults=self._faults
        ).items():
            place = f"[aliases] {curve}"
            sections.check_known(
                curve, self._curves, what="curve", place="[aliases]", faults=self._faults
            )
            aliases[curve] = tuple(sections.names(content, place, of="names", faults=self._faults))
        self._check_aliases(aliases)
        count = sum(map(len, aliases.values()))
        if count > ALIASES_MAX:
            raise self._faults.found(f"[aliases]: {count} names, wanted at most {ALIASES_MAX}")
        return aliases

    def _check_aliases(self, aliases: Mapping[str, Iterable[str]]) -> None:
        """Refuse names that mean two curves: one of them never gets them."""
        owners: dict[str, str] = {}
        for curve, names in aliases.items():
            for name in names:
                if name in self._curves and name != curve:
                    text = f"[aliases] {curve}: {name!r} is the name of another curve"
                    raise self._faults.found(text)
                if owners.setdefault(name, curve) != curve:
                    text = f"[aliases] {curve}: {owners[name]} has the alias {name!r} already"
                    raise self._faults.found(text)
