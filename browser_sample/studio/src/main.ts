/// <reference types="vite/client" />
import { exposeHandle } from "./app/Handle.js";
import { keepSettings, keptSettings } from "./app/Keep.js";
import { firstState, type State } from "./app/State.js";
import { Studio } from "./app/Studio.js";
import type { TabName } from "./logic/Settings.js";
import { Store } from "./logic/Store.js";
import { CurvesPanel } from "./ui/CurvesPanel.js";
import { Dock } from "./ui/Dock.js";
import { EmotionPanel } from "./ui/EmotionPanel.js";
import { ExportPanel } from "./ui/ExportPanel.js";
import { FacePanel } from "./ui/FacePanel.js";
import { HealthPanel } from "./ui/HealthPanel.js";
import { Help } from "./ui/Help.js";
import { Lock } from "./ui/Lock.js";
import { Look } from "./ui/Look.js";
import { Notices } from "./ui/Notices.js";
import { RigPanel } from "./ui/RigPanel.js";
import { listenToKeys } from "./ui/Shortcuts.js";
import { SourcePanel } from "./ui/SourcePanel.js";
import { StageView } from "./ui/StageView.js";
import { Tabs } from "./ui/Tabs.js";
import { Timeline } from "./ui/Timeline.js";
import { TopBar } from "./ui/TopBar.js";

const store = new Store<State>(firstState(keptSettings()));
keepSettings(store);

const canvas = part("stage", HTMLCanvasElement);
const studio = new Studio(store, canvas, address());
const look = new Look(studio);
const area = part("stage-area", HTMLElement);
new StageView(studio, area, canvas);
new TopBar(studio, part("top", HTMLElement), area);
new Notices(store, area);
new Help(store);
new Lock(studio);
listenToKeys(studio);

const timeline = new Timeline(studio, look);
const dock = new Dock(studio, part("dock", HTMLElement), timeline);
const source = new SourcePanel(studio);
const curves = new CurvesPanel(studio);
const tabs = new Tabs<TabName>(
  "Panels",
  [
    { name: "source", title: "Source", panel: source.node },
    { name: "emotion", title: "Emotion", panel: new EmotionPanel(studio).node },
    { name: "face", title: "Face", panel: new FacePanel(studio).node },
    { name: "curves", title: "Curves", panel: curves.node },
    { name: "rig", title: "Rig", panel: new RigPanel(studio).node },
    { name: "health", title: "Health", panel: new HealthPanel(studio).node },
    { name: "export", title: "Export", panel: new ExportPanel(studio).node },
  ],
  (tab) => studio.change({ tab }),
);
part("side", HTMLElement).append(tabs.node);
store.watch(
  (state) => state.settings.tab,
  (tab) => tabs.show(tab),
);

studio.onFrame((row) => {
  const nowMs = performance.now();
  timeline.frame(nowMs);
  dock.frame();
  if (!curves.node.hidden) curves.frame(row, nowMs);
  if (!source.node.hidden) source.frame();
});
exposeHandle(studio);
studio.start();

function part<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}

/** The server's WebSocket: where the page comes from; Vite's own server passes it on under a path. */
function address(): string {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${location.host}${import.meta.env.DEV ? "/a2f" : "/"}`;
}
