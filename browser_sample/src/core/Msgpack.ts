/** Frames of the wire to plain values and back, in both encodings. */

/** A number that is written as a float even where it has no fraction. */
export class Real {
  constructor(readonly value: number) {}

  toJSON(): number {
    return this.value;
  }
}

/** What both encodings can say; nil in a map means absent. */
export type Plain =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | Real
  | readonly Plain[]
  | { readonly [key: string]: Plain };

export type PlainMap = { [key: string]: Plain };

/** Most entries of one list or map, and the deepest nesting, the message included (protocol §2). */
const ENTRIES_MAX = 4096;
const DEPTH_MAX = 8;

const fromUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const toUtf8 = new TextEncoder();

/** A map without a prototype, so that any key may be written into it. */
export function emptyMap(): PlainMap {
  return Object.create(null) as PlainMap;
}

/**
 * Read one value that fills all bytes; byte strings are views of `bytes`.
 *
 * @throws Error - cut off, bytes behind it, a key twice or no string, no UTF-8, an extension type,
 * too many entries, nested too deep.
 */
export function decodeMsgpack(bytes: Uint8Array): Plain {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  /** Where a number of that many bytes begins; the view refuses what lies behind the end. */
  const skip = (count: number): number => (at += count) - count;

  const raw = (count: number): Uint8Array => {
    if (count > bytes.length - at) throw new Error(`found the end, wanted ${count} bytes more`);
    return bytes.subarray(at, (at += count));
  };

  /** An integer of 1, 2, 4 or 8 bytes; what no number holds exactly is rounded. */
  const integer = (kind: "Uint" | "Int", size: number): number => {
    const at = skip(size);
    return size === 8
      ? Number(view[`getBig${kind}64`](at))
      : view[`get${kind}${(size * 8) as 8 | 16 | 32}`](at);
  };

  const uint = (size: number): number => integer("Uint", size);

  const check = (count: number, depth: number): void => {
    if (depth > DEPTH_MAX) throw new Error(`nested deeper than ${DEPTH_MAX}`);
    if (count > ENTRIES_MAX) throw new Error(`found ${count} entries, wanted ${ENTRIES_MAX} at most`);
  };

  const list = (count: number, depth: number): Plain[] => {
    check(count, depth);
    const entries: Plain[] = [];
    while (count-- > 0) entries.push(value(depth + 1));
    return entries;
  };

  const map = (count: number, depth: number): PlainMap => {
    check(count, depth);
    const entries = emptyMap();
    const keys = new Set<string>();
    while (count-- > 0) {
      const key = value(DEPTH_MAX + 1);
      if (typeof key !== "string") throw new Error("found a key that is no string");
      if (keys.size === keys.add(key).size) throw new Error(`found the key ${key} twice`);
      entries[key] = value(depth + 1);
    }
    return entries;
  };

  const value = (depth: number): Plain => {
    const tag = uint(1);
    if (tag < 0x80) return tag;
    if (tag < 0x90) return map(tag & 15, depth);
    if (tag < 0xa0) return list(tag & 15, depth);
    if (tag < 0xc0) return fromUtf8.decode(raw(tag & 31));
    if (tag >= 0xe0) return tag - 0x100;
    if (tag === 0xc0) return null;
    if (tag === 0xc2 || tag === 0xc3) return tag === 0xc3;
    if (tag >= 0xc4 && tag <= 0xc6) return raw(uint(1 << (tag - 0xc4)));
    if (tag === 0xca) return view.getFloat32(skip(4));
    if (tag === 0xcb) return view.getFloat64(skip(8));
    if (tag >= 0xcc && tag <= 0xcf) return uint(1 << (tag - 0xcc));
    if (tag >= 0xd0 && tag <= 0xd3) return integer("Int", 1 << (tag - 0xd0));
    if (tag >= 0xd9 && tag <= 0xdb) return fromUtf8.decode(raw(uint(1 << (tag - 0xd9))));
    if (tag === 0xdc || tag === 0xdd) return list(uint(tag === 0xdc ? 2 : 4), depth);
    if (tag === 0xde || tag === 0xdf) return map(uint(tag === 0xde ? 2 : 4), depth);
    throw new Error(`found the type 0x${tag.toString(16)}`);
  };

  const found = value(1);
  if (at < bytes.length) throw new Error(`found ${bytes.length - at} bytes behind the message`);
  return found;
}

/** Write one value in its shortest form, but for integers below −32, which take eight bytes. */
export function encodeMsgpack(plain: Plain): Uint8Array {
  let out = new Uint8Array(256);
  let view = new DataView(out.buffer);
  let end = 0;

  /** Where that many bytes go; `out` and `view` may be others afterwards. */
  const room = (count: number): number => {
    if (end + count > out.length) {
      const grown = new Uint8Array(Math.max(end + count, 2 * out.length));
      grown.set(out.subarray(0, end));
      out = grown;
      view = new DataView(out.buffer);
    }
    return (end += count) - count;
  };

  const byte = (tag: number): void => {
    const at = room(1);
    out[at] = tag;
  };

  /** A tag and a length or number behind it, in the smallest of 1, 2 and 4 bytes from `least` on: 0 for one, 1 for two. */
  const sized = (tag: number, count: number, least = 0): void => {
    const step = count < 0x100 && !least ? 0 : count < 0x10000 ? 1 : 2;
    byte(tag + step - least);
    const at = room(1 << step);
    view[`setUint${(8 << step) as 8 | 16 | 32}`](at, count);
  };

  const bytes = (content: Uint8Array): void => {
    const at = room(content.length);
    out.set(content, at);
  };

  const text = (content: string): void => {
    const utf8 = toUtf8.encode(content);
    if (utf8.length < 32) byte(0xa0 | utf8.length);
    else sized(0xd9, utf8.length);
    bytes(utf8);
  };

  const float = (number: number): void => {
    byte(0xcb);
    const at = room(8);
    view.setFloat64(at, number);
  };

  const integer = (number: number): void => {
    if (number >= -32 && number < 0x80) byte(number & 0xff);
    else if (number > 0 && number < 0x100000000) sized(0xcc, number);
    else {
      byte(number > 0 ? 0xcf : 0xd3);
      const at = room(8);
      view.setBigInt64(at, BigInt(number));
    }
  };

  const value = (entry: Plain): void => {
    if (entry === null) byte(0xc0);
    else if (typeof entry === "boolean") byte(entry ? 0xc3 : 0xc2);
    else if (typeof entry === "string") text(entry);
    else if (typeof entry === "number") (Number.isSafeInteger(entry) ? integer : float)(entry);
    else if (entry instanceof Real) float(entry.value);
    else if (entry instanceof Uint8Array) {
      sized(0xc4, entry.length);
      bytes(entry);
    } else if (Array.isArray(entry)) {
      if (entry.length < 16) byte(0x90 | entry.length);
      else sized(0xdc, entry.length, 1);
      (entry as readonly Plain[]).forEach(value);
    } else {
      const entries = Object.entries(entry as PlainMap);
      if (entries.length < 16) byte(0x80 | entries.length);
      else sized(0xde, entries.length, 1);
      for (const [key, inner] of entries) {
        text(key);
        value(inner);
      }
    }
  };

  value(plain);
  return out.slice(0, end);
}

/** Write one JSON text, byte strings as padded base64. */
export function encodeJson(plain: Plain): string {
  return JSON.stringify(plain, (_key, value: unknown) =>
    value instanceof Uint8Array ? toBase64(value) : value,
  );
}

/** The bytes of padded standard base64, or undefined when the text is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text);
    if (btoa(binary) === text) return Uint8Array.from(binary, (char) => char.charCodeAt(0));
  } catch {
    // Not base64 at all; told like base64 in another form.
  }
  return undefined;
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return btoa(binary);
}
