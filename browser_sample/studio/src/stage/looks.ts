/** Materials of heads that come with plain colours only: skin, eyes, teeth, tongue as they look. */

import {
  Box3, type BufferAttribute, type IUniform, type Material, type Mesh, MeshPhysicalMaterial,
  type MeshPhysicalMaterialParameters, type MeshStandardMaterial, type Object3D, Vector2, Vector3,
} from "three";
import { CLOTH, EYE, FADE, MOUTH, patch, type Piece, SHELLS, SKIN } from "./looksGlsl.js";
import { meshesOf } from "./parts.js";

/** Diameter of a human eye, and height of a head with a neck, metres: they tell the unit of a mesh. */
const EYE_M = 0.024;
const HEAD_M = 0.26;

interface Look {
  readonly surface: MeshPhysicalMaterialParameters;
  readonly pieces: readonly Piece[];
  /** Uniforms of the pieces for a mesh with this box. */
  readonly uniforms: (box: Box3) => Record<string, IUniform>;
}

const HAIR: Look = { surface: { roughness: 0.7, specularIntensity: 0.35 }, pieces: [], uniforms: () => ({}) };

/** Hair that a texture cuts out of shells around the scalp; the shells' own ends are in the vertices' opacity. */
const HAIR_SHELLS: Look = { ...HAIR, pieces: SHELLS };

/** What is inside of the head: where it is seen edge-on, inexact depths would let it through the skin. */
const INSIDE = { polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 };

const LOOKS: Readonly<Record<string, Look>> = {
  skin: {
    surface: {
      roughness: 0.5, specularIntensity: 0.75, sheen: 0.35, sheenRoughness: 0.4, sheenColor: 0x7a4a3a,
      clearcoat: 0.08, clearcoatRoughness: 0.3,
    },
    pieces: SKIN,
    uniforms: ({ min, max }) => ({ unit: { value: (max.y - min.y) / HEAD_M } }),
  },
  eye: {
    surface: { roughness: 0.42, specularIntensity: 0.3, clearcoat: 1, clearcoatRoughness: 0.05 },
    pieces: EYE,
    uniforms: ({ min, max }) => ({ unit: { value: (max.y - min.y) / EYE_M } }),
  },
  teeth: {
    surface: { ...INSIDE, roughness: 0.3, specularIntensity: 0.7, clearcoat: 0.4, clearcoatRoughness: 0.12 },
    pieces: MOUTH,
    uniforms: depthOf,
  },
  tongue: {
    surface: { ...INSIDE, roughness: 0.45, specularIntensity: 0.6, clearcoat: 0.35, clearcoatRoughness: 0.25 },
    pieces: MOUTH,
    uniforms: depthOf,
  },
  mouth: { surface: { ...INSIDE, roughness: 0.6, specularIntensity: 0.3 }, pieces: MOUTH, uniforms: depthOf },
  cloth: { surface: { roughness: 0.9, sheen: 0.5, sheenRoughness: 0.5, specularIntensity: 0.3 }, pieces: CLOTH, uniforms: () => ({ unit: { value: 1 } }) },
  hair: HAIR,
  lashes: HAIR,
};

/**
 * Gives a head's materials their look, where its file leaves that open: named skin, eye, teeth,
 * tongue, hair, lashes, mouth or cloth, and coloured by vertex. Materials with textures stay as their
 * makers wanted them. What is dressed ends at its lower end in the backdrop.
 *
 * @param root The head, its world matrices up to date.
 * @param stage Uniforms of the stage: `keyView` and those of the backdrop.
 * @param all Box around all of the head.
 */
export function dress(root: Object3D, stage: Record<string, IUniform>, all: Box3): void {
  for (const mesh of meshesOf(root)) {
    mesh.castShadow = true;
    mesh.receiveShadow = true;
    if (Array.isArray(mesh.material)) continue;
    const high = all.max.y - all.min.y;
    const floor = all.min.y - mesh.getWorldPosition(new Vector3()).y;
    const fade = { value: new Vector2(floor + 0.01 * high, floor + 0.14 * high) };
    const dressed = dressedAs(mesh.material, mesh, { ...stage, fade });
    if (dressed === null) continue;
    mesh.material = dressed;
    mesh.userData["look"] = LOOKS[dressed.name]?.surface;
  }
}

/** Leaves out what costs most of a dressed head's picture, or brings it back. */
export function simplify(root: Object3D, isLight: boolean): void {
  for (const mesh of meshesOf(root)) {
    const look = mesh.userData["look"] as MeshPhysicalMaterialParameters | undefined;
    if (look === undefined) continue;
    const material = mesh.material as MeshPhysicalMaterial;
    material.defines = { STANDARD: "", PHYSICAL: "", ...(isLight ? { LIGHT: "" } : {}) };
    material.clearcoat = isLight && material.name !== "eye" ? 0 : (look.clearcoat ?? 0);
    material.sheen = isLight ? 0 : (look.sheen ?? 0);
    material.needsUpdate = true;
  }
}

function dressedAs(material: Material, mesh: Mesh, stage: Record<string, IUniform>): Material | null {
  const plain = material as MeshStandardMaterial;
  const isShells = hasShells(plain, mesh);
  const look = isShells ? HAIR_SHELLS : LOOKS[plain.name];
  const box = boxOf(mesh);
  if (look === undefined || box === null || !plain.isMeshStandardMaterial) return null;
  if (plain.map !== null && !isShells) return null;
  if (look.pieces === EYE && !isRound(box)) return null;
  const dressed = new MeshPhysicalMaterial({
    name: plain.name, color: plain.color, vertexColors: plain.vertexColors, side: plain.side, metalness: 0,
    map: plain.map, alphaTest: plain.alphaTest, ...look.surface,
  });
  const uniforms = { ...stage, ...look.uniforms(box) };
  dressed.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, uniforms);
    const pieces = look.pieces.length > 0 && !isShells ? [...look.pieces, ...FADE] : look.pieces;
    shader.vertexShader = patch(shader.vertexShader, pieces, "vertex");
    shader.fragmentShader = patch(shader.fragmentShader, pieces, "fragment");
  };
  dressed.customProgramCacheKey = () => `look ${plain.name} ${isShells}`;
  plain.dispose();
  return dressed;
}

/** Hair as our own head has it: cut by a texture, thinned by the opacity of its vertices. */
function hasShells(material: MeshStandardMaterial, { geometry }: Mesh): boolean {
  if (material.name !== "hair" || !material.map || material.alphaTest <= 0) return false;
  return geometry.hasAttribute("color") && geometry.getAttribute("color").itemSize === 4;
}

function depthOf({ min, max }: Box3): Record<string, IUniform> {
  return { unit: { value: 1 }, depth: { value: new Vector2(min.z, max.z) } };
}

/** The box of a mesh at rest; null for one without colours. */
function boxOf({ geometry }: Mesh): Box3 | null {
  // The geometry's own box has room for all morph targets.
  const places = geometry.getAttribute("position");
  return geometry.hasAttribute("color") ? new Box3().setFromBufferAttribute(places as BufferAttribute) : null;
}

/** A ball around the mesh's own middle, as the painted iris needs it. */
function isRound(box: Box3): boolean {
  const size = box.getSize(new Vector3());
  return box.getCenter(new Vector3()).length() < 0.2 * size.y && Math.abs(size.x - size.y) < 0.2 * size.y;
}
