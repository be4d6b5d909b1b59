import { ticks, timeAt, xOf } from "../logic/Timespan.js";
import type { Palette } from "./Look.js";
import { FONT, type Frame, laneRange, laneY, RULER, type Scene } from "./TimelineFrame.js";

/** Paint what stands still between two poses: ruler, waveform, lanes. */
export function paintBase(
  context: CanvasRenderingContext2D,
  frame: Frame,
  scene: Scene,
  palette: Palette,
): void {
  context.clearRect(0, 0, frame.width, frame.height);
  context.font = FONT;
  context.save();
  context.translate(frame.gutter, 0);
  const width = frame.width - frame.gutter;
  context.beginPath();
  context.rect(0, 0, width, frame.height);
  context.clip();
  paintRuler(context, frame, scene, palette);
  paintWave(context, frame, scene, palette);
  scene.curves.forEach((name, lane) => paintLane(context, frame, scene, palette, { name, lane }));
  context.restore();
  paintLines(context, frame, scene.curves.length, palette);
}

function paintRuler(
  context: CanvasRenderingContext2D,
  frame: Frame,
  scene: Scene,
  palette: Palette,
): void {
  const width = frame.width - frame.gutter;
  context.textBaseline = "middle";
  for (const tick of ticks(scene.span, width, 70)) {
    const x = Math.round(xOf(scene.span, tick.tUs, width)) + 0.5;
    const isLarge = tick.label !== "";
    context.strokeStyle = palette.line;
    context.beginPath();
    context.moveTo(x, isLarge ? 4 : RULER - 5);
    context.lineTo(x, isLarge ? frame.height : RULER);
    context.stroke();
    context.fillStyle = palette.dim;
    if (isLarge) context.fillText(tick.label, x + 4, RULER / 2);
  }
  context.fillStyle = palette.accent;
  for (const { fromUs, toUs } of scene.take?.runs() ?? []) {
    const from = xOf(scene.span, fromUs, width);
    context.fillRect(from, RULER - 2, xOf(scene.span, toUs, width) - from, 2);
  }
}

function paintWave(
  context: CanvasRenderingContext2D,
  frame: Frame,
  scene: Scene,
  palette: Palette,
): void {
  const { peaks, span } = scene;
  if (peaks === null) return;
  const width = frame.width - frame.gutter;
  const middle = frame.waveTop + frame.waveHeight / 2;
  const scale = (frame.waveHeight / 2 - 1) / Math.max(peaks.loudest, 0.1);
  context.fillStyle = palette.wave;
  for (let x = 0; x < width; x += 1) {
    const fromUs = timeAt(span, x, width);
    if (fromUs > peaks.lengthUs) break;
    const [low, high] = peaks.range(fromUs, timeAt(span, x + 1, width));
    context.fillRect(x, middle - high * scale - 0.5, 1, (high - low) * scale + 1);
  }
}

function paintLane(
  context: CanvasRenderingContext2D,
  frame: Frame,
  scene: Scene,
  palette: Palette,
  { name, lane }: { name: string; lane: number },
): void {
  const { take, span } = scene;
  const curve = take?.form.curves.indexOf(name) ?? -1;
  if (take === null || curve < 0) return;
  const columns = Math.max(Math.floor(frame.width - frame.gutter), 1);
  const values = take.columns(curve, { ...span, columns });
  const y = laneY(frame, lane, laneRange(take, curve));
  context.strokeStyle = palette.lanes[lane % palette.lanes.length] ?? palette.text;
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  context.beginPath();
  let isDown = false;
  for (let x = 0; x < columns; x += 1) {
    const low = values[2 * x] ?? NaN;
    const high = values[2 * x + 1] ?? NaN;
    if (Number.isNaN(low)) {
      isDown = false;
      continue;
    }
    if (isDown) context.lineTo(x, y(low));
    else context.moveTo(x, y(low));
    if (high - low > 1e-4) context.lineTo(x, y(high));
    isDown = true;
  }
  context.stroke();
  context.lineWidth = 1;
}

function paintLines(
  context: CanvasRenderingContext2D,
  frame: Frame,
  lanes: number,
  palette: Palette,
): void {
  context.strokeStyle = palette.line;
  context.beginPath();
  for (let lane = 0; lane <= lanes; lane += 1) {
    const y = Math.round(frame.lanesTop + lane * frame.laneHeight) - 0.5;
    context.moveTo(0, y);
    context.lineTo(frame.width, y);
  }
  context.moveTo(0, RULER + 0.5);
  context.lineTo(frame.width, RULER + 0.5);
  if (frame.gutter > 0) {
    context.moveTo(frame.gutter - 0.5, 0);
    context.lineTo(frame.gutter - 0.5, frame.height);
  }
  context.stroke();
}
