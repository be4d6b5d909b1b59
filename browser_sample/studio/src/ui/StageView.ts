import type { Studio } from "../app/Studio.js";
import type { Camera } from "../logic/Settings.js";
import { button, choice, el, write } from "./Dom.js";
import { icon } from "./Icons.js";

const VIEWS: readonly { value: Camera; label: string; title: string }[] = [
  { value: "portrait", label: "Portrait", title: "Portrait (1)" },
  { value: "threeQuarter", label: "Three-quarter", title: "Three-quarter (2)" },
  { value: "mouth", label: "Mouth", title: "Mouth close up (3)" },
];

/** The head with its cameras, and where files are dropped: anywhere on the page. */
export class StageView {
  constructor(studio: Studio, area: HTMLElement, canvas: HTMLCanvasElement) {
    const views = choice("camera", VIEWS, (camera) => {
      studio.change({ camera });
      studio.stage?.camera(camera);
    });
    studio.store.watch(
      (state) => state.settings.camera,
      (camera) => views.show(camera),
    );
    // A view that was turned by hand is none of the three.
    studio.stage?.onPreset((camera) => views.show(camera));
    const still = button("Save a picture", () => void studio.exporter.still(), {
      icon: icon("camera"),
      testId: "still",
    });
    const name = el("span", { class: "head-name", testId: "head-name" });
    studio.store.watch(
      (state) => state.head,
      (head) => {
        write(name, head?.name ?? "");
        name.hidden = head === null;
      },
    );
    const bar = el("div", { class: "stage-bar" }, views.node, still, name);
    const empty = el("p", {
      class: "stage-empty",
      text: "The head cannot be drawn without WebGL. Sound, curves, and export as CSV and JSON work.",
    });
    studio.store.watch(
      (state) => state.hasWebGl,
      (hasWebGl) => {
        empty.hidden = hasWebGl;
        canvas.hidden = !hasWebGl;
        bar.hidden = !hasWebGl;
      },
    );
    area.append(empty, bar);
    new ResizeObserver(() => studio.stage?.resize()).observe(area);
    acceptDrops(studio);
  }
}

function acceptDrops(studio: Studio): void {
  const curtain = el(
    "div",
    { class: "curtain", attributes: { "aria-hidden": "true" } },
    el("p", { text: "Drop a head (.glb, .vrm) or sounds" }),
  );
  curtain.hidden = true;
  document.body.append(curtain);
  const hasFiles = (event: DragEvent): boolean =>
    event.dataTransfer?.types.includes("Files") ?? false;
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    curtain.hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) curtain.hidden = true;
  });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    curtain.hidden = true;
    void studio.take([...(event.dataTransfer?.files ?? [])]);
  });
}
