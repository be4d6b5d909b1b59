/** What an element is made with; everything is optional. */
export interface Props {
  readonly class?: string;
  readonly id?: string;
  readonly text?: string;
  readonly title?: string;
  readonly testId?: string;
  /** Attributes by name, aria-… and role among them. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly on?: Readonly<
    Partial<{ [K in keyof HTMLElementEventMap]: (event: HTMLElementEventMap[K]) => void }>
  >;
}

/** An element with its children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (props.class !== undefined) made.className = props.class;
  if (props.id !== undefined) made.id = props.id;
  if (props.text !== undefined) made.textContent = props.text;
  if (props.title !== undefined) made.title = props.title;
  if (props.testId !== undefined) made.dataset["testid"] = props.testId;
  for (const [name, value] of Object.entries(props.attributes ?? {}))
    made.setAttribute(name, value);
  for (const [name, listener] of Object.entries(props.on ?? {})) {
    made.addEventListener(name, listener as EventListener);
  }
  made.append(...children);
  return made;
}

/** Write text only where it changes: a page that stands still is not laid out again. */
export function write(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** An attribute, likewise. */
export function mark(node: Element, name: string, value: string | boolean | number): void {
  const text = String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

/** A button with a word, or with an icon and a label for those who do not see it. */
export function button(
  label: string,
  then: () => void,
  options: {
    icon?: Node;
    class?: string;
    testId?: string;
    title?: string;
    shows?: "icon" | "both";
  } = {},
): HTMLButtonElement {
  const onlyIcon = options.icon !== undefined && options.shows !== "both";
  const made = el("button", {
    class: ["button", onlyIcon ? "button-icon" : "", options.class ?? ""].filter(Boolean).join(" "),
    attributes: { type: "button", ...(onlyIcon ? { "aria-label": label } : {}) },
    title: options.title ?? (onlyIcon ? label : ""),
    ...(options.testId === undefined ? {} : { testId: options.testId }),
    on: { click: then },
  });
  if (options.title === undefined && !onlyIcon) made.removeAttribute("title");
  if (options.icon !== undefined) made.append(options.icon);
  if (!onlyIcon) made.append(el("span", { text: label }));
  return made;
}

/** A group of buttons of which one is down, or none. */
export function choice<T extends string>(
  name: string,
  entries: readonly { value: T; label: string; title?: string }[],
  then: (value: T) => void,
): { node: HTMLElement; show(value: T | null): void } {
  const buttons = entries.map(({ value, label, title }) => {
    const made = button(label, () => then(value), {
      testId: `${name}-${value}`,
      ...(title === undefined ? {} : { title }),
    });
    return { value, made };
  });
  const node = el(
    "div",
    { class: "choice", attributes: { role: "group", "aria-label": name } },
    ...buttons.map(({ made }) => made),
  );
  return {
    node,
    show: (value) => {
      for (const entry of buttons) mark(entry.made, "aria-pressed", entry.value === value);
    },
  };
}

/** A `<select>` with a label before it. */
export function picker(
  label: string,
  testId: string,
  then: (value: string) => void,
): {
  node: HTMLElement;
  select: HTMLSelectElement;
  offer(values: readonly { value: string; label: string }[], chosen: string): void;
} {
  const select = el("select", { testId, on: { change: () => then(select.value) } });
  const node = el(
    "label",
    { class: "field" },
    el("span", { class: "field-name", text: label }),
    select,
  );
  return {
    node,
    select,
    offer: (values, chosen) => {
      const same =
        select.options.length === values.length &&
        values.every(
          (entry, at) =>
            select.options[at]?.value === entry.value && select.options[at]?.text === entry.label,
        );
      if (!same) {
        select.replaceChildren(
          ...values.map((entry) =>
            el("option", { text: entry.label, attributes: { value: entry.value } }),
          ),
        );
      }
      select.value = chosen;
    },
  };
}
