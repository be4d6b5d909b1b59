import type { Studio } from "../app/Studio.js";
import { THEMES } from "../logic/Settings.js";
import { type Check, checks, doctorText, verdict } from "../logic/Verdict.js";
import { button, el, mark, write } from "./Dom.js";
import { factsOf } from "./Facts.js";
import { icon } from "./Icons.js";

const MARKS: Readonly<Record<Check["state"], string>> = { yes: "✓", no: "✗", open: "·" };
const EVERY_MS = 250;

/** Name, traffic light with its words, doctor line, theme and help. */
export class TopBar {
  readonly #studio: Studio;
  readonly #light = el("span", { class: "light", attributes: { "aria-hidden": "true" } });
  readonly #title = el("strong", { class: "verdict-title", testId: "verdict" });
  readonly #doctor = el("span", { class: "doctor", testId: "doctor", attributes: { role: "img" } });
  readonly #advice: HTMLElement;
  readonly #adviceText = el("span", { testId: "advice" });
  readonly #retry: HTMLButtonElement;
  readonly #theme: HTMLButtonElement;

  /** @param top The page's header. @param stage Where advice is shown. */
  constructor(studio: Studio, top: HTMLElement, stage: HTMLElement) {
    this.#studio = studio;
    this.#theme = button("Theme", () => this.#turnTheme(), {
      icon: icon("theme"),
      testId: "theme",
    });
    const help = button("Help and shortcuts (?)", () => studio.store.patch({ isHelpOpen: true }), {
      icon: icon("help"),
      testId: "help",
    });
    top.append(
      el("h1", { class: "brand" }, "a2f-ws ", el("span", { text: "studio" })),
      el(
        "div",
        {
          class: "verdict",
          testId: "light",
          attributes: { role: "status", "aria-live": "polite" },
        },
        this.#light,
        this.#title,
      ),
      this.#doctor,
      el("div", { class: "top-buttons" }, this.#theme, help),
    );
    this.#retry = button("Try now", () => studio.client.retry(), { testId: "retry" });
    this.#advice = el(
      "div",
      { class: "advice", attributes: { role: "status" } },
      this.#adviceText,
      this.#retry,
    );
    stage.append(this.#advice);
    studio.store.watch(
      (state) => state.settings.theme,
      (theme) => {
        const words = `Theme: ${theme === "system" ? "as the system" : theme}`;
        mark(this.#theme, "aria-label", words);
        this.#theme.title = words;
      },
    );
    setInterval(() => this.#show(), EVERY_MS);
    studio.store.watch(
      (state) => state,
      () => this.#show(),
    );
  }

  #turnTheme(): void {
    const { theme } = this.#studio.store.state.settings;
    this.#studio.change({ theme: THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system" });
  }

  #show(): void {
    const facts = factsOf(this.#studio.store.state, performance.now());
    const { light, title, advice } = verdict(facts);
    mark(this.#light, "data-light", light);
    mark(this.#advice, "data-light", light);
    write(this.#title, title);
    this.#advice.hidden = advice === "";
    write(this.#adviceText, advice);
    this.#retry.hidden = facts.server !== "waiting";
    const text = doctorText(facts);
    if (this.#doctor.getAttribute("aria-label") === text) return;
    mark(this.#doctor, "aria-label", text);
    this.#doctor.replaceChildren(
      ...checks(facts).map(({ name, state, detail }) =>
        el(
          "span",
          { class: `check check-${state}`, attributes: { "aria-hidden": "true" } },
          `${name} `,
          el("b", { text: detail || MARKS[state] }),
        ),
      ),
    );
  }
}
