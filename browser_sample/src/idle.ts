/** Idle life under one name. Not `export *`, for which bundlers add code of their own. */

import * as all from "./core/Idle.js";

export const Idle = { ROLES: all.ROLES, apply: all.apply, offsets: all.offsets };

export namespace Idle {
  export type Level = all.Level;
  export type Offsets = all.Offsets;
}
