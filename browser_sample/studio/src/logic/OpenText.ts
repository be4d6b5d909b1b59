import { rateOf, type Settings } from "./Settings.js";

/** What an `open` needs beside the settings. */
export interface OpenFacts {
  /** Names the head can move; sent where the rig is "auto". */
  readonly have: readonly string[];
  /** Samples per second. */
  readonly rateHz: number;
  readonly source: "line" | "mic";
  /** Rig that the server took last for these; null = none yet. */
  readonly rig: string | null;
}

/** How far beyond the play head poses are computed for a line in Live: changes act after that. */
export const AHEAD_US = 500_000;

/** Whether poses of a session stay that near to the play head. */
export function isNear(settings: Settings, source: "line" | "mic"): boolean {
  return settings.pacing === "live" && source === "line";
}

/** The fields of an `open` message by their names on the wire; absent ones are the server's defaults. */
export function openFields(settings: Settings, facts: OpenFacts): Record<string, unknown> {
  const fields: Record<string, unknown> = {
    op: "open",
    sid: 1,
    rig: settings.rig,
    fps: rateOf(settings.fps) ?? 60,
    audio: { format: "s16le", rate: facts.rateHz, channels: 1, source: facts.source },
    pacing: settings.pacing,
  };
  if (isNear(settings, facts.source)) fields["ahead_us"] = AHEAD_US;
  if (settings.model !== "") fields["model"] = settings.model;
  if (settings.rig === "auto") fields["have"] = facts.have;
  if (Object.keys(settings.params).length > 0) fields["params"] = settings.params;
  const felt = Object.entries(settings.emotion);
  if (felt.length > 0)
    fields["emotion"] = Object.fromEntries(felt.filter(([, value]) => value !== 0));
  return fields;
}

/** The message as JSON, ready to be sent under the sub-protocol a2f.v1.json. */
export function openText(settings: Settings, facts: OpenFacts): string {
  return JSON.stringify(openFields(settings, facts), null, 2);
}

/**
 * The same as TOML: the table [open] has the keys of the message. In place of "auto" stands the rig
 * that it came to; where none was opened yet, the names to choose by are there too.
 */
export function tomlText(settings: Settings, facts: OpenFacts): string {
  const {
    op: _op,
    sid: _sid,
    have,
    audio: _audio,
    params,
    emotion,
    ...plain
  } = openFields(settings, facts);
  if (settings.rig === "auto" && facts.rig !== null) plain["rig"] = facts.rig;
  else if (have !== undefined) plain["have"] = have;
  const lines = [
    "# A session as tuned in the a2f-ws studio. [open] has the keys of the message `open`",
    "# (protocol/MESSAGES.md) for a client to read; the server's own file, [server], has none of them.",
    "[open]",
    ...Object.entries(plain).map(([key, value]) => `${tomlKey(key)} = ${tomlValue(value)}`),
    ...table("open.params", params),
    ...table("open.emotion", emotion),
    "",
    "[client]  # what the client does by itself",
    `transition_us = ${Math.round(settings.transitionMs * 1000)}`,
    `idle = ${tomlValue(settings.idle)}`,
  ];
  return lines.join("\n") + "\n";
}

function table(name: string, values: unknown): string[] {
  if (typeof values !== "object" || values === null) return [];
  const entries = Object.entries(values);
  return [
    "",
    `[${name}]`,
    ...entries.map(([key, value]) => `${tomlKey(key)} = ${tomlValue(value)}`),
  ];
}

function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : tomlString(key);
}

function tomlValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(", ")}]`;
  return typeof value === "string" ? tomlString(value) : String(value);
}

/** A basic string: TOML escapes what JSON does, and DEL besides. */
function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007F");
}
