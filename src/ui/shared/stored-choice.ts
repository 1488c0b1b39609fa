/** A choice kept for the next visit, where the browser allows that; else it lasts for this one. */
export interface StoredChoice<T extends string> {
  read(): T;
  write(value: T): void;
}

export function storedChoice<T extends string>(
  key: string,
  choices: readonly T[],
  usual: T,
): StoredChoice<T> {
  return {
    read() {
      try {
        const value = localStorage.getItem(key);
        return choices.find(choice => choice === value) ?? usual;
      } catch {
        return usual;
      }
    },
    write(value) {
      try {
        localStorage.setItem(key, value);
      } catch {
        // Storage may be forbidden or full: the choice still applies.
      }
    },
  };
}
