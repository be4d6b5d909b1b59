import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { fixed10, general9 } from "../../studio/src/logic/Digits.js";

const python = process.env["A2F_PYTHON"];

/** float32 values of all sizes, ties of ten decimals and nine digits among them. */
function values(): number[] {
  const found = [
    0,
    1,
    -1,
    0.5,
    1 / 2048,
    3 / 2048,
    -5 / 2048,
    2 ** -13,
    3 * 2 ** -13,
    1e-30,
    123456.789,
    1e10,
    0.0001,
    0.00001,
  ];
  let state = 12345;
  for (let k = 0; k < 3000; k += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    found.push(state / 2 ** 32, (state / 2 ** 32) * 1e-4, Math.round(state / 2 ** 20) / 2048);
  }
  return [...Float32Array.from(found)];
}

describe("numbers as text", () => {
  it("has ten decimals and takes the even digit at a tie", () => {
    expect(fixed10(0.25)).toBe("0.2500000000");
    expect(fixed10(1 / 2048)).toBe("0.0004882812");
    expect(fixed10(3 / 2048)).toBe("0.0014648438");
    expect(fixed10(-0)).toBe("0.0000000000");
  });

  it("has nine digits and no zeros behind them", () => {
    expect(general9(0.5)).toBe("0.5");
    expect(general9(-0)).toBe("0");
    expect(general9(2 ** -13)).toBe("0.000122070312");
    expect(general9(1e-5)).toBe("1e-05");
    expect(general9(123456789012)).toBe("1.23456789e+11");
    expect(general9(Math.fround(0.1))).toBe("0.100000001");
  });

  it.skipIf(python === undefined)("writes every digit as Python does", () => {
    const wanted = execFileSync(
      python ?? "",
      [
        "-c",
        "import json,sys\nfor x in json.load(sys.stdin): print('%.10f %.9g' % (x + 0.0, x + 0.0))",
      ],
      { input: JSON.stringify(values()), encoding: "utf8" },
    );
    expect(values().map((x) => `${fixed10(x)} ${general9(x)}`)).toEqual(wanted.trim().split("\n"));
  });
});
