/** Speech in, face out: the browser's half of a2f-ws. */

export { Client, type ClientEvents, type ClientOptions, type ClientState, connect } from "./Client.js";
export type { WorkletOptions } from "./Capture.js";
export { ClientProtocol } from "./core/ClientProtocol.js";
export { ProtocolError } from "./core/Fields.js";
export type { GateState } from "./core/Gate.js";
export { Idle } from "./idle.js";
export { apply, type Level, offsets, type Offsets } from "./core/Idle.js";
export { Layout, type Row } from "./core/Layout.js";
export type {
  Closed,
  Credit,
  CurveSet,
  Fps,
  Hello,
  ModelInfo,
  Opened,
  ParamInfo,
  Poses,
  Rest,
  Roles,
  Status,
  Utterance,
  UtteranceState,
} from "./core/Messages.js";
export type { Plain } from "./core/Msgpack.js";
export { type SampleFormat, toMono, toPcm } from "./core/Pcm.js";
export { PosePlayer } from "./core/PosePlayer.js";
export { PoseRate } from "./core/Rate.js";
export type { Message, Reply, Request } from "./core/Requests.js";
export { type Fault, ServerError, ServerGoneError } from "./Fault.js";
export { type Follow, follow, type FollowOptions, type MicFollow } from "./follow.js";
export type { Line, LineState } from "./Line.js";
export {
  Microphone,
  MicrophoneError,
  type MicrophoneOptions,
  type MicrophoneReason,
} from "./Microphone.js";
export { type IdleLife, Playback, type PlaybackEvents, type PlaybackOptions } from "./Playback.js";
export type { Sound } from "./Reel.js";
export type { Session } from "./Session.js";
export type { Sink } from "./Sink.js";
export { type Stretch, Tap, type TapOptions } from "./Tap.js";
export type { EmotionOptions, OpenOptions, SetOptions } from "./Terms.js";
export type { Load, PoseBlock, SessionEvents } from "./View.js";
