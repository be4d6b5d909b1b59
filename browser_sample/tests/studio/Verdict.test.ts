import { describe, expect, it } from "vitest";
import { checks, doctorText, type Facts, pictureHint, verdict } from "../../studio/src/logic/Verdict.js";

const WELL: Facts = {
  hasWebGl: true,
  isSecure: true,
  server: "ready",
  serverFault: null,
  retryInMs: null,
  openFault: null,
  hasSession: true,
  audio: "running",
  isSpeaking: true,
  micFault: null,
  drawFault: null,
  hasHead: true,
  headFault: null,
  isHeadLoading: false,
  poses: 100,
  late: 0,
  dropped: 0,
  stalls: 0,
  waitsFor: "nothing",
  waitsMs: 0,
  pictures: 60,
  matched: 52,
  wanted: 52,
};

function told(part: Partial<Facts>): [string, string] {
  const { light, title } = verdict({ ...WELL, ...part });
  return [light, title];
}

describe("the light", () => {
  it("is green while all is well", () => {
    expect(verdict(WELL)).toEqual({ light: "green", title: "Speaking", advice: "" });
    expect(told({ isSpeaking: false, audio: "none" })).toEqual(["green", "Ready"]);
  });

  it("says in words what is wrong", () => {
    expect(told({ micFault: "denied" })).toEqual(["red", "No microphone permission"]);
    expect(told({ micFault: "insecure" })).toEqual(["red", "Microphone needs a secure page"]);
    expect(told({ hasWebGl: false })[1]).toBe("No WebGL: the head cannot be drawn");
    expect(told({ audio: "suspended" })).toEqual(["amber", "Audio is suspended"]);
    expect(told({ dropped: 3 })).toEqual(["red", "Behind real time"]);
    expect(told({ stalls: 1 })).toEqual(["amber", "Behind real time"]);
    expect(told({ openFault: "no such rig" })).toEqual(["red", "The server refused the session"]);
    expect(told({ matched: 0 })[0]).toBe("red");
  });

  it("counts down to the next try while the server is gone", () => {
    const gone = {
      ...WELL,
      server: "waiting",
      serverFault: "The server stopped.",
      retryInMs: 2400,
    } as const;
    expect(verdict(gone)).toEqual({
      light: "red",
      title: "Server gone",
      advice: "The server stopped. Trying again in 3 s.",
    });
    expect(verdict({ ...gone, server: "connecting" }).advice).toBe(
      "The server stopped. Trying again now.",
    );
    expect(told({ server: "connecting" })).toEqual(["amber", "Connecting"]);
  });

  it("is never green while the sound stands, and red when it stands for long", () => {
    expect(told({ waitsFor: "more", waitsMs: 0 })).toEqual(["amber", "Behind real time"]);
    expect(told({ waitsFor: "more", waitsMs: 1_200 })).toEqual(["red", "Waiting for the server"]);
    expect(told({ waitsFor: "first", waitsMs: 1_200 })[0]).toBe("green");
    expect(told({ waitsFor: "first", waitsMs: 3_000 })).toEqual(["amber", "Waiting for the server"]);
  });

  it("says what a head without a name of the rig needs", () => {
    expect(verdict({ ...WELL, matched: 0 })).toMatchObject({
      light: "red",
      title: "No curve of the rig moves this head",
      advice: expect.stringMatching(/choose another rig, or press Default head/) as string,
    });
  });

  it("says of slow pictures where they come from, and leaves the light as it is", () => {
    expect(pictureHint({ ...WELL, pictures: 8.2 })).toMatch(/^Pictures: 8 per second\. .+acceleration/);
    expect(told({ pictures: 8 })[0]).toBe("green");
    expect([pictureHint(WELL), pictureHint({ ...WELL, pictures: 0 })]).toEqual(["", ""]);
    expect(pictureHint({ ...WELL, pictures: 8, hasWebGl: false })).toBe("");
  });

  it("shows a lost server before everything else", () => {
    expect(told({ server: "waiting", micFault: "denied", dropped: 9 })[1]).toBe("Server gone");
  });
});

describe("the doctor line", () => {
  it("has no mark for poses of before once a session was refused", () => {
    expect(doctorText({ ...WELL, openFault: "no" })).toContain("poses ✗");
  });

  it("marks what works, and counts the curves", () => {
    expect(doctorText(WELL)).toBe("server ✓ audio ✓ poses ✓ curves matched 52/52");
  });

  it("leaves open what was not tried yet", () => {
    const fresh = { ...WELL, isSpeaking: false, audio: "none", poses: 0 } as const;
    expect(checks(fresh).map(({ state }) => state)).toEqual(["yes", "open", "open", "yes"]);
    expect(
      doctorText({ ...WELL, server: "waiting", audio: "suspended", poses: 0, openFault: "no" }),
    ).toBe("server ✗ audio ✗ poses ✗ curves matched 52/52");
  });
});
