import type { JSX } from 'preact';
import { announcementStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';

/** Reads new messages out. It stands apart from what it tells of, so that redrawing a list says nothing twice. */
export function LiveRegion(): JSX.Element {
  return (
    <div class="hidden" role="log" aria-live="polite" aria-label="Announcements">
      {useStore(announcementStore)}
    </div>
  );
}
