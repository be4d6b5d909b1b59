import { el, mark } from "./Dom.js";

export interface Tab<T extends string> {
  readonly name: T;
  readonly title: string;
  readonly panel: HTMLElement;
}

/** A list of tabs and the panel of the one that is chosen; arrow keys move between them. */
export class Tabs<T extends string> {
  readonly node: HTMLElement;
  readonly #tabs: readonly (Tab<T> & { readonly button: HTMLButtonElement })[];
  readonly #then: (name: T) => void;

  constructor(label: string, tabs: readonly Tab<T>[], then: (name: T) => void) {
    this.#then = then;
    this.#tabs = tabs.map((tab) => ({ ...tab, button: this.#buttonOf(tab) }));
    const list = el(
      "div",
      {
        class: "tabs",
        attributes: { role: "tablist", "aria-label": label },
        on: { keydown: (event) => this.#pressed(event) },
      },
      ...this.#tabs.map((tab) => tab.button),
    );
    for (const { name, panel } of tabs) {
      panel.id = `panel-${name}`;
      panel.classList.add("panel");
      mark(panel, "role", "tabpanel");
      mark(panel, "aria-labelledby", `tab-${name}`);
      panel.tabIndex = 0;
    }
    this.node = el("div", { class: "tabbed" }, list, ...tabs.map((tab) => tab.panel));
  }

  /** Show the panel of a tab. */
  show(name: T): void {
    for (const tab of this.#tabs) {
      const isChosen = tab.name === name;
      mark(tab.button, "aria-selected", isChosen);
      tab.button.tabIndex = isChosen ? 0 : -1;
      tab.panel.hidden = !isChosen;
    }
  }

  #buttonOf(tab: Tab<T>): HTMLButtonElement {
    return el("button", {
      class: "tab",
      id: `tab-${tab.name}`,
      text: tab.title,
      testId: `tab-${tab.name}`,
      attributes: { type: "button", role: "tab", "aria-controls": `panel-${tab.name}` },
      on: { click: () => this.#then(tab.name) },
    });
  }

  #pressed(event: KeyboardEvent): void {
    const at = this.#tabs.findIndex((tab) => tab.button === document.activeElement);
    const last = this.#tabs.length - 1;
    const steps: Record<string, number> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const next = this.#tabs[steps[event.key] ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    this.#then(next.name);
    next.button.focus();
  }
}
