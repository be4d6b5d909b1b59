// Drives a2fws.jslib in headless Chromium as Unity's player would: with a heap, strings in it, and one thread.
//   node jslib.mjs LIBRARY PACKAGES SOCKET_URL PAGE_URL
// PACKAGES is a node_modules folder with playwright-core; SOCKET_URL sends back what it is sent, and closes with 4503 when that is
// the byte 0; PAGE_URL is any page on localhost, since browsers give the microphone to such only. Prints one line of JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { join } from "node:path";

const [library, packages, socketUrl, pageUrl] = process.argv.slice(2);
const { chromium } = createRequire(join(packages, "here.js"))("playwright-core");
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env["A2F_CHROMIUM"] ?? places.find((place) => existsSync(place));
const browser = await chromium.launch({
  executablePath,
  args: [
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
  ],
});
try {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(pageUrl);
  await page.evaluate((source) => {
    const heap = new ArrayBuffer(1 << 22);
    const merged = {};
    globalThis.HEAPU8 = new Uint8Array(heap);
    globalThis.HEAPF32 = new Float32Array(heap);
    globalThis.LibraryManager = { library: {} };
    globalThis.mergeInto = (_, all) => Object.assign(merged, all);
    // As Emscripten does: what begins with $ becomes a global of its own.
    globalThis.autoAddDeps = () => undefined;
    globalThis.UTF8ToString = (at) => {
      let end = at;
      while (HEAPU8[end]) end++;
      return new TextDecoder().decode(HEAPU8.slice(at, end));
    };
    (0, eval)(source);
    globalThis.A2FWeb = merged.$A2FWeb;
    globalThis.lib = merged;
    globalThis.put = (text, at) => {
      HEAPU8.set([...new TextEncoder().encode(text), 0], at);
      return at;
    };
    globalThis.until = async (claim) => {
      for (const end = performance.now() + 5000; !claim() && performance.now() < end; ) {
        await new Promise((go) => setTimeout(go, 10));
      }
      return claim();
    };
  }, readFileSync(library, "utf8"));
  const told = await page.evaluate(async (url) => {
    const told = { errors: [] };
    await socket(told, url);
    await player(told);
    await microphone(told);
    return told;

    async function socket(told, url) {
      const id = lib.A2FWebSocketOpen(put(url, 1024), put("a2f.v1.msgpack", 2048));
      told.connecting = lib.A2FWebSocketState(id);
      told.open = await until(() => lib.A2FWebSocketState(id) === 1);
      told.echoes = [];
      for (const size of [1, 200, 100000]) {
        const at = 1 << 16;
        for (let k = 0; k < size; k++) HEAPU8[at + k] = 1 + ((k * 7 + size) % 250);
        lib.A2FWebSocketSend(id, at, size);
        await until(() => lib.A2FWebSocketNext(id) === size);
        const to = 1 << 20;
        lib.A2FWebSocketTake(id, to);
        let same = true;
        for (let k = 0; k < size; k++) same &&= HEAPU8[to + k] === 1 + ((k * 7 + size) % 250);
        told.echoes.push(same && lib.A2FWebSocketNext(id) === -1);
      }
      HEAPU8[4096] = 0;
      lib.A2FWebSocketSend(id, 4096, 1);
      told.closed = await until(() => lib.A2FWebSocketState(id) === 2);
      told.code = lib.A2FWebSocketCode(id);
      const count = lib.A2FWebSocketReason(id, 8192, 512);
      told.reason = new TextDecoder().decode(HEAPU8.slice(8192, 8192 + count));
      lib.A2FWebSocketForget(id);
      told.forgotten = lib.A2FWebSocketState(id) === 2 && Object.keys(A2FWeb.sockets).length === 0;
      const none = lib.A2FWebSocketOpen(put("ws://localhost:1", 1024), put("a2f.v1.msgpack", 2048));
      told.nobody = (await until(() => lib.A2FWebSocketState(none) === 2)) && lib.A2FWebSocketCode(none);
    }

    async function player(told) {
      const id = lib.A2FWebPlayerOpen();
      told.running = await until(() => lib.A2FWebPlayerIsRunning(id) === 1);
      const rate = 16000;
      for (let k = 0; k < rate; k++) HEAPF32[(1 << 18) + k] = Math.sin(k / 10);
      const at = lib.A2FWebPlayerWrite(id);
      lib.A2FWebPlayerPut(id, 1 << 20, rate, rate, rate, at);
      const before = lib.A2FWebPlayerHeard(id);
      await new Promise((go) => setTimeout(go, 300));
      told.heard = lib.A2FWebPlayerHeard(id) - before;
      told.sources = A2FWeb.players[id].sources.size;
      const end = lib.A2FWebPlayerCut(id, 0.01);
      told.cut = end > at && (await until(() => A2FWeb.players[id].sources.size === 0));
      lib.A2FWebPlayerVolume(id, 0.5);
      told.volume = A2FWeb.players[id].out.gain.value;
      lib.A2FWebPlayerClose(id);
      told.gone = lib.A2FWebPlayerWrite(id) === 0;
    }

    async function microphone(told) {
      const id = lib.A2FWebMicrophoneOpen();
      told.captures = await until(() => lib.A2FWebMicrophoneState(id) === 1);
      told.rate = lib.A2FWebMicrophoneRate();
      let taken = 0;
      let peak = 0;
      await until(() => {
        const count = lib.A2FWebMicrophoneTake(id, 1 << 20, 4096);
        for (let k = 0; k < count; k++) peak = Math.max(peak, Math.abs(HEAPF32[(1 << 18) + k]));
        taken += count;
        return taken > told.rate / 2 && peak > 0;
      });
      told.taken = taken;
      told.peak = peak;
      lib.A2FWebMicrophoneClose(id);
      told.ended = lib.A2FWebMicrophoneState(id) === 2;
    }
  }, socketUrl);
  told.errors = errors;
  console.log(JSON.stringify(told));
} finally {
  await browser.close();
}
