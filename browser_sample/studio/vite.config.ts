import { defineConfig } from "vite";

const SERVER = "http://127.0.0.1:8765";

/** The page goes into the Python package; everything it needs is below its own address. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  build: {
    outDir: "../../a2f_ws/_studio",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.txt" },
    chunkSizeWarningLimit: 1500,
  },
  worker: { format: "es" },
  server: { proxy: proxy() },
  preview: { proxy: proxy() },
});

/** The server of poses behind the page, as in `a2f-ws serve`; /a2f stands for its WebSocket. */
function proxy(): Record<
  string,
  { target: string; ws?: boolean; rewrite?: (path: string) => string }
> {
  return {
    "/head.glb": { target: SERVER },
    "/speech.flac": { target: SERVER },
    "/a2f": { target: SERVER, ws: true, rewrite: () => "/" },
  };
}
