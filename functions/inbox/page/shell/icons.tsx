import type { JSX } from 'preact';

const paths = {
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm5 12 4.5 4.5',
  refresh: 'M20 5v5h-5M4 19v-5h5M5.5 9A7.5 7.5 0 0 1 19 8.5L20 10M4 14l1 1.5A7.5 7.5 0 0 0 18.5 15',
  compose: 'M4 20h4L19 9l-4-4L4 16v4ZM13.5 6.5l4 4',
  settings:
    'M4 7h9m5 0h2M4 17h2m5 0h9M15.5 4.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5ZM8.5 14.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z',
  help: 'M9.2 9a2.9 2.9 0 1 1 4.3 2.5c-1 .6-1.5 1.1-1.5 2.2M12 17.2v.1M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z',
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6 6 18',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  check: 'M5 12.5l4.5 4.5L19 7',
  reply: 'M10 7 4 12l6 5v-3.5c5 0 8 1.5 10 5 0-6-4-9.5-10-9.5V7Z',
  smile: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8.5 14.5c1.8 2.6 5.2 2.6 7 0M9 9.5v.1M15 9.5v.1',
  clip: 'M8 12.5 14.5 6a3.2 3.2 0 0 1 4.5 4.5l-8 8A5 5 0 0 1 4 11.500l7.500-7.500',
  link: 'M10 14a4 4 0 0 0 6 .4l3-3a4.200 4.200 0 0 0-6-6l-1.200 1.200M14 10a4 4 0 0 0-6-.4l-3 3a4.200 4.200 0 0 0 6 6l1.200-1.200',
  heart: 'M12 20S4 15 4 9.200A4.200 4.200 0 0 1 12 7.500 4.200 4.200 0 0 1 20 9.200C20 15 12 20 12 20Z',
  saved: 'M6 4h12v16l-6-4.500L6 20V4Z',
  send: 'M4 12 20 4l-5 16-3.500-6.500L4 12Z',
  file: 'M6 3h8l4 4v14H6V3Zm8 0v5h4',
  warning: 'M12 4 2.500 20h19L12 4Zm0 6v5m0 2.500v.1',
  down: 'M6 9l6 6 6-6',
  pulse: 'M3 12h4l3-7 4 14 3-7h4',
  play: 'M8 5v14l11-7L8 5Z',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
} as const;

export type IconName = keyof typeof paths;

/** An ornament: its button or text carries the name. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }): JSX.Element {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
