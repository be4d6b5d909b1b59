import type { Studio } from "../app/Studio.js";
import { matchOf } from "../logic/Match.js";
import { rateText } from "../logic/Rate.js";
import { rateOf } from "../logic/Settings.js";
import { canSweep, SWEEP } from "../app/Link.js";
import { modelOf } from "../app/Tuning.js";
import { button, el, picker, write } from "./Dom.js";
import { icon } from "./Icons.js";
import { nextLine } from "./SourcePanel.js";

const RATES = ["24", "25", "30000/1001", "30", "50", "60000/1001", "60", "72", "90", "120"];
const UNMATCHED = "Unmatched: the head has them, nothing drives them";
const KINDS: Readonly<Record<string, string>> = {
  arkit: "ARKit shapes",
  viseme: "visemes",
  vrm: "VRM expressions",
  other: "shapes of its own",
};

/** Head, rig, pose rate and model, and how the names of the two sides matched. */
export class RigPanel {
  readonly node = el("div", { class: "rig" });
  readonly #studio: Studio;
  readonly #match = el("div", { class: "match", testId: "match" });

  constructor(studio: Studio) {
    this.#studio = studio;
    this.node.append(
      this.#head(),
      el(
        "section",
        {},
        el("h2", {}, "Next line ", nextLine(studio)),
        this.#rig(),
        this.#rate(),
        this.#model(),
      ),
      el("section", {}, el("h2", { text: "Match" }), this.#match),
    );
    studio.store.watch(
      (state) => state.opened,
      () => this.#showMatch(),
    );
    studio.store.watch(
      (state) => state.head,
      () => this.#showMatch(),
    );
    studio.store.watch(
      (state) => state.openFault,
      () => this.#showMatch(),
    );
  }

  #head(): HTMLElement {
    const { store } = this.#studio;
    const input = el("input", {
      class: "unseen",
      testId: "head-input",
      attributes: {
        type: "file",
        accept: ".glb,.gltf,.vrm",
        tabindex: "-1",
        "aria-hidden": "true",
      },
      on: {
        change: () => {
          void this.#studio.take([...(input.files ?? [])]);
          input.value = "";
        },
      },
    });
    const words = el("p", { class: "head-words", testId: "head-words" });
    const notes = el("ul", { class: "dim notes" });
    store.watch(
      (state) => state.head,
      (head) => {
        write(
          words,
          head === null
            ? "No head is loaded."
            : `${head.name}: ${head.have.length} names, ${KINDS[head.kind] ?? head.kind}`,
        );
        notes.replaceChildren(...(head?.notes ?? []).map((text) => el("li", { text })));
      },
    );
    return el(
      "section",
      {},
      el("h2", { text: "Head" }),
      words,
      notes,
      el(
        "div",
        { class: "row" },
        button("Choose a head…", () => input.click(), {
          icon: icon("file"),
          shows: "both",
          testId: "choose-head",
        }),
        input,
        button("Default head", () => void this.#studio.loadDefaultHead(), {
          testId: "default-head",
        }),
      ),
    );
  }

  #rig(): HTMLElement {
    const rig = picker("Rig", "rig", (value) => this.#studio.change({ rig: value }));
    const show = (): void => {
      const { hello, settings } = this.#studio.store.state;
      const rigs = (hello?.rigs ?? [])
        .filter((name) => name !== "auto")
        .map((name) => ({ value: name, label: name }));
      const isKnown = settings.rig === "auto" || rigs.some(({ value }) => value === settings.rig);
      rig.offer(
        [{ value: "auto", label: "auto: what fits the head" }, ...rigs],
        isKnown ? settings.rig : "auto",
      );
    };
    this.#studio.store.watch((state) => state.hello, show);
    this.#studio.store.watch((state) => state.settings.rig, show);
    return rig.node;
  }

  #rate(): HTMLElement {
    const rate = picker("Pose rate", "fps", (value) => this.#studio.change({ fps: value }));
    const show = (): void => {
      const { settings } = this.#studio.store.state;
      const most = modelOf(this.#studio.store.state)?.fpsMax ?? 240;
      const offered = RATES.includes(settings.fps) ? RATES : [...RATES, settings.fps];
      const entries = offered.map((value) => ({ value, rate: rateOf(value) ?? 60 }));
      const fitting = entries.filter((entry) => Number(rateText(entry.rate)) <= most);
      rate.offer(
        fitting.map((entry) => ({ value: entry.value, label: `${rateText(entry.rate)} poses/s` })),
        settings.fps,
      );
    };
    this.#studio.store.watch((state) => state.hello, show);
    this.#studio.store.watch((state) => state.settings.fps, show);
    return rate.node;
  }

  #model(): HTMLElement {
    const model = picker("Model", "model", (value) => this.#studio.change({ model: value }));
    const show = (): void => {
      const { hello, settings } = this.#studio.store.state;
      const models = (hello?.models ?? []).map(({ name }) => ({ value: name, label: name }));
      if (canSweep(hello)) models.push({ value: SWEEP, label: "sweep: one curve at a time" });
      const chosen = models.some(({ value }) => value === settings.model)
        ? settings.model
        : (models[0]?.value ?? "");
      model.offer(models, chosen);
    };
    this.#studio.store.watch((state) => state.hello, show);
    this.#studio.store.watch((state) => state.settings.model, show);
    return model.node;
  }

  #showMatch(): void {
    const { opened, head, openFault } = this.#studio.store.state;
    if (opened === null) {
      this.#match.replaceChildren(
        el("p", { class: "dim", text: openFault ?? "Nothing to compare until a session is open." }),
        ...(head === null ? [] : [names(UNMATCHED, head.have, openFault !== null)]),
      );
      return;
    }
    const { matched, missing, unmatched } = matchOf(opened, head?.have ?? []);
    this.#match.replaceChildren(
      el(
        "p",
        { class: "match-sum" },
        el("b", { text: `${matched.length}/${matched.length + missing.length}` }),
        ` curves of ${opened.rig} matched by name`,
      ),
      names(
        "Missing: the rig has them, the head has not",
        missing,
        missing.length > 0 && missing.length <= 20,
      ),
      names(UNMATCHED, unmatched, matched.length === 0),
      names("Matched", matched, false),
    );
  }
}

function names(title: string, list: readonly string[], isOpen: boolean): HTMLElement {
  const node = el(
    "details",
    { class: "names" },
    el("summary", {}, `${title} `, el("b", { text: String(list.length) })),
    el("p", { class: "name-list", text: list.length === 0 ? "none" : list.join("  ") }),
  );
  node.open = isOpen;
  return node;
}
