import type { StudioStore } from "../app/State.js";
import { button, el } from "./Dom.js";

const KEYS: readonly (readonly [string, string])[] = [
  ["Space", "play, pause"],
  ["Esc", "interrupt: drop the line, close the mouth"],
  ["M", "microphone on, off"],
  ["L", "loop on, off"],
  ["1 2 3", "portrait, three-quarter, mouth"],
  ["← →", "timeline: 0.1 s; with Shift 1 s"],
  ["Home End", "timeline: to the start, to the end"],
  ["+ − 0", "timeline: closer, further, all"],
  ["?", "this help"],
];

const STEPS: readonly string[] = [
  "Press Play: the bundled clip is sent to the server, and the head speaks what comes back.",
  "Or press Microphone and talk; the head follows by the look-ahead. Your voice goes to this server only and is never stored.",
  "Drop a sound, or a head with ARKit, viseme or VRM shapes, anywhere on the page.",
  "Emotion and face parameters act on the line that runs after about half a second, idle life at once. Rig, pose rate, model and pacing act from the next line.",
  "Tick curves in the tab Curves to see them below the waveform; click there to go to a time.",
];

/** A dialog with the first steps and the keys. */
export class Help {
  constructor(store: StudioStore) {
    const dialog = el("dialog", {
      class: "help",
      testId: "help-dialog",
      attributes: { "aria-labelledby": "help-title" },
    });
    const close = button("Close", () => dialog.close(), { class: "button-main" });
    close.autofocus = true;
    dialog.append(
      el("h2", { id: "help-title", text: "How this page works" }),
      el("ol", {}, ...STEPS.map((text) => el("li", { text }))),
      el("h3", { text: "Keys" }),
      el(
        "dl",
        { class: "keys" },
        ...KEYS.flatMap(([key, text]) => [
          el("dt", {}, ...key.split(" ").map((part) => el("kbd", { text: part }))),
          el("dd", { text }),
        ]),
      ),
      el(
        "p",
        { class: "help-note" },
        "In the browser's console, ",
        el("code", { text: "a2f" }),
        " is this page as a script sees it. ",
        el("a", {
          text: "Licences of the parts",
          attributes: { href: "/licenses.txt", target: "_blank", rel: "noopener" },
        }),
      ),
      close,
    );
    dialog.addEventListener("close", () => store.patch({ isHelpOpen: false }));
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    document.body.append(dialog);
    store.watch(
      (state) => state.isHelpOpen,
      (isOpen) => {
        if (isOpen && !dialog.open) dialog.showModal();
        if (!isOpen && dialog.open) dialog.close();
      },
    );
  }
}
