import type { Tone } from './drawing.ts';

export type Palette = Readonly<Record<Tone, string>>;

/**
 * Colours that people with any kind of colour vision can tell apart next to each other, each at 3 : 1 or more on its ground; dash
 * and marker say the same a second time.
 */
export const LIGHT: Palette = {
  ink: '#12161b',
  soft: '#46505b',
  faint: '#5a6570',
  grid: '#dde2e7',
  ground: '#ffffff',
  base: '#5a6570',
  'series-0': '#0a5cb0',
  'series-1': '#a94200',
  'series-2': '#00805f',
  'series-3': '#a8327e',
  'series-4': '#7d6600',
};

export const DARK: Palette = {
  ink: '#edf0f3',
  soft: '#b7c0ca',
  faint: '#97a3af',
  grid: '#2a3138',
  ground: '#161a1f',
  base: '#9aa6b2',
  'series-0': '#74b6ff',
  'series-1': '#ffa35c',
  'series-2': '#4fd1a5',
  'series-3': '#f09ac8',
  'series-4': '#d9cc5c',
};

/** The page's own colours (shell/tokens.css), the same in light and dark; with forced colours they are the person's. */
export const PAGE: Palette = {
  ink: 'var(--ink)',
  soft: 'var(--ink-soft)',
  faint: 'var(--ink-faint)',
  grid: 'var(--line)',
  ground: 'var(--surface)',
  base: 'var(--base)',
  'series-0': 'var(--series-0)',
  'series-1': 'var(--series-1)',
  'series-2': 'var(--series-2)',
  'series-3': 'var(--series-3)',
  'series-4': 'var(--series-4)',
};
