import type { Studio } from "../app/Studio.js";

/** Colours of the style sheet, for what is painted on canvases. */
export interface Palette {
  readonly text: string;
  readonly dim: string;
  readonly line: string;
  readonly ground: string;
  readonly wave: string;
  readonly accent: string;
  readonly lanes: readonly string[];
}

const LANES = 8;

/** Dark or light, as chosen or as the system has it. */
export class Look {
  readonly #query = window.matchMedia("(prefers-color-scheme: light)");
  readonly #listeners = new Set<() => void>();
  #palette: Palette;

  constructor(studio: Studio) {
    const follow = (): void => {
      const { theme } = studio.store.state.settings;
      const isLight = theme === "light" || (theme === "system" && this.#query.matches);
      document.documentElement.dataset["theme"] = isLight ? "light" : "dark";
      studio.stage?.theme(isLight ? "light" : "dark");
      this.#palette = paletteNow();
      for (const tell of this.#listeners) tell();
    };
    this.#palette = paletteNow();
    studio.store.watch((state) => state.settings.theme, follow);
    this.#query.addEventListener("change", follow);
  }

  get palette(): Palette {
    return this.#palette;
  }

  onChange(then: () => void): void {
    this.#listeners.add(then);
  }
}

function paletteNow(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: colour("text"),
    dim: colour("dim"),
    line: colour("line"),
    ground: colour("well"),
    wave: colour("wave"),
    accent: colour("accent"),
    lanes: Array.from({ length: LANES }, (_, at) => colour(`lane-${at + 1}`)),
  };
}
