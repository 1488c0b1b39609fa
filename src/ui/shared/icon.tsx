const PATHS = {
  run: 'M4 2.5v11l9-5.5z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  step: 'M3 3v10l6.5-5zM11 3h2v10h-2z',
  stop: 'M3.5 3.5h9v9h-9z',
  reset: 'M8 3a5 5 0 1 1-4.9 6h1.6A3.5 3.5 0 1 0 5.6 5.4L7.5 7.3H2.5v-5l2 2A5 5 0 0 1 8 3z',
  close: 'M4.2 3.1 8 6.9l3.8-3.8 1.1 1.1L9.1 8l3.8 3.8-1.1 1.1L8 9.1l-3.8 3.8-1.1-1.1L6.9 8 3.1 4.2z',
  previous: 'M10.5 3 5.5 8l5 5 1-1-4-4 4-4z',
  next: 'M5.5 3l5 5-5 5-1-1 4-4-4-4z',
  warning: 'M8 1.5 15 14H1zM7.2 6v4h1.6V6zm0 5v1.6h1.6V11z',
  system: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 3v10A5 5 0 0 1 8 3z',
  light:
    'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM7.3 1h1.4v2.4H7.3zm0 11.6h1.4V15H7.3zM1 7.3h2.4v1.4H1zm11.6 0H15v1.4h-2.4zM2.6 3.6l1-1 1.7 1.7-1 1zm8.1 8.1 1-1 1.7 1.7-1 1zM2.6 12.4l1.7-1.7 1 1-1.7 1.7zm8.1-8.1 1.7-1.7 1 1-1.7 1.7z',
  dark: 'M6.5 1.7A6.5 6.5 0 1 0 14.4 10 5.6 5.6 0 0 1 6.5 1.7z',
  pin: 'M5 1.5h6v1.4l-1 .9v3.4l2.2 2v1.3H8.7V15H7.3v-4.5H3.8V9.2L6 7.2V3.8l-1-.9z',
  flag: 'M3 1.5h1.4v.8h8.1l-1.9 3.2 1.9 3.2H4.4V15H3z',
  share:
    'M12 1.5a2.5 2.5 0 1 1-1.9 4.1L5.9 7.5a2.5 2.5 0 0 1 0 1l4.2 1.9a2.5 2.5 0 1 1-.6 1.4L5.3 9.9a2.5 2.5 0 1 1 0-3.8l4.2-1.9A2.5 2.5 0 0 1 12 1.5z',
  lesson:
    'M8 4C6.6 3 4.6 2.6 1.5 2.6v9.8c3.1 0 5.1.4 6.5 1.4 1.4-1 3.4-1.4 6.5-1.4V2.6C11.4 2.6 9.4 3 8 4zM3 4.1c2 .1 3.3.5 4.3 1.2v6.6C6 11.3 4.7 11 3 11zm10 0V11c-1.7 0-3 .3-4.3.9V5.3C9.7 4.6 11 4.2 13 4.1z',
  down: 'M3 5.5 8 10.5l5-5 1 1-6 6-6-6z',
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside a word, or in a button that has a label of its own: hidden from those who hear the page. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path fillRule="evenodd" d={PATHS[name]} />
    </svg>
  );
}
