const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a field of 16 × 16. */
const PATHS = {
  play: "M4.5 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  stop: "M3.5 3.5h9v9h-9z",
  loop: "M3 8a4 4 0 0 1 4-4h5m-2-2.2L12.2 4 10 6.2M13 8a4 4 0 0 1-4 4H4m2 2.2L3.8 12 6 9.8",
  microphone:
    "M8 1.8a2.1 2.1 0 0 1 2.1 2.1v3.6a2.1 2.1 0 0 1-4.2 0V3.9A2.1 2.1 0 0 1 8 1.8zM3.6 7.5a4.4 4.4 0 0 0 8.8 0M8 12v2.4M5.6 14.4h4.8",
  volume: "M2 6h2.6L8 3v10L4.6 10H2zM10.5 5.5a3.5 3.5 0 0 1 0 5M12.4 3.6a6.2 6.2 0 0 1 0 8.8",
  theme: "M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12",
  help: "M5.6 6a2.4 2.4 0 1 1 3.7 2c-.8.5-1.3.9-1.3 1.9M8 12.4v.6",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  camera: "M2 5h2.6l1-1.6h4.8l1 1.6H14v8H2zM8 6.6a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6z",
  file: "M3.5 1.8h5.6l3.4 3.4v9h-9zM9 2v3.4h3.4",
  zoomIn: "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 10l3.6 3.6M5 7h4M7 5v4",
  zoomOut: "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 10l3.6 3.6M5 7h4",
  reset: "M3.2 8a4.8 4.8 0 1 0 1.6-3.6M3 2.4v2.8h2.8",
} as const;

const SOLID: ReadonlySet<string> = new Set(["play", "pause", "stop"]);

export type IconName = keyof typeof PATHS;

/** A small drawing in the colour of the text around it; hidden from screen readers. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", SOLID.has(name) ? "icon icon-solid" : "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
