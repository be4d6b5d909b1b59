import { expect, test } from "vitest";
import { ARKIT, canonical, kindOf } from "../../studio/src/stage/shapeNames.js";

test("the four spellings of an ARKit shape are one shape", () => {
  for (const name of ["mouthSmileLeft", "MouthSmileLeft", "mouthSmile_L", "blendShape2.mouthSmile_L", "mouth_smile_left"]) {
    expect(canonical(name)).toBe("mouthSmileLeft");
  }
});

test("shapes that end in a side word are not shortened to a side", () => {
  expect(canonical("jawLeft")).toBe("jawLeft");
  expect(canonical("jaw_L")).toBeNull();
  expect(canonical("mouthLeft")).toBe("mouthLeft");
  expect(canonical("tongueTipLeft")).toBe("tongueTipLeft");
});

test("visemes keep the spelling that their heads have", () => {
  expect(canonical("viseme_PP")).toBe("viseme_PP");
  expect(canonical("Viseme_pp")).toBe("viseme_PP");
  expect(canonical("aa")).toBeNull();
});

test("there are 52 shapes of ARKit and each knows itself", () => {
  expect(new Set(ARKIT).size).toBe(52);
  expect(ARKIT.map(canonical)).toEqual(ARKIT);
});

test("a head is of the family that it has five shapes of", () => {
  expect(kindOf(ARKIT.slice(0, 5))).toBe("arkit");
  expect(kindOf(ARKIT.slice(0, 4))).toBe("other");
  expect(kindOf(["viseme_sil", "viseme_PP", "viseme_FF", "viseme_TH", "viseme_DD", "mouthSmile"])).toBe("viseme");
  expect(kindOf(["sil", "PP", "FF", "TH", "DD", "kk"])).toBe("viseme");
  expect(kindOf(["a", "i", "u", "e", "o"])).toBe("other");
});

test("a head with both ARKit shapes and visemes counts as ARKit", () => {
  expect(kindOf([...ARKIT, "viseme_sil", "viseme_PP", "viseme_FF", "viseme_TH", "viseme_DD"])).toBe("arkit");
});
