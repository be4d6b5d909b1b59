/** How the curves of a session and the names of a head fit together. */
export interface Match {
  /** Names that both have, in the rig's order. */
  readonly matched: readonly string[];
  /** Curves of the rig that the head lacks. */
  readonly missing: readonly string[];
  /** Names of the head that nothing drives. */
  readonly unmatched: readonly string[];
}

/**
 * The match as the server told it, and what it could not know: a rig chosen by name is sent whole,
 * whatever the head has.
 *
 * @param have Names the head can move.
 */
export function matchOf(
  opened: { readonly curves: readonly string[]; readonly missing: readonly string[] },
  have: readonly string[],
): Match {
  const names = new Set(have);
  const curves = new Set(opened.curves);
  const lacking = opened.curves.filter((name) => !names.has(name));
  return {
    matched: opened.curves.filter((name) => names.has(name)),
    missing: [...new Set([...lacking, ...opened.missing])],
    unmatched: have.filter((name) => !curves.has(name)),
  };
}

const FAVOURITES = [
  "jawOpen",
  "mouthClose",
  "mouthFunnel",
  "mouthSmileLeft",
  "browInnerUp",
  "aa",
  "ih",
  "ou",
  "ee",
  "oh",
  "viseme_aa",
  "viseme_PP",
  "viseme_O",
  "viseme_E",
  "viseme_SS",
  "blink",
  "eyeBlinkLeft",
];

/** Curves for the timeline: those chosen that the rig has, else a few telling ones. */
export function timelineCurves(chosen: readonly string[], curves: readonly string[]): string[] {
  const kept = chosen.filter((name) => curves.includes(name));
  if (kept.length > 0) return kept;
  const telling = FAVOURITES.filter((name) => curves.includes(name)).slice(0, 5);
  return telling.length > 0 ? telling : curves.slice(0, 4);
}
