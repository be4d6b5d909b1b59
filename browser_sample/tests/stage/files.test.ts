import { describe, expect, test } from "vitest";
import { LARGEST_BYTES, readContainer } from "../../studio/src/stage/Container.js";
import { loadHead, headOf } from "../../studio/src/stage/loadHead.js";
import { StageError } from "../../studio/src/stage/StageError.js";
import { arkit, ARKIT_PARTS, vrm1 } from "./heads.js";
import { makeBroken, makeGlb } from "./makeGltf.js";

/** The sentence that a file is refused with. */
async function refusal(bytes: Uint8Array<ArrayBuffer>, name = "x.glb"): Promise<string> {
  try {
    await headOf(bytes, name);
  } catch (error) {
    if (error instanceof StageError) return error.message;
    throw error;
  }
  return "it was taken";
}

function text(words: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(words);
}

const MESH = { primitives: [{ attributes: {}, targets: [{}] }] };

describe("a file that is no head is refused in plain words", () => {
  test("when it is something else altogether", async () => {
    expect(await refusal(text("Kaydara FBX Binary  "), "a.fbx")).toBe(
      "a.fbx looks like an FBX file; the stage takes .glb, .vrm, and .gltf with everything inside.",
    );
    expect(await refusal(text("<!doctype html><p>404"))).toContain("a web page");
    expect(await refusal(text("PK\x03\x04"))).toContain("a ZIP archive");
    expect(await refusal(text("\x00\x01\x02"))).toContain("something else");
    expect(await refusal(text(""))).toContain("is empty");
  });

  test("when it ends before it should, wherever it is cut", async () => {
    const whole = arkit();
    for (const length of [4, 12, 19, 40, 200, whole.byteLength - 1]) {
      expect(await refusal(whole.slice(0, length))).toBe("x.glb is cut off: it is shorter than it says.");
    }
  });

  test("when its JSON is broken or of another version", async () => {
    expect(await refusal(text("{ nonsense"), "x.gltf")).toBe("x.gltf cannot be read: its JSON is broken.");
    expect(await refusal(text("{}"), "x.gltf")).toContain("no glTF");
    expect(await refusal(makeBroken({ asset: { version: "1.0" } }))).toBe("x.glb is glTF 1.0; the stage reads glTF 2.0.");
    const old = arkit();
    new DataView(old.buffer).setUint32(4, 1, true);
    expect(await refusal(old)).toBe("x.glb is a GLB of version 1; the stage reads version 2.");
  });

  test("when it needs other files beside it", async () => {
    const json = { meshes: [MESH], buffers: [{ uri: "head.bin", byteLength: 4 }], images: [{ uri: "skin.png" }] };
    expect(await refusal(makeBroken(json))).toBe(
      "x.glb needs other files (head.bin and 1 more); save it as .glb, which has everything inside.",
    );
  });

  test("when it is compressed in a way that needs a decoder", async () => {
    for (const [extension, words] of [
      ["KHR_draco_mesh_compression", "Draco"], ["EXT_meshopt_compression", "meshopt"], ["KHR_texture_basisu", "KTX2"],
    ] as const) {
      const sentence = await refusal(makeBroken({ meshes: [MESH], extensionsRequired: [extension] }));
      expect(sentence).toContain(words);
      expect(sentence).toContain("without compression");
    }
  });

  test("when it has no meshes, or none that moves", async () => {
    expect(await refusal(makeBroken({}))).toBe("x.glb has no meshes: there is nothing to show.");
    const stiff = makeGlb({ cards: [{ name: "Cube", center: [0, 0, 0], half: 1 }] });
    expect(await refusal(stiff)).toContain("1 mesh, but no morph targets and no expressions");
  });

  test("when its insides contradict each other", async () => {
    const json = { meshes: [{ primitives: [{ attributes: { POSITION: 7 }, targets: [{ POSITION: 8 }] }] }], nodes: [{ mesh: 0 }], scenes: [{ nodes: [0] }], scene: 0 };
    expect(await refusal(makeBroken(json))).toMatch(/^x\.glb cannot be read: /);
  });

  test("when it is a VRM none of whose expressions moves anything", async () => {
    const extensions = { VRMC_vrm: { specVersion: "1.0", meta: {}, humanoid: { humanBones: {} }, expressions: { preset: { aa: {} } } } };
    const sentence = await refusal(makeGlb({ cards: [{ name: "Card", center: [0, 0, 0], half: 1 }], extensions }));
    expect(sentence).toMatch(/^x\.glb (has no expression|cannot be read)/);
  });

  test("when it is larger than the stage takes, before it is read", async () => {
    const file = { name: "big.glb", size: LARGEST_BYTES + 1 } as File;
    await expect(loadHead(file)).rejects.toThrow("big.glb has 200 MB; the stage takes files of up to 200 MB.");
  });

  test("when its server does not have it", async () => {
    await expect(loadHead("data:text/plain,hello")).rejects.toThrow("looks like something else");
    await expect(loadHead("http://127.0.0.1:9/head.glb")).rejects.toThrow("head.glb could not be fetched");
  });
});

test("a file is taken as a File just as from an address", async () => {
  const head = await loadHead(new File([vrm1()], "one.vrm"));
  expect([head.name, head.kind]).toEqual(["one.vrm", "vrm"]);
});

test("a file that lies inside a larger buffer is read from its own start", async () => {
  const whole = arkit();
  const larger = new Uint8Array(whole.byteLength + 32);
  larger.set(whole, 16);
  const head = await headOf(larger.subarray(16, 16 + whole.byteLength), "head.glb");
  expect(head.have).toContain("jawOpen");
});

test("a compression that is only offered, not required, is no reason to refuse", () => {
  const bytes = makeGlb({ ...ARKIT_PARTS, extra: { extensionsUsed: ["KHR_draco_mesh_compression"] } });
  expect(readContainer(bytes, "x.glb").json.meshes).toHaveLength(3);
});

test("every part of a head that goes is given back", async () => {
  const head = await headOf(arkit(), "head.glb");
  const gone: string[] = [];
  for (const { mesh } of [...head.shapes.values()].flat()) {
    if (mesh.userData["seen"]) continue;
    mesh.userData["seen"] = true;
    mesh.geometry.addEventListener("dispose", () => gone.push(`${mesh.name} geometry`));
    if (!Array.isArray(mesh.material)) mesh.material.addEventListener("dispose", () => gone.push(`${mesh.name} material`));
  }
  head.dispose();
  expect(new Set(gone)).toEqual(new Set(["Face", "Teeth", "Lens"].flatMap((name) => [`${name} geometry`, `${name} material`])));
});
