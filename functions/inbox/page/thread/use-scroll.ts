import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Scrolled {
  readonly id: string;
  readonly oldestKey: string | undefined;
  readonly newestKey: string | undefined;
  /** The newest is ours: whoever wrote it wants to see it. */
  readonly isNewestOurs: boolean;
  readonly onTop: () => void;
}

const nearPx = 80;
const topPx = 600;

/**
 * Keeps what is read where it is: at the bottom new messages scroll in, further up they are only counted, and older
 * ones above do not push down what is in view.
 * @returns whether the newest message is in view, and the way there.
 */
export function useScroll(
  scroller: RefObject<HTMLElement | null>,
  { id, oldestKey, newestKey, isNewestOurs, onTop }: Scrolled,
) {
  const [isAtBottom, setAtBottom] = useState(true);
  const before = useRef({
    id: '',
    oldestKey: undefined as string | undefined,
    newestKey: undefined as string | undefined,
    isAtBottom: true,
    heightPx: 0,
  });
  const toBottom = () => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  };

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const known = before.current;
    const isOther = known.id !== id || known.newestKey === undefined;
    if (isOther || (known.newestKey !== newestKey && (known.isAtBottom || isNewestOurs))) toBottom();
    else if (known.oldestKey !== oldestKey) element.scrollTop += element.scrollHeight - known.heightPx;
    before.current = { ...known, id, oldestKey, newestKey, heightPx: element.scrollHeight };
  });

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => {
      // It grew or shrank rather than was scrolled, such as by a photo that came: what was in view stays.
      if (before.current.isAtBottom && before.current.heightPx !== element.scrollHeight) toBottom();
      const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < nearPx;
      before.current.isAtBottom = isNear;
      before.current.heightPx = element.scrollHeight;
      setAtBottom(isNear);
      if (element.scrollTop < topPx) onTop();
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    // A composer that grows, a keyboard that opens, or a bubble that grows: the newest message stays in view.
    const resized = new ResizeObserver(() => {
      if (before.current.isAtBottom) toBottom();
      before.current.heightPx = element.scrollHeight;
    });
    resized.observe(element);
    if (element.firstElementChild) resized.observe(element.firstElementChild);
    return () => {
      element.removeEventListener('scroll', look);
      resized.disconnect();
    };
  }, [id, oldestKey]);

  return { isAtBottom, toBottom };
}
