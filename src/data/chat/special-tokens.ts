/** Names of special tokens in `tokenizer_config.json` and in templates. */
const NAMES = [
  'bos_token',
  'eos_token',
  'pad_token',
  'unk_token',
  'sep_token',
  'cls_token',
  'mask_token',
] as const;

/** The special tokens of a `tokenizer_config.json` by name; each is given there as a text or as an object with `content`. */
export function specialTokens(tokenizerConfig: unknown): Readonly<Record<string, string>> {
  const config = (tokenizerConfig ?? {}) as Readonly<Record<string, unknown>>;
  const found: Record<string, string> = {};
  for (const name of NAMES) {
    const value = config[name] as string | { readonly content?: unknown } | null | undefined;
    const content = typeof value === 'object' ? value?.content : value;
    if (typeof content === 'string' && content !== '') found[name] = content;
  }
  return found;
}

/** Ids that end generation in `generation_config.json` or `config.json` (`eos_token_id`, a number or a list), in order, each once. */
export function eosIds(...configs: readonly unknown[]): number[] {
  const ids = configs.flatMap(config => (config as { eos_token_id?: unknown } | null)?.eos_token_id ?? []);
  return [...new Set(ids.filter((id): id is number => Number.isSafeInteger(id) && (id as number) >= 0))];
}
