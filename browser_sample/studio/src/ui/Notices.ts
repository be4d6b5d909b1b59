import { type Notice, retract, type StudioStore } from "../app/State.js";
import { button, el } from "./Dom.js";
import { icon } from "./Icons.js";

const INFO_MS = 6_000;

/** What was told, until it is taken back or put away; information goes by itself. */
export class Notices {
  readonly #store: StudioStore;
  readonly #list = el("div", { class: "notices", testId: "notices" });
  readonly #shown = new Map<Notice, HTMLElement>();

  constructor(store: StudioStore, host: HTMLElement) {
    this.#store = store;
    host.append(this.#list);
    store.watch(
      (state) => state.notices,
      (notices) => this.#show(notices),
    );
  }

  #show(notices: readonly Notice[]): void {
    for (const [notice, node] of this.#shown) {
      if (notices.includes(notice)) continue;
      node.remove();
      this.#shown.delete(notice);
    }
    for (const notice of notices) {
      if (this.#shown.has(notice)) continue;
      const node = this.#nodeOf(notice);
      this.#shown.set(notice, node);
      this.#list.append(node);
      if (notice.level === "info") setTimeout(() => this.#drop(notice), INFO_MS);
    }
  }

  #nodeOf(notice: Notice): HTMLElement {
    return el(
      "div",
      {
        class: `notice notice-${notice.level}`,
        attributes: { role: notice.level === "error" ? "alert" : "status" },
      },
      el("p", { text: notice.text }),
      button("Dismiss", () => this.#drop(notice), { icon: icon("close"), class: "notice-close" }),
    );
  }

  #drop(notice: Notice): void {
    if (this.#store.state.notices.includes(notice)) retract(this.#store, notice.key);
  }
}
