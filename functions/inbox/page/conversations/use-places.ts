import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

export interface Places {
  readonly first: number;
  readonly last: number;
}

const overscan = 8;

/** Which rows of a fixed height are in view, and some around them: the others are not in the page. */
export function usePlaces(
  scroller: RefObject<HTMLElement | null>,
  rowHeightPx: number,
  count: number,
): Places {
  const [places, setPlaces] = useState<Places>({ first: 0, last: 20 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => {
      const first = Math.max(0, Math.floor(element.scrollTop / rowHeightPx) - overscan);
      const last = Math.ceil((element.scrollTop + element.clientHeight) / rowHeightPx) + overscan;
      setPlaces((known) => (known.first === first && known.last === last ? known : { first, last }));
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    const resized = new ResizeObserver(look);
    resized.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      resized.disconnect();
    };
  }, [scroller, rowHeightPx]);
  return { first: Math.min(places.first, Math.max(0, count - 1)), last: Math.min(places.last, count - 1) };
}
