/** Emotions with a name of their own: what one clicks first. Values 0 … 1 by the server's names. */
export interface Preset {
  readonly title: string;
  readonly values: Readonly<Record<string, number>>;
}

export const PRESETS: readonly Preset[] = [
  { title: "Neutral", values: {} },
  { title: "Joy", values: { joy: 0.8 } },
  { title: "Warm", values: { joy: 0.35 } },
  { title: "Playful", values: { cheekiness: 0.6, joy: 0.3 } },
  { title: "Amazed", values: { amazement: 0.8 } },
  { title: "Sad", values: { sadness: 0.8 } },
  { title: "Grieving", values: { grief: 0.8, sadness: 0.3 } },
  { title: "Angry", values: { anger: 0.8 } },
  { title: "Disgusted", values: { disgust: 0.8 } },
  { title: "Afraid", values: { fear: 0.8 } },
  { title: "Nervous", values: { fear: 0.35, outofbreath: 0.3 } },
  { title: "In pain", values: { pain: 0.8 } },
  { title: "Breathless", values: { outofbreath: 0.8 } },
];

/** The presets that a model can show: all their emotions are among its names. */
export function presetsFor(emotions: readonly string[]): Preset[] {
  return PRESETS.filter((preset) =>
    Object.keys(preset.values).every((name) => emotions.includes(name)),
  );
}

/** A preset as a whole emotion: every name of the model, those it lacks at 0. */
export function emotionOf(preset: Preset, emotions: readonly string[]): Record<string, number> {
  return Object.fromEntries(emotions.map((name) => [name, preset.values[name] ?? 0]));
}

/** The preset that an emotion is, or null. */
export function presetOf(
  values: Readonly<Record<string, number>>,
  emotions: readonly string[],
): Preset | null {
  const isSame = (preset: Preset): boolean =>
    emotions.every((name) => Math.abs((values[name] ?? 0) - (preset.values[name] ?? 0)) < 1e-6);
  return presetsFor(emotions).find(isSame) ?? null;
}
