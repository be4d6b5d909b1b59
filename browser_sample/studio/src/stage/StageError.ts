/** What the stage could not do, in one sentence that can be shown to people as it is. */
export class StageError extends Error {
  override readonly name = "StageError";
}
