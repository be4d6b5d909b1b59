/**
 * The 52 face shapes of ARKit in the order of the Live Link Face packet.
 * Source: a2f_ws/names.py, which has them from Apple's BlendShapeLocation.
 */
export const ARKIT: readonly string[] = [
  ...side("Left"),
  ...side("Right"),
  "jawForward",
  "jawLeft",
  "jawRight",
  "jawOpen",
  "mouthClose",
  "mouthFunnel",
  "mouthPucker",
  "mouthLeft",
  "mouthRight",
  ...both("mouthSmile"),
  ...both("mouthFrown"),
  ...both("mouthDimple"),
  ...both("mouthStretch"),
  "mouthRollLower",
  "mouthRollUpper",
  "mouthShrugLower",
  "mouthShrugUpper",
  ...both("mouthPress"),
  ...both("mouthLowerDown"),
  ...both("mouthUpperUp"),
  ...both("browDown"),
  "browInnerUp",
  ...both("browOuterUp"),
  "cheekPuff",
  ...both("cheekSquint"),
  ...both("noseSneer"),
  "tongueOut",
];

function both(name: string): string[] {
  return [`${name}Left`, `${name}Right`];
}

function side(end: string): string[] {
  return ["Blink", "LookDown", "LookIn", "LookOut", "LookUp", "Squint", "Wide"].map(
    (part) => `eye${part}${end}`,
  );
}
