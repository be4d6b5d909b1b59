/** What the page knows about its own health; the light and the doctor line are made from it. */
export interface Facts {
  readonly hasWebGl: boolean;
  /** Whether the browser gives microphones and worklets to this page (https or localhost). */
  readonly isSecure: boolean;
  readonly server: "connecting" | "ready" | "waiting" | "closed";
  /** What the connection ended with, in words; null = nothing. */
  readonly serverFault: string | null;
  readonly retryInMs: number | null;
  /** Why the server refused the session; null = it did not. */
  readonly openFault: string | null;
  readonly hasSession: boolean;
  readonly audio: "none" | "suspended" | "running" | "closed";
  readonly isSpeaking: boolean;
  readonly micFault: MicFault | null;
  /** Why the stage draws nothing at the moment; null = it does. */
  readonly drawFault: string | null;
  readonly hasHead: boolean;
  readonly headFault: string | null;
  readonly isHeadLoading: boolean;
  /** Poses received in this session. */
  readonly poses: number;
  /** Poses that came late, were dropped, and halts of the sound, in the last seconds. */
  readonly late: number;
  readonly dropped: number;
  readonly stalls: number;
  /** What is waited for now: the first poses of a line, or more of them while it stands still. */
  readonly waitsFor: "nothing" | "first" | "more";
  /** For how long, milliseconds. */
  readonly waitsMs: number;
  /** Pictures drawn per second; 0 = not counted. */
  readonly pictures: number;
  /** Curves of the rig that the head has, and all of the rig. */
  readonly matched: number;
  readonly wanted: number;
}

export type MicFault = "denied" | "missing" | "insecure" | "busy" | "other";
export type Light = "green" | "amber" | "red";

export interface Verdict {
  readonly light: Light;
  /** A few words. */
  readonly title: string;
  /** What to do about it; empty where nothing is wrong. */
  readonly advice: string;
}

export interface Check {
  readonly name: string;
  readonly state: "yes" | "no" | "open";
  /** What stands behind the name, as in "52/52"; may be empty. */
  readonly detail: string;
}

/** Sound that stands for longer than this is stuck, milliseconds. */
const STUCK_MS = 1_000;
/** First poses take this long on a slow computer, milliseconds. */
const FIRST_MS = 2_500;
/** Fewer pictures per second than this look jerky. */
const PICTURES_FEW = 20;

export const MIC_WORDS: Readonly<Record<MicFault, Verdict>> = {
  denied: red(
    "No microphone permission",
    "Allow the microphone for this page in the browser's address bar, then press Microphone again.",
  ),
  missing: red(
    "No microphone found",
    "Connect one and press Microphone again, or choose a sound file.",
  ),
  insecure: red(
    "Microphone needs a secure page",
    "Browsers give it to https and localhost only; sound files work here.",
  ),
  busy: red(
    "The microphone is in use",
    "Another program holds it; close that and press Microphone again.",
  ),
  other: red("The microphone could not be opened", "Choose another one, or a sound file."),
};

/** The gravest thing that is wrong, or that all is well. */
export function verdict(facts: Facts): Verdict {
  return (
    serverVerdict(facts) ??
    pageVerdict(facts) ??
    waitVerdict(facts) ??
    speedVerdict(facts) ?? {
      light: "green",
      title: facts.isSpeaking ? "Speaking" : "Ready",
      advice: "",
    }
  );
}

/** server ✓ audio ✓ poses ✓ curves matched 52/52, as facts. */
export function checks(facts: Facts): Check[] {
  const isGone = facts.server !== "ready";
  return [
    {
      name: "server",
      state: isGone ? (facts.server === "connecting" ? "open" : "no") : "yes",
      detail: "",
    },
    {
      name: "audio",
      state: facts.audio === "running" ? "yes" : facts.isSpeaking ? "no" : "open",
      detail: "",
    },
    {
      name: "poses",
      state: facts.openFault !== null ? "no" : facts.poses > 0 ? "yes" : "open",
      detail: "",
    },
    {
      name: "curves matched",
      state:
        !facts.hasSession || !facts.hasHead || facts.wanted === 0
          ? "open"
          : facts.matched > 0
            ? "yes"
            : "no",
      detail: facts.hasSession && facts.hasHead ? `${facts.matched}/${facts.wanted}` : "–",
    },
  ];
}

/** The doctor line as text. */
export function doctorText(facts: Facts): string {
  const mark = { yes: "✓", no: "✗", open: "·" } as const;
  return checks(facts)
    .map(({ name, state, detail }) =>
      detail === "" ? `${name} ${mark[state]}` : `${name} ${detail}`,
    )
    .join(" ");
}

function serverVerdict(facts: Facts): Verdict | null {
  if (facts.server === "closed") {
    return red("Connection ended", facts.serverFault ?? "Load the page again to connect.");
  }
  const isLost = facts.server === "connecting" && facts.serverFault !== null;
  if (facts.server === "waiting" || isLost) {
    const seconds = Math.max(Math.ceil((facts.retryInMs ?? 0) / 1000), 0);
    const when =
      isLost || facts.retryInMs === null || seconds === 0
        ? "Trying again now."
        : `Trying again in ${seconds} s.`;
    return red("Server gone", `${facts.serverFault ?? "The connection was lost."} ${when}`);
  }
  if (facts.openFault !== null) return red("The server refused the session", facts.openFault);
  return null;
}

function pageVerdict(facts: Facts): Verdict | null {
  if (facts.micFault !== null) return MIC_WORDS[facts.micFault];
  if (!facts.hasWebGl) {
    return red(
      "No WebGL: the head cannot be drawn",
      "Turn on hardware acceleration, or try another browser. Sound, curves, and export as CSV and JSON work.",
    );
  }
  if (facts.drawFault !== null) return red("The head is not drawn", facts.drawFault);
  if (facts.isSpeaking && facts.audio === "suspended") {
    return amber("Audio is suspended", "The browser holds the sound back until you press Play.");
  }
  if (facts.headFault !== null) return red("The head was not loaded", facts.headFault);
  if (facts.server === "connecting") return amber("Connecting", "Waiting for the server.");
  if (facts.isHeadLoading) return amber("Loading the head", "");
  if (facts.hasSession && facts.hasHead && facts.matched === 0) {
    return red(
      "No curve of the rig moves this head",
      "In the tab Rig, choose another rig, or press Default head. Its list Unmatched has the names of this head.",
    );
  }
  return null;
}

/** What stands still is never green: a server that hangs keeps its connection. */
function waitVerdict(facts: Facts): Verdict | null {
  if (facts.waitsFor === "more") {
    return facts.waitsMs <= STUCK_MS
      ? amber("Behind real time", "The sound stands until poses come.")
      : red(
          "Waiting for the server",
          "The sound stands: no poses come. If it lasts, see whether the server hangs, or interrupt (Esc) and lower the pose rate.",
        );
  }
  if (facts.waitsFor === "first" && facts.waitsMs > FIRST_MS) {
    return amber(
      "Waiting for the server",
      "No poses have come yet. The server is busy, or it hangs.",
    );
  }
  return null;
}

/** What a slow picture comes from, in words; empty where pictures come fast enough. */
export function pictureHint(facts: Facts): string {
  const isSlow = facts.hasWebGl && facts.hasHead && facts.pictures > 0;
  if (!isSlow || facts.pictures >= PICTURES_FEW) return "";
  const count = Math.max(Math.round(facts.pictures), 1);
  return `Pictures: ${count} per second. The head seems to be drawn by the processor: turn on hardware acceleration in the settings of the browser.`;
}

function speedVerdict(facts: Facts): Verdict | null {
  if (facts.dropped > 0) {
    return red(
      "Behind real time",
      `${facts.dropped} poses were dropped in the last seconds; the server or this computer is too slow for the pose rate.`,
    );
  }
  if (facts.stalls > 0) {
    return amber(
      "Behind real time",
      "The sound waited for poses; lower the pose rate if it goes on.",
    );
  }
  if (facts.late > 0) {
    return amber("Poses come late", `In the last seconds ${facts.late} came after their sound.`);
  }
  return null;
}

function red(title: string, advice: string): Verdict {
  return { light: "red", title, advice };
}

function amber(title: string, advice: string): Verdict {
  return { light: "amber", title, advice };
}
