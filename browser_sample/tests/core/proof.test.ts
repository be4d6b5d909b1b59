import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { proofOf, sha256 } from "../../src/core/Proof.js";

test("the example of obs-websocket gives its authentication string", () => {
  const salt = "lM1GncleQOaCu9lT1yeUZhFYnqhsLLP1G5lAGo3ixaI=";
  const challenge = "+IxH4CnCiqpX1rM9scsNynZzbOe4KhDeYcTNS3PDaeY=";
  expect(proofOf("supersecretpassword", salt, challenge)).toBe("1Ct943GAT+6YQUUX47Ia/ncufilbe6+oD6lY+5kaCu4=");
});

test("digests are those of another implementation, whatever the length", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length * 7) & 255);
    expect(Buffer.from(sha256(bytes)).toString("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});

test("text counts as UTF-8", () => {
  const twice = (text: string): string => createHash("sha256").update(text, "utf8").digest("base64");
  expect(proofOf("pässword 鍵", "s", "c")).toBe(twice(`${twice("pässword 鍵s")}c`));
});
