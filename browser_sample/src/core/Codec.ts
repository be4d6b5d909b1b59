/** Messages to frames and back. */

import {
  anything,
  bytes,
  fail,
  type Field,
  figure,
  flag,
  INT31,
  INT53,
  integer,
  isMap,
  list,
  mapOf,
  MISTYPED,
  oneOf,
  optional,
  or,
  place,
  poseRate,
  ProtocolError,
  real,
  refuse,
  type Shape,
  struct,
  text,
  word,
} from "./Fields.js";
import type { AudioFormat, CurveSet, Hello, ModelInfo, ParamInfo } from "./Messages.js";
import {
  decodeMsgpack,
  encodeJson,
  encodeMsgpack,
  type Plain,
  type PlainMap,
} from "./Msgpack.js";
import type { Message, Op } from "./Requests.js";

const count = integer(0, INT53);
const small = integer(0, INT31);
const positive = integer(1, INT31);
const answered = optional(count);
const value = real(-1e6, 1e6);
const names = list(text);
const values = optional(mapOf(value));
const maybe = { text: optional(text), small: optional(small), fps: optional(poseRate) };

const audioFormat = struct<AudioFormat>({
  format: oneOf("s16le", "f32le", "ulaw", "alaw"),
  rate: integer(8000, 192_000),
  channels: or(integer(1, 8), 1),
  source: or(oneOf("line", "mic"), "line"),
});

const curveSet = struct<CurveSet>({
  gain: optional(value),
  offset: optional(value),
  min: optional(value),
  max: optional(value),
});

const paramInfo = struct<ParamInfo>({ name: text, min: value, max: value, default: value });

const modelInfo = struct<ModelInfo>({
  name: text,
  lookAheadUs: count,
  lookBackUs: count,
  emotions: names,
  fpsMax: positive,
  params: or(list(paramInfo), []),
});

const auth = struct<Hello["auth"]>({
  kind: text,
  salt: maybe.text,
  challenge: maybe.text,
});

const request = { id: answered, sid: small };
const audio = { ...request, u: positive, first: count, pcm: bytes(), hash: optional(bytes(32)) };
const curves = optional(mapOf(curveSet));

type Body<O extends Op> = Omit<Extract<Message, { op: O }>, "op">;

/** Requests are only written here: their ranges are the server's to check. */
const SHAPES: { readonly [O in Op]: Shape<Body<O>> } = {
  identify: {
    id: answered,
    protocol: positive,
    client: text,
    proof: maybe.text,
    token: maybe.text,
  },
  open: {
    ...request,
    rig: text,
    fps: poseRate,
    audio: optional(audioFormat),
    model: maybe.text,
    pacing: or(word, "live"),
    aheadUs: or(count, 1_500_000),
    params: values,
    curves,
    emotion: values,
    want: or(list(word), []),
    role: or(word, "speak"),
    name: maybe.text,
    clock: or(flag, false),
    have: optional(names),
    table: optional(mapOf(anything)),
    resume: maybe.text,
    cache: optional(flag),
    weights: curves,
    geometryHz: or(integer(1, 60), 30),
    swap: optional(names),
  },
  audio,
  end: { ...request, u: positive },
  emotion: {
    ...request,
    values: mapOf(value),
    u: optional(positive),
    tUs: answered,
    transitionUs: or(count, 300_000),
  },
  set: {
    ...request,
    params: values,
    curves,
    swap: optional(names),
    visible: optional(flag),
    model: maybe.text,
    rig: maybe.text,
    have: optional(names),
    fps: maybe.fps,
    weights: curves,
  },
  interrupt: { ...request, u: optional(positive), tUs: answered },
  played: {
    ...request,
    u: positive,
    tUs: count,
    rate: or(value, 1),
    paused: or(flag, false),
  },
  close: request,
  ping: { id: answered, t: count },
  pong: { re: answered, t: count, serverUs: answered },
  hello: {
    protocol: positive,
    server: text,
    instance: text,
    auth: or(auth, { kind: "none" }),
    models: list(modelInfo),
    rigs: names,
    audio: struct({ formats: names, rate: list(small, 2), channelsMax: small }),
    capabilities: or(names, []),
    limits: mapOf(count),
  },
  ready: { re: answered, connection: text },
  opened: {
    re: answered,
    sid: small,
    layout: positive,
    model: text,
    rig: text,
    fps: poseRate,
    curves: names,
    transforms: names,
    row: small,
    idle: mapOf(place),
    lookAheadUs: count,
    lookBackUs: count,
    creditUs: count,
    missing: or(names, []),
    unmatched: or(names, []),
    audio: optional(audioFormat),
    resume: maybe.text,
    received: optional(struct({ u: positive, toUs: count })),
  },
  rest: { sid: small, layout: positive, data: bytes() },
  poses: {
    sid: small,
    u: positive,
    layout: positive,
    i: count,
    tUs: count,
    n: integer(1, 64),
    data: bytes(),
  },
  geometry: {
    sid: small,
    u: positive,
    i: count,
    tUs: count,
    parts: struct({
      skin: optional(bytes()),
      tongue: optional(bytes()),
      jaw: optional(bytes(64)),
      eyes: optional(bytes(24)),
    }),
  },
  utterance: {
    sid: small,
    u: positive,
    state: oneOf("started", "audio_done", "poses_done", "interrupted"),
    poses: count,
    tUs: count,
    cached: optional(flag),
  },
  credit: { sid: small, u: positive, toUs: count },
  status: {
    sid: maybe.small,
    u: optional(positive),
    level: oneOf("info", "warning", "error"),
    code: text,
    message: text,
    counters: or(mapOf(figure), {}),
  },
  ok: { re: count, sid: maybe.small },
  error: {
    re: answered,
    sid: maybe.small,
    code: integer(1000, 4999),
    message: text,
    field: maybe.text,
    retryS: maybe.small,
  },
  closed: {
    re: answered,
    sid: small,
    code: integer(1000, 4999),
    reason: text,
    retryS: maybe.small,
  },
};

const FIELDS = new Map(
  Object.entries(SHAPES).map(([op, shape]) => [op, struct(shape as Shape<object>) as Field<object>]),
);

/** The map that stands for a message on the wire. */
export function toPlain(message: Message): Plain {
  const body = (FIELDS.get(message.op) as Field<object>).write(message) as PlainMap;
  return { op: message.op, ...body };
}

/** Write one message as a text (JSON) or binary (msgpack) frame. */
export function encode(message: Message, isJson: boolean): string | Uint8Array {
  return (isJson ? encodeJson : encodeMsgpack)(toPlain(message));
}

/**
 * Read one message; null when its op is not known, which is a newer server's and to be ignored.
 *
 * @throws ProtocolError - 4400 closing: not one map, or a frame of the wrong kind. 4400: a field
 * that is missing or of the wrong type. 4422: a value out of range.
 */
export function decode(frame: string | Uint8Array, isJson: boolean): Message | null {
  const plain = unpack(frame, isJson);
  const { op } = plain;
  if (typeof op !== "string") fail(MISTYPED, "op", op, "text");
  const field = FIELDS.get(op);
  if (field === undefined) return null;
  const message = Object.assign(field.read(plain, "", isJson), { op }) as Message;
  check(message);
  return message;
}

function unpack(frame: string | Uint8Array, isJson: boolean): PlainMap {
  try {
    const isText = typeof frame === "string";
    if (isText !== isJson) throw new Error("a frame of the wrong kind");
    const plain = isText ? JSON.parse(frame) : decodeMsgpack(frame);
    if (isMap(plain)) return plain;
    throw new Error("wanted one map");
  } catch (error) {
    throw new ProtocolError(4400, `not a message: ${(error as Error).message}`, null, true);
  }
}

/** Refuse what no single field tells. */
function check(message: Message): void {
  if (message.op === "opened") {
    const wanted = message.curves.length + 7 * message.transforms.length;
    if (message.row !== wanted) refuse("row", message.row, `${wanted}`);
  } else if ("layout" in message) {
    const rows = "n" in message ? message.n : 1;
    if (message.data.length % (4 * rows)) refuse("data", message.data, `${rows} rows`);
  }
}
