import type { Announcement } from './announcement.ts';
import type { NamedRule } from './draft.ts';

export interface Line {
  readonly text: string;
  readonly line: number;
  /** Whether it goes on with the line before. */
  readonly wrapped?: boolean;
}

/** A list item as it lies in the text; `mark` tells lists apart that lie on one another without indentation. */
export interface ItemLine extends Line {
  readonly indent: number;
  readonly mark: string;
}

export interface Heading {
  readonly level: number;
  readonly named: NamedRule | null;
  readonly label: Announcement | null;
}

/** What an announcing line reaches so far; of an item it is the items below it. */
export interface Scope {
  readonly label: Announcement | null;
  readonly named: NamedRule | null;
  readonly line: number;
  readonly indent: number;
  readonly item: { readonly mark: string } | null;
  reach: 'nothing' | 'block' | 'list';
  /** Of its first line below. */
  childIndent: number | null;
}

export interface Block {
  readonly kind: 'text' | 'item';
  readonly indent: number;
  readonly mark: string;
  readonly lines: Line[];
  /** The announcement of which it is the first block. */
  readonly first: Scope | undefined;
}

export const textOf = ({ lines }: Block): string => lines.map(({ text }) => text).join(' ');
