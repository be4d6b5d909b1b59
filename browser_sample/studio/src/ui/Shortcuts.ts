import type { Studio } from "../app/Studio.js";
import { CAMERAS } from "../logic/Settings.js";

/** Keys of the whole page; those of a field or button that has the focus come first. */
export function listenToKeys(studio: Studio): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (studio.store.state.isHelpOpen || isTaken(event)) return;
    if (!act(studio, event.key)) return;
    event.preventDefault();
  });
}

function act(studio: Studio, key: string): boolean {
  const { store, talk } = studio;
  const camera = CAMERAS[["1", "2", "3"].indexOf(key)];
  if (camera !== undefined) {
    studio.change({ camera });
    studio.stage?.camera(camera);
  } else if (key === " ") void talk.toggle();
  else if (key === "Escape") talk.interrupt();
  else if (key === "m" || key === "M") void talk.toggleMicrophone();
  else if (key === "l" || key === "L") studio.change({ loop: !store.state.settings.loop });
  else if (key === "?") store.patch({ isHelpOpen: true });
  else return false;
  return true;
}

function isTaken(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return event.key !== "Escape";
  if (target instanceof HTMLInputElement) {
    const isText = target.type === "text" || target.type === "search" || target.type === "number";
    return isText || (event.key === " " && target.type !== "range");
  }
  return event.key === " " && (target instanceof HTMLButtonElement || target.tagName === "SUMMARY");
}
