import { Take } from "../../studio/src/logic/Take.js";
import { ARKIT } from "../../studio/src/logic/ArkitNames.js";

/** A take of the 52 shapes and one tongue pose, 7 poses from index 3 on at 29.97 per second. */
export function arkitTake(): Take {
  const curves = [...ARKIT, "tongueUp"];
  const take = new Take(2, {
    model: "embedded",
    rig: "arkit",
    fps: [30000, 1001],
    curves,
    transforms: [],
  });
  const rows = Float32Array.from(
    { length: curves.length * 7 },
    (_, k) => ((k * 37) % 101) / 100 - (k % 13 === 0 ? 0.25 : 0),
  );
  rows[5] = 1 / 2048;
  rows[6] = -0;
  take.add(3, rows);
  return take;
}

/** A take of two curves, value of curve 0 = index / 10, of curve 1 = −index; 10 poses per second. */
export function rampTake(count = 11): Take {
  const take = new Take(1, {
    model: "m",
    rig: "r",
    fps: 10,
    curves: ["up", "down"],
    transforms: [],
  });
  for (let i = 0; i < count; i += 1) take.add(i, Float32Array.of(i / 10, -i));
  return take;
}
