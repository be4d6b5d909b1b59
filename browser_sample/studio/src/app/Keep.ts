import { DEFAULTS, type Settings, settingsFrom, settingsText } from "../logic/Settings.js";
import type { StudioStore } from "./State.js";
import { Debounce } from "./Throttle.js";

const KEY = "a2f-ws studio";

/** The settings of the last visit; the defaults where the browser keeps nothing. */
export function keptSettings(): Settings {
  try {
    const text = localStorage.getItem(KEY);
    return text === null ? firstSettings() : settingsFrom(text);
  } catch {
    return DEFAULTS;
  }
}

/** Those who asked their system for less motion get a head that only blinks until they choose more. */
function firstSettings(): Settings {
  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  return isCalm ? { ...DEFAULTS, idle: "blink" } : DEFAULTS;
}

/** Keep the settings from now on, where the browser allows it. */
export function keepSettings(store: StudioStore): void {
  const write = new Debounce(300, () => {
    try {
      localStorage.setItem(KEY, settingsText(store.state.settings));
    } catch {
      // A private window keeps nothing: the page works without.
    }
  });
  let isFirst = true;
  store.watch(
    (state) => state.settings,
    () => {
      if (!isFirst) write.call();
      isFirst = false;
    },
  );
}
