/** The harm categories that queries belong to and that constitutions name; `default` stands for harm of any kind. */
export const CATEGORIES = ['violence', 'illegal', 'hate', 'privacy', 'selfharm', 'default'] as const;

export type Category = (typeof CATEGORIES)[number];
