import { Component, type ComponentChild, createElement, type FunctionComponent } from 'preact';

/** A component that is drawn again only when one of its properties is another: compat's `memo` without its weight. */
export function memo<P extends object>(drawn: (properties: P) => ComponentChild): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const known = this.props as Readonly<Record<string, unknown>>;
      const given = next as Readonly<Record<string, unknown>>;
      return Object.keys({ ...known, ...given }).some((name) => !Object.is(known[name], given[name]));
    }
    override render(): ComponentChild {
      return createElement(drawn as FunctionComponent<P>, this.props as P);
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}
