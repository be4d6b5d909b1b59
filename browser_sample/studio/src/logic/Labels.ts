/** Names of the wire in words: input_strength → "Input strength", outofbreath → "Out of breath". */
export function label(name: string): string {
  const known = WORDS[name];
  if (known !== undefined) return known;
  const spaced = name
    .replace(/_/g, " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return spaced.slice(0, 1).toUpperCase() + spaced.slice(1);
}

const WORDS: Readonly<Record<string, string>> = { outofbreath: "Out of breath" };

/** What a face parameter does, in a few words; empty for one that is not known here. */
export function hint(name: string): string {
  return HINTS[name] ?? "";
}

const HINTS: Readonly<Record<string, string>> = {
  input_strength: "how loud the network hears the voice",
  lower_face_smoothing: "seconds over which mouth and jaw are smoothed",
  upper_face_smoothing: "seconds over which brows and eyes are smoothed",
  lower_face_strength: "range of mouth and jaw",
  upper_face_strength: "range of brows and eyes",
  skin_strength: "range of the whole skin",
  blink_strength: "how far blinks close",
  eyelid_open_offset: "lids wider open or further closed",
  lip_open_offset: "lips further apart or closer",
  blink_offset: "lids closed by this much at all times",
  intensity: "how strong the whole face is, blinks and gaze aside",
  emotion_intensity: "how strong emotions are",
  tongue_strength: "range of the tongue",
  tongue_height_offset: "tongue higher or lower",
  tongue_depth_offset: "tongue further out or back",
};

/** A round step for a slider over a range: about 200 of them, 1, 2 or 5 times a power of ten. */
export function stepFor(min: number, max: number): number {
  const rough = (max - min) / 200;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10;
  return Number((step * power).toPrecision(1));
}

/** A value with as many decimals as its step has. */
export function stepText(value: number, step: number): string {
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

/** Microseconds as milliseconds for people: "260 ms", "4.2 ms"; a dash without a value. */
export function msText(us: number | null): string {
  if (us === null || !Number.isFinite(us)) return "–";
  const ms = us / 1000;
  return `${Math.abs(ms) < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** Bytes per second for people: "840 B/s", "12.4 kB/s". */
export function bytesText(perSecond: number): string {
  if (perSecond < 1000) return `${Math.round(perSecond)} B/s`;
  return perSecond < 1e6
    ? `${(perSecond / 1000).toFixed(1)} kB/s`
    : `${(perSecond / 1e6).toFixed(2)} MB/s`;
}
