/** Offer bytes as a download. */
export function save(content: Blob | string, name: string, type = "text/plain"): void {
  const blob = typeof content === "string" ? new Blob([content], { type }) : content;
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * Put text on the clipboard.
 *
 * @returns False where the browser refuses it; the text has to be shown then.
 */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export type FileKind = "sound" | "head" | "unknown";

/** What a file is for, by its name and type. */
export function kindOf(file: { readonly name: string; readonly type: string }): FileKind {
  if (/\.(glb|gltf|vrm)$/i.test(file.name) || file.type.startsWith("model/")) return "head";
  if (file.type.startsWith("audio/") || file.type.startsWith("video/")) return "sound";
  return /\.(wav|mp3|flac|ogg|oga|opus|m4a|aac|webm|weba|mp4)$/i.test(file.name)
    ? "sound"
    : "unknown";
}

/** A file name without its ending, of letters that every system takes. */
export function stem(name: string): string {
  return (
    name
      .replace(/\.[^.]*$/, "")
      .replace(/[^\p{L}\p{N}_-]+/gu, "-")
      .replace(/^-+|-+$/g, "") || "speech"
  );
}
