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
  'series-1': '#c04a00',
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
  'series-1': '#ff9d5c',
  'series-2': '#4fd1a5',
  'series-3': '#f09ac8',
  'series-4': '#d9cc5c',
};

/** Follows the theme that the page is in. */
export const PAGE = Object.fromEntries(
  Object.entries(LIGHT).map(([tone, light]) => [tone, `light-dark(${light}, ${DARK[tone as Tone]})`]),
) as Palette;
