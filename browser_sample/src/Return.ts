/** How the lines of a session go on over another connection. Loaded once there is a first one. */

import type { Opened } from "./core/Messages.js";
import type { Line } from "./Line.js";
import type { Link } from "./Link.js";
import type { PlayedHead } from "./Sender.js";

/** Where a line was taken up. */
export interface Taken {
  readonly u: number;
  readonly fromUs: number;
}

/**
 * Take the lines up: where the server has kept the session, with the sound that it lacks; else
 * each where it was.
 *
 * @returns the lines that begin elsewhere than at their start.
 */
export function goOn(
  lines: readonly Line[],
  opened: Opened,
  head: PlayedHead | null,
  isMic: boolean,
  link: Link,
): Taken[] {
  const { sid, lookBackUs, creditUs, received } = opened;
  const taken: Taken[] = [];
  // What was dropped while nothing could be said is still being spoken there.
  const before = (lines[0]?.u ?? Infinity) - 1;
  if (received && before > 0) link.send({ op: "interrupt", sid, ...(lines[0] && { u: before }) });
  for (const line of lines) {
    if (received && line.u <= received.u) {
      line.fromUs = line.posesUs;
      line.hasBegun = true;
      line.isEndSent = line.u < received.u;
      if (!line.isEndSent) line.sent = line.reel.frameAt(received.toUs);
    } else {
      const fromUs = received ? 0 : placeOf(line, head, isMic);
      line.begin(fromUs, lookBackUs, creditUs);
      if (fromUs > 0) taken.push({ u: line.u, fromUs });
    }
  }
  return taken;
}

/** Where a line is taken up: at the play head, or behind the poses that are here. */
function placeOf(line: Line, head: PlayedHead | null, isMic: boolean): number {
  if (!line.hasBegun && line.fromUs === 0) return 0;
  if (isMic) return line.reel.endUs;
  if (!head) return line.posesUs;
  if (line.u === head.u) return head.tUs;
  return line.u < head.u ? line.reel.endUs : 0;
}
