import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PYTHON, ROOT } from "../tests/live/server.js";

/** Write the bundled clip as 48 kHz PCM, 16 bit: what Chromium takes for a microphone. */
export function clipAsWav(): string {
  const wav = path.join(mkdtempSync(path.join(tmpdir(), "a2f-")), "speech.wav");
  const script = [
    "import sys, soundfile, soxr",
    "sound, rate = soundfile.read('a2f_ws/samples/speech.flac', dtype='float32')",
    "soundfile.write(sys.argv[1], soxr.resample(sound, rate, 48000), 48000, subtype='PCM_16')",
  ].join("\n");
  execFileSync(PYTHON, ["-c", script, wav], { cwd: ROOT });
  return wav;
}
