import { describe, expect, it } from "vitest";
import { DEFAULTS, rateOf, settingsFrom, settingsText } from "../../studio/src/logic/Settings.js";
import { Store } from "../../studio/src/logic/Store.js";

describe("kept settings", () => {
  it("come back as they were", () => {
    const settings = {
      ...DEFAULTS,
      tab: "face",
      loop: true,
      emotion: { joy: 0.4 },
      chosen: ["jawOpen"],
      fps: "30000/1001",
    } as const;
    expect(settingsFrom(settingsText(settings))).toEqual(settings);
  });

  it("are the defaults where the text is missing, broken or of another version", () => {
    for (const text of [null, "", "{", "[]", "7", '{"version": 99, "loop": true}']) {
      expect(settingsFrom(text)).toEqual(DEFAULTS);
    }
  });

  it("lose only the fields that are out of range or of another type", () => {
    const text = JSON.stringify({
      version: 1,
      theme: "pink",
      volume: 7,
      fps: "5",
      emotion: { joy: 2, anger: 0.5, fear: "x" },
      chosen: ["a", 3],
      loop: true,
    });
    expect(settingsFrom(text)).toEqual({
      ...DEFAULTS,
      emotion: { anger: 0.5 },
      chosen: ["a"],
      loop: true,
    });
  });

  it("take pose rates from 10 to 240 and nothing else", () => {
    expect(rateOf("60")).toBe(60);
    expect(rateOf("30000/1001")).toEqual([30000, 1001]);
    for (const text of ["9", "241", "60/0", "x", "", "1e2", 60]) expect(rateOf(text)).toBeNull();
  });
});

describe("the store", () => {
  it("tells a watcher at once and then only of changes", () => {
    const store = new Store({ a: 1, b: 1 });
    const seen: number[] = [];
    const end = store.watch(
      (state) => state.a,
      (a) => seen.push(a),
    );
    store.patch({ b: 2 });
    store.patch({ a: 2 });
    end();
    store.patch({ a: 3 });
    expect(seen).toEqual([1, 2]);
  });
});
