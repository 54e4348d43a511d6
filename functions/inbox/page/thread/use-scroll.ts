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
    topPx: 0,
  });
  const toBottom = () => {
    const element = scroller.current;
    if (!element) return;
    element.scrollTop = element.scrollHeight;
    before.current.topPx = element.scrollTop;
  };
  /** It grew or shrank at the bottom rather than was scrolled up, which alone makes the place smaller. */
  const hasGrown = (element: HTMLElement) =>
    before.current.isAtBottom &&
    before.current.heightPx !== element.scrollHeight &&
    element.scrollTop >= before.current.topPx;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const known = before.current;
    const isOther = known.id !== id || known.newestKey === undefined;
    if (isOther || (known.newestKey !== newestKey && (known.isAtBottom || isNewestOurs))) toBottom();
    else if (known.oldestKey !== oldestKey) element.scrollTop += element.scrollHeight - known.heightPx;
    before.current = {
      ...known,
      id,
      oldestKey,
      newestKey,
      heightPx: element.scrollHeight,
      topPx: element.scrollTop,
    };
  });

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => {
      if (hasGrown(element)) toBottom();
      const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < nearPx;
      before.current.isAtBottom = isNear;
      before.current.heightPx = element.scrollHeight;
      before.current.topPx = element.scrollTop;
      setAtBottom(isNear);
      if (element.scrollTop < topPx) onTop();
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    // A composer that grows, a keyboard that opens, or a bubble that grows: the newest message stays in view.
    const resized = new ResizeObserver(() => {
      if (before.current.isAtBottom && element.scrollTop >= before.current.topPx) toBottom();
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
