/** Heads for the tests, small and made here: ARKit, RPM-like, VRM 0 and VRM 1. */

import { makeGlb, type Parts } from "./makeGltf.js";

/** ARKit shapes on a face, brows below the face, and eyes whose own mesh looks around. */
export const ARKIT_PARTS: Parts = {
  nodes: [
    { name: "Head" },
    { name: "LeftEye", translation: [0.03, 0.04, 0.08], parent: 0 },
    { name: "RightEye", translation: [-0.03, 0.04, 0.08], parent: 0 },
  ],
  cards: [
    {
      name: "Face", center: [0, 0, 0.1], half: 0.07, parent: 0,
      targets: {
        jawOpen: [0, -0.03, 0], mouthSmileLeft: [0.01, 0.01, 0], browInnerUp: [0, 0.01, 0],
        eyeBlinkLeft: [0, -0.005, 0], eyeLookOutLeft: [0.001, 0, 0], mySpecialShape: [0, 0, 0.02],
      },
    },
    { name: "Teeth", center: [0, -0.03, 0.08], half: 0.02, parent: 0, targets: { jaw_open: [0, -0.03, 0] } },
    { name: "Lens", center: [0, 0, 0], half: 0.012, parent: 1, targets: { eyeLookOutLeft: [0.01, 0, 0] } },
  ],
};

/** Visemes, and eyes that only bones turn; the head bone lies on its side, as exporters have it. */
export const RPM_PARTS: Parts = {
  nodes: [
    { name: "Hips", translation: [0, 1, 0] },
    { name: "Neck", translation: [0, 0.4, 0], parent: 0 },
    { name: "Head", translation: [0, 0.1, 0], rotation: [0, 0, Math.SQRT1_2, Math.SQRT1_2], parent: 1 },
    { name: "LeftEye", translation: [0.06, -0.03, 0.08], parent: 2 },
    { name: "RightEye", translation: [0.06, 0.03, 0.08], parent: 2 },
  ],
  joints: [0, 1, 2, 3, 4],
  cards: [
    {
      name: "Wolf3D_Head", center: [0, 1.6, 0.1], half: 0.1, joint: 2,
      targets: {
        viseme_sil: [0, 0, 0.001], viseme_PP: [0, 0, 0.01], viseme_FF: [0, 0, 0.01], viseme_aa: [0, -0.02, 0],
        viseme_O: [0, -0.01, 0.01], mouthSmile: [0.01, 0, 0],
        eyeLookOutLeft: [0, 0, 0.001], eyeLookInRight: [0, 0, 0.001], eyeLookUpLeft: [0, 0, 0.001],
      },
    },
    { name: "EyeLeft", center: [0.03, 1.56, 0.18], half: 0.012, joint: 3 },
    { name: "EyeRight", center: [-0.03, 1.56, 0.18], half: 0.012, joint: 4 },
  ],
};

const BONES = [
  "hips", "spine", "head", "leftUpperArm", "leftLowerArm", "leftHand", "rightUpperArm", "rightLowerArm", "rightHand",
  "leftUpperLeg", "leftLowerLeg", "leftFoot", "rightUpperLeg", "rightLowerLeg", "rightFoot", "leftEye", "rightEye",
] as const;
const ABOVE: Readonly<Record<string, string>> = {
  spine: "hips", head: "spine", leftUpperArm: "spine", leftLowerArm: "leftUpperArm", leftHand: "leftLowerArm",
  rightUpperArm: "spine", rightLowerArm: "rightUpperArm", rightHand: "rightLowerArm", leftUpperLeg: "hips",
  leftLowerLeg: "leftUpperLeg", leftFoot: "leftLowerLeg", rightUpperLeg: "hips", rightLowerLeg: "rightUpperLeg",
  rightFoot: "rightLowerLeg", leftEye: "head", rightEye: "head",
};

/** A VRM 1.0: aa, happy, a custom shape, one expression that moves nothing, eyes by bones. */
export function vrm1(): Uint8Array<ArrayBuffer> {
  const bind = (index: number, weight: number): object => ({ morphTargetBinds: [{ node: BONES.length, index, weight }] });
  const range = { inputMaxValue: 90, outputScale: 10 };
  return makeGlb({
    ...vrmParts(1),
    extensions: {
      VRMC_vrm: {
        specVersion: "1.0",
        meta: { name: "One", authors: ["tests"], licenseUrl: "https://vrm.dev/licenses/1.0/" },
        humanoid: { humanBones: Object.fromEntries(BONES.map((bone, node) => [bone, { node }])) },
        lookAt: { type: "bone", rangeMapHorizontalInner: range, rangeMapHorizontalOuter: range, rangeMapVerticalDown: range, rangeMapVerticalUp: range },
        expressions: {
          preset: { aa: bind(0, 1), happy: bind(1, 0.5), ou: {}, lookLeft: {} },
          custom: { JawOpen: bind(2, 1) },
        },
      },
    },
  });
}

/** A VRM 0.x: A, Joy and a custom clip; its face looks along -Z. */
export function vrm0(): Uint8Array<ArrayBuffer> {
  const binds = (index: number, weight: number): object[] => [{ mesh: 0, index, weight }];
  const curve = { curve: [0, 0, 0, 1, 1, 1, 1, 0], xRange: 90, yRange: 10 };
  return makeGlb({
    ...vrmParts(-1),
    extensions: {
      VRM: {
        specVersion: "0.0",
        exporterVersion: "tests",
        meta: { title: "Zero" },
        humanoid: { humanBones: BONES.map((bone, node) => ({ bone, node, useDefaultValues: true })) },
        firstPerson: {
          lookAtTypeName: "BlendShape", lookAtHorizontalInner: curve, lookAtHorizontalOuter: curve,
          lookAtVerticalDown: curve, lookAtVerticalUp: curve,
        },
        blendShapeMaster: {
          blendShapeGroups: [
            { name: "A", presetName: "a", binds: binds(0, 100), materialValues: [] },
            { name: "Joy", presetName: "joy", binds: binds(1, 50), materialValues: [] },
            { name: "Surprised", presetName: "unknown", binds: binds(2, 100), materialValues: [] },
          ],
        },
        secondaryAnimation: { boneGroups: [], colliderGroups: [] },
        materialProperties: [],
      },
    },
  });
}

/** The ARKit head as a file. */
export function arkit(): Uint8Array<ArrayBuffer> {
  return makeGlb(ARKIT_PARTS);
}

/** The RPM-like head as a file. */
export function rpm(): Uint8Array<ArrayBuffer> {
  return makeGlb(RPM_PARTS);
}

function vrmParts(front: 1 | -1): Parts {
  const places: Readonly<Record<string, readonly [number, number, number]>> = {
    hips: [0, 1, 0], spine: [0, 0.2, 0], head: [0, 0.3, 0],
    leftUpperArm: [0.2 * front, 0.2, 0], rightUpperArm: [-0.2 * front, 0.2, 0],
    leftEye: [0.03 * front, 0.06, 0.08 * front], rightEye: [-0.03 * front, 0.06, 0.08 * front],
  };
  return {
    nodes: BONES.map((bone) => {
      const above = ABOVE[bone];
      const parent = above === undefined ? {} : { parent: BONES.indexOf(above as (typeof BONES)[number]) };
      return { name: bone, translation: places[bone] ?? [0, -0.2, 0], ...parent };
    }),
    cards: [
      {
        name: "Face", center: [0, 0.05, 0.1 * front], half: 0.08, parent: BONES.indexOf("head"),
        targets: { a: [0, -0.02, 0], joy: [0, 0.01, 0], other: [0, 0, 0.01] },
      },
    ],
  };
}
