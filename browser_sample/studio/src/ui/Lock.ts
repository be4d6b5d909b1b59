import { keepSecret, keptSecret, type SecretKind } from "../app/Secret.js";
import type { Studio } from "../app/Studio.js";
import { button, el } from "./Dom.js";

/** Close code of a server that wants a password or token, or another one (protocol §15). */
const UNPROVEN = 4401;
const HINTS: Readonly<Record<SecretKind, string>> = {
  password: "It is proven to the server and never sent. This tab keeps it until it is closed.",
  token: "It is sent to this server only. This tab keeps it until it is closed.",
};

/** A dialog that asks for the password or the token of a server that wants one. */
export class Lock {
  readonly #dialog: HTMLDialogElement;
  readonly #title = el("h2", { id: "lock-title" });
  readonly #label = el("label", { attributes: { for: "lock-secret" } });
  readonly #why = el("p", { id: "lock-why", testId: "lock-why", attributes: { role: "status" } });
  readonly #secret: HTMLInputElement;
  #kind: SecretKind = "password";

  constructor({ client }: Studio) {
    this.#secret = el("input", {
      id: "lock-secret",
      class: "lock-secret",
      testId: "lock-secret",
      attributes: {
        type: "password",
        required: "",
        autocomplete: "current-password",
        "aria-describedby": "lock-why",
      },
    });
    this.#secret.autofocus = true;
    const enter = el("button", {
      class: "button button-main",
      text: "Connect",
      testId: "lock-enter",
      attributes: { type: "submit" },
    });
    const leave = button("Not now", () => this.#dialog.close());
    this.#dialog = el(
      "dialog",
      { class: "help", testId: "lock", attributes: { "aria-labelledby": "lock-title" } },
      el(
        "form",
        { class: "lock", on: { submit: (event) => this.#submit(event) } },
        this.#title,
        this.#label,
        this.#secret,
        this.#why,
        el("div", { class: "lock-buttons" }, enter, leave),
      ),
    );
    document.body.append(this.#dialog);
    client.on("error", (fault) => {
      if (fault.code === UNPROVEN) this.#ask(client.hello?.auth.kind ?? "", fault.message);
    });
  }

  #ask(kind: string, why: string): void {
    this.#kind = kind === "token" ? "token" : "password";
    const isFirst = Object.keys(keptSecret()).length === 0;
    keepSecret(this.#kind, null);
    this.#title.textContent = `This server wants a ${this.#kind}`;
    this.#label.textContent = this.#kind === "token" ? "Token" : "Password";
    this.#why.textContent = isFirst ? HINTS[this.#kind] : why;
    this.#secret.value = "";
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /** The page begins anew with it: nothing has been opened without. */
  #submit(event: Event): void {
    event.preventDefault();
    if (keepSecret(this.#kind, this.#secret.value)) location.reload();
    else this.#why.textContent = "This browser keeps nothing for this page, not even until it is loaded again.";
  }
}
