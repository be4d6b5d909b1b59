/** What the fields of messages are made of: types and ranges, read and written alike. */

import { emptyMap, fromBase64, type Plain, type PlainMap, Real } from "./Msgpack.js";

/** Largest integers of the protocol. */
export const INT31 = 2 ** 31 - 1;
export const INT53 = Number.MAX_SAFE_INTEGER;

/** A frame that is refused: `closes` when it is no message at all, else only that message. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";

  constructor(
    readonly code: number,
    message: string,
    /** Path of the field at fault, as in "audio.rate". */
    readonly field: string | null = null,
    readonly closes = false,
  ) {
    super(message);
  }
}

/** One field: how it is read and written, and what stands for it when it is absent. */
export interface Field<T> {
  read(plain: Plain, at: string, isJson: boolean): T;
  write(value: T): Plain;
  readonly isOptional?: boolean;
  readonly fallback?: T;
}

/** The fields of a message or of a map inside of one, in the order in which they are written. */
export type Shape<T> = { readonly [K in keyof T]-?: Field<Exclude<T[K], undefined>> };

export const MISTYPED = 4400;
const BAD_VALUE = 4422;

export function fail(code: number, at: string, found: unknown, wanted: string): never {
  const shown = found instanceof Uint8Array ? `${found.length} bytes` : JSON.stringify(found);
  throw new ProtocolError(code, `${at}: found ${shown?.slice(0, 60)}, wanted ${wanted}`, at);
}

/** Refuse a message whose fields do not fit together. */
export function refuse(at: string, found: unknown, wanted: string): never {
  return fail(BAD_VALUE, at, found, wanted);
}

function number(plain: Plain, at: string, least: number, most: number): number {
  if (typeof plain !== "number") fail(MISTYPED, at, plain, "a number");
  if (!(plain >= least && plain <= most)) fail(BAD_VALUE, at, plain, `${least} to ${most}`);
  return plain;
}

/** An integer; one that came as a float without a fraction counts. */
export function integer(least: number, most: number): Field<number> {
  return {
    read(plain, at) {
      const found = number(plain, at, least, most);
      return Number.isInteger(found) ? found : fail(MISTYPED, at, found, "an integer");
    },
    write: (value) => value,
  };
}

/** A finite number, written as a float. */
export function real(least: number, most: number): Field<number> {
  return {
    read: (plain, at) => number(plain, at, least, most),
    write: (value) => new Real(value),
  };
}

/** A finite number for people, integer or not. */
export const figure: Field<number> = {
  read: (plain, at) => number(plain, at, -INT53, INT53),
  write: (value) => value,
};

export const text: Field<string> = {
  read: (plain, at) => (typeof plain === "string" ? plain : fail(MISTYPED, at, plain, "text")),
  write: (value) => value,
};

/** One of some names, unchecked: what a client writes. */
export const word = text as Field<never>;

export function oneOf<T extends string>(...names: readonly T[]): Field<T> {
  return {
    read(plain, at, isJson) {
      const read = text.read(plain, at, isJson);
      const found = names.find((name) => name === read);
      return found ?? fail(BAD_VALUE, at, plain, names.join(", "));
    },
    write: (value) => value,
  };
}

export const flag: Field<boolean> = {
  read: (plain, at) => (typeof plain === "boolean" ? plain : fail(MISTYPED, at, plain, "a boolean")),
  write: (value) => value,
};

/** Bytes; in JSON base64. What is read is a view of the frame. */
export function bytes(count?: number): Field<Uint8Array> {
  return {
    read(plain, at, isJson) {
      const found = isJson && typeof plain === "string" ? fromBase64(plain) : plain;
      if (found === undefined) return fail(BAD_VALUE, at, plain, "base64");
      if (!(found instanceof Uint8Array)) return fail(MISTYPED, at, plain, "bytes");
      return count === undefined || found.length === count
        ? found
        : fail(BAD_VALUE, at, found, `${count} bytes`);
    },
    write: (value) => value,
  };
}

/** Whatever it is. */
export const anything: Field<Plain> = { read: (plain) => plain, write: (value) => value };

/** A list, of exactly `count` entries where that is given. */
export function list<T>(entry: Field<T>, count?: number): Field<readonly T[]> {
  return {
    read(plain, at, isJson) {
      if (!Array.isArray(plain)) return fail(MISTYPED, at, plain, "a list");
      if (count !== undefined && plain.length !== count) fail(BAD_VALUE, at, plain, `${count} entries`);
      return (plain as Plain[]).map((value, k) => entry.read(value, `${at}.${k}`, isJson));
    },
    write: (value) => value.map((one) => entry.write(one)),
  };
}

/** A role of idle life: [index into the row, gain]. */
export const place: Field<readonly [number, number]> = {
  read(plain, at) {
    const [index, gain] = list(anything, 2).read(plain, at, false) as [Plain, Plain];
    return [
      integer(0, INT31).read(index, `${at}.0`, false),
      number(gain, `${at}.1`, -1e6, 1e6),
    ];
  },
  write: (value) => [value[0], new Real(value[1])],
};

/** Poses per second: an integer or [numerator, denominator], 10 to 240. */
export const poseRate: Field<number | readonly [number, number]> = {
  read(plain, at) {
    const parts: Plain = Array.isArray(plain) ? plain : [plain, 1];
    const [num, den] = list(integer(1, INT31), 2).read(parts, at, false) as [number, number];
    if (num < 10 * den || num > 240 * den) fail(BAD_VALUE, at, plain, "10 to 240 per second");
    return Array.isArray(plain) ? [num, den] : num;
  },
  write: (value) => value,
};

export function isMap(plain: Plain): plain is PlainMap {
  return (
    typeof plain === "object" &&
    plain !== null &&
    !Array.isArray(plain) &&
    !(plain instanceof Uint8Array)
  );
}

/** A map from names of the user's to values. */
export function mapOf<T>(entry: Field<T>): Field<Readonly<Record<string, T>>> {
  return {
    read(plain, at, isJson) {
      if (!isMap(plain)) return fail(MISTYPED, at, plain, "a map");
      const found = emptyMap() as Record<string, T>;
      for (const [key, value] of Object.entries(plain)) {
        if (value !== null) found[key] = entry.read(value, `${at}.${key}`, isJson);
      }
      return found;
    },
    write(value) {
      const map = emptyMap();
      for (const [key, one] of Object.entries(value)) map[key] = entry.write(one);
      return map;
    },
  };
}

/** A map with the names of the protocol: camelCase here, snake_case on the wire. */
export function struct<T extends object>(shape: Shape<T>): Field<T> {
  const fields = Object.entries<Field<unknown>>(shape as { [key: string]: Field<unknown> }).map(
    ([key, field]) =>
      [key, key.replace(/[A-Z]/g, (char) => `_${char.toLowerCase()}`), field] as const,
  );
  return {
    read(plain, at, isJson) {
      if (!isMap(plain)) return fail(MISTYPED, at, plain, "a map");
      const found: Record<string, unknown> = {};
      for (const [key, name, field] of fields) {
        const path = at && `${at}.`;
        const value = plain[name] ?? null;
        if (value !== null) found[key] = field.read(value, path + name, isJson);
        else if ("fallback" in field) found[key] = field.fallback;
        else if (!field.isOptional) fail(MISTYPED, path + name, "nothing", "a value");
      }
      return found as T;
    },
    write(value) {
      const map: PlainMap = {};
      for (const [key, name, field] of fields) {
        const one = (value as Record<string, unknown>)[key] ?? field.fallback;
        if (one !== undefined) map[name] = field.write(one);
      }
      return map;
    },
  };
}

/** A field that may be absent. */
export function optional<T>(field: Field<T>): Field<T> {
  return { ...field, isOptional: true };
}

/** A field that has a default, which is also written. */
export function or<T>(field: Field<T>, fallback: T): Field<T> {
  return { ...field, fallback };
}
