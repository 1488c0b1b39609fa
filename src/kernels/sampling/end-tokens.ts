/** Tokens that may end a row. */
export const MAX_END_TOKENS = 4;
