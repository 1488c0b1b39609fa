/** The control tokens of the embedded model; a token's index is its id. Padding and end of turn differ on purpose. */
export const CONTROL_TOKENS = ['<pad>', '<bos>', '<sys>', '<user>', '<asst>', '<eos>', '<unk>'] as const;

export type ControlName = 'pad' | 'bos' | 'sys' | 'user' | 'asst' | 'eos' | 'unk';
export type ControlIds = Readonly<Record<ControlName, number>>;

export const CONTROL_IDS: ControlIds = { pad: 0, bos: 1, sys: 2, user: 3, asst: 4, eos: 5, unk: 6 };
