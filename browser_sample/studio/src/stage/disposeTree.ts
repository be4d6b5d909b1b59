/** Gives back what a scene graph holds on the graphics card and in decoded images. */

import { type Material, type Mesh, type Object3D, type SkinnedMesh, Texture } from "three";

/** Disposes of geometries, skeletons, materials and textures below a node, each once; for good. */
export function disposeTree(root: Object3D): void {
  for (const texture of releaseTree(root)) {
    const image: unknown = texture.image;
    if (typeof ImageBitmap !== "undefined" && image instanceof ImageBitmap) image.close();
  }
}

/**
 * Gives back what a scene holds on the graphics card; what is drawn again goes there again.
 *
 * @returns Its textures, whose pictures are kept.
 */
export function releaseTree(root: Object3D): Set<Texture> {
  const materials = new Set<Material>();
  root.traverse((object) => {
    const mesh = object as Partial<Mesh> & Partial<SkinnedMesh>;
    mesh.geometry?.dispose();
    mesh.skeleton?.dispose();
    for (const material of [mesh.material ?? []].flat()) materials.add(material);
  });
  const textures = new Set<Texture>();
  for (const material of materials) {
    for (const texture of texturesOf(material)) textures.add(texture);
    material.dispose();
  }
  for (const texture of textures) texture.dispose();
  return textures;
}

function texturesOf(material: Material): Texture[] {
  const uniforms = (material as { uniforms?: Record<string, { value: unknown }> }).uniforms ?? {};
  const values: unknown[] = [...Object.values(material), ...Object.values(uniforms).map(({ value }) => value)];
  return values.filter((value): value is Texture => value instanceof Texture);
}
