/** What the server wanted to know before it let this page in; kept until the tab is closed. */

const KEYS = { password: "a2f-ws password", token: "a2f-ws token" } as const;

export type SecretKind = keyof typeof KEYS;

/** Password or token as `connect` takes them; empty where nobody was asked. */
export function keptSecret(): { password?: string; token?: string } {
  try {
    const kept = Object.entries(KEYS).map(([kind, key]) => [kind, sessionStorage.getItem(key)]);
    return Object.fromEntries(kept.filter(([, value]) => value !== null));
  } catch {
    return {};
  }
}

/** Keep one and forget the other; null = forget both. @returns Whether the browser keeps it. */
export function keepSecret(kind: SecretKind, value: string | null): boolean {
  try {
    for (const key of Object.values(KEYS)) sessionStorage.removeItem(key);
    if (value !== null) sessionStorage.setItem(KEYS[kind], value);
    return true;
  } catch {
    return false;
  }
}
