/** What the benchmark runs in the page: one line through the client, sampled at every frame, nothing drawn. */

import { connect, Playback } from "../src/index.js";

export interface Probe {
  /** Bytes of WebSocket messages while the line ran. */
  bytesIn: number;
  bytesOut: number;
  /** Rows asked for. */
  frames: number;
  poses: number;
}

declare global {
  interface Window {
    probe(options: { url: string; rig: string; fps: number }): Promise<Probe>;
  }
}

window.probe = async ({ url, rig, fps }) => {
  const client = connect(url);
  await client.ready();
  const context = new AudioContext({ sampleRate: 48_000 });
  await context.resume();
  const clip = await context.decodeAudioData(await (await fetch("/speech.flac")).arrayBuffer());
  const session = await client.open({ rig, fps, rate: clip.sampleRate });
  const playback = new Playback(session, context, { idle: { seed: 1, level: "alive" } });
  let poses = 0;
  session.on("poses", ({ n }) => {
    poses += n;
  });
  const before = { in: client.bytesIn, out: client.bytesOut };
  let frames = 0;
  let isOver = false;
  const done = new Promise<void>((resolve) => {
    playback.on("end", () => {
      isOver = true;
      resolve();
    });
  });
  playback.say(clip);
  const frame = (): void => {
    playback.sample();
    frames += 1;
    if (!isOver) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  await done;
  const result = { bytesIn: client.bytesIn - before.in, bytesOut: client.bytesOut - before.out, frames, poses };
  playback.close();
  client.close();
  await context.close();
  return result;
};
