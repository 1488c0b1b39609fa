/** How the embedded model reads a constitution. */
export interface ConstitutionReading {
  readonly tokens: number;
  readonly routed: Readonly<Record<string, { readonly text: string; readonly tokens: number }>>;
  readonly unknownWords: readonly string[];
}
