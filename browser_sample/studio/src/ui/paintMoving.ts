import { xOf } from "../logic/Timespan.js";
import type { Palette } from "./Look.js";
import { FONT, type Frame, laneRange, laneY, RULER, type Scene } from "./TimelineFrame.js";

/** What changes with every picture. */
export interface Moving {
  readonly playUs: number | null;
  /** Time under the pointer, microseconds; null = it is elsewhere. */
  readonly hoverUs: number | null;
  readonly hoverText: string;
}

/** Paint play head, pointer, and the names of the lanes with their values there. */
export function paintMoving(
  context: CanvasRenderingContext2D,
  frame: Frame,
  scene: Scene,
  palette: Palette,
  moving: Moving,
): void {
  context.clearRect(0, 0, frame.width, frame.height);
  context.font = FONT;
  context.textBaseline = "middle";
  const width = frame.width - frame.gutter;
  const at = moving.hoverUs ?? moving.playUs;
  if (moving.playUs !== null)
    paintHead(context, frame, frame.gutter + xOf(scene.span, moving.playUs, width), palette.accent);
  if (moving.hoverUs !== null) {
    const x = frame.gutter + xOf(scene.span, moving.hoverUs, width);
    context.strokeStyle = palette.dim;
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, frame.height);
    context.stroke();
    context.setLineDash([]);
    paintTag(
      context,
      moving.hoverText,
      { x, y: RULER / 2, right: frame.width },
      palette,
      palette.text,
    );
  }
  const pose = at === null ? null : (scene.take?.at(at) ?? null);
  scene.curves.forEach((name, lane) => {
    const curve = scene.take?.form.curves.indexOf(name) ?? -1;
    const value =
      pose === null || at === null || at > scene.arrivedUs ? null : (pose.row[curve] ?? null);
    const colour = palette.lanes[lane % palette.lanes.length] ?? palette.text;
    paintName(context, frame, palette, {
      name,
      lane,
      value,
      colour,
      range: laneRange(scene.take, curve),
    });
    if (moving.hoverUs === null || value === null) return;
    const x = frame.gutter + xOf(scene.span, moving.hoverUs, width);
    const y = laneY(frame, lane, laneRange(scene.take, curve))(value);
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x, y, 3, 0, 2 * Math.PI);
    context.fill();
    paintTag(
      context,
      value.toFixed(2),
      { x, y: frame.lanesTop + (lane + 0.5) * frame.laneHeight, right: frame.width },
      palette,
      palette.text,
    );
  });
}

function paintHead(
  context: CanvasRenderingContext2D,
  frame: Frame,
  x: number,
  colour: string,
): void {
  if (x < frame.gutter - 1) return;
  context.fillStyle = colour;
  context.fillRect(Math.round(x) - 1, 0, 2, frame.height);
  context.beginPath();
  context.moveTo(x - 5, 0);
  context.lineTo(x + 5, 0);
  context.lineTo(x, 7);
  context.fill();
}

function paintTag(
  context: CanvasRenderingContext2D,
  text: string,
  at: { x: number; y: number; right: number },
  palette: Palette,
  colour: string,
): void {
  const width = context.measureText(text).width + 8;
  const left = at.x + 6 + width > at.right ? at.x - 6 - width : at.x + 6;
  context.fillStyle = palette.ground;
  context.globalAlpha = 0.86;
  context.fillRect(left, at.y - 7.5, width, 15);
  context.globalAlpha = 1;
  context.fillStyle = colour;
  context.fillText(text, left + 4, at.y + 0.5);
}

function paintName(
  context: CanvasRenderingContext2D,
  frame: Frame,
  palette: Palette,
  lane: {
    name: string;
    lane: number;
    value: number | null;
    colour: string;
    range: readonly [number, number];
  },
): void {
  const top = frame.lanesTop + lane.lane * frame.laneHeight;
  const isNarrow = frame.gutter === 0;
  const y = isNarrow ? top + 7 : top + frame.laneHeight / 2;
  if (isNarrow) {
    context.globalAlpha = 0.7;
    context.fillStyle = palette.ground;
    context.fillRect(2, top + 1, context.measureText(lane.name).width + 46, 13);
    context.globalAlpha = 1;
  }
  context.fillStyle = lane.colour;
  context.fillRect(4, y - 4, 3, 8);
  context.fillStyle = palette.text;
  context.fillText(lane.name, 11, y, isNarrow ? 200 : frame.gutter - 52);
  if (lane.value === null) return;
  const x = isNarrow ? 16 + context.measureText(lane.name).width : frame.gutter - 8;
  context.textAlign = isNarrow ? "left" : "right";
  context.fillStyle = palette.dim;
  context.fillText(lane.value.toFixed(2), x, y);
  context.textAlign = "left";
}
