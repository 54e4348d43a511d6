type Child = Node | string | undefined;

interface Properties {
  readonly class?: string;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
  /** Attributes; one that is undefined is left out. */
  readonly [attribute: string]: string | undefined | Readonly<Record<string, (event: Event) => void>>;
}

/** Builds an element. Strings become text nodes, so that nothing a customer writes is ever read as HTML. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { on = {}, ...attributes }: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const built = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string') built.setAttribute(name, value);
  }
  for (const [type, listener] of Object.entries(on)) built.addEventListener(type, listener);
  built.append(...children.filter((child) => child !== undefined));
  return built;
}

export function button(
  label: string,
  onClick: () => void,
  attributes: Readonly<Record<string, string | undefined>> = {},
): HTMLButtonElement {
  return element('button', { type: 'button', ...attributes, on: { click: onClick } }, label);
}

/** The element of the document with this id. Throws when the page has none: the two are written together. */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} #${id}`);
  return found;
}

interface Row {
  readonly key: string;
  /** Equal versions look equal: the element is kept as it is, with its focus and what is open in it. */
  readonly version: string;
  readonly build: () => HTMLElement;
}

/** Makes a list's children those of `rows`, touching only what is new or changed. */
export function showRows(list: HTMLElement, rows: readonly Row[]): void {
  const before = new Map(
    [...list.children].map((child) => [child instanceof HTMLElement ? child.dataset.key : '', child]),
  );
  const focused = document.activeElement;
  rows.forEach(({ key, version, build }, at) => {
    const old = before.get(key);
    before.delete(key);
    let shown: Element | undefined = old;
    if (!(old instanceof HTMLElement) || old.dataset.version !== version) {
      const built = build();
      built.dataset.key = key;
      built.dataset.version = version;
      const hadFocus = old?.contains(focused) ?? false;
      old?.replaceWith(built);
      if (hadFocus) built.querySelector<HTMLElement>('summary, button')?.focus();
      shown = built;
    }
    if (shown && list.children[at] !== shown) list.insertBefore(shown, list.children[at] ?? null);
  });
  for (const gone of before.values()) gone.remove();
}
