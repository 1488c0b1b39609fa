/** Why a configuration was refused: one message with field, value and what is supported. */
export class UnsupportedConfigError extends Error {
  override readonly name = 'UnsupportedConfigError';
}

/** Fields of a parsed `config.json`, or of an object in it, read strictly: null counts as absent. */
export class ConfigFields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;

  /** @throws UnsupportedConfigError where `json` is no object. */
  constructor(json: unknown, path = '') {
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw new UnsupportedConfigError(`config.json${path && `: ${path}`} is not an object`);
    this.#fields = json as Readonly<Record<string, unknown>>;
    this.#path = path && `${path}.`;
  }

  /** Whether the field is there, be it null. */
  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  get(name: string): unknown {
    return this.#fields[name] ?? null;
  }

  /** The error for a field with an unsupported value. */
  refusal(name: string, wanted: string): UnsupportedConfigError {
    return new UnsupportedConfigError(
      `config.json: ${this.#path}${name} is ${JSON.stringify(this.get(name))}; ${wanted}`,
    );
  }

  /** A whole number; required unless `absent` is given. */
  count(name: string, absent?: number): number {
    const value = this.get(name) ?? absent;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    const wanted = 'a whole number is needed';
    throw this.refusal(
      name,
      this.get(name) === null && absent !== undefined ? `${wanted}, not ${absent}` : wanted,
    );
  }

  /** A positive number; required unless `absent` is given. */
  real(name: string, absent?: number): number {
    const value = this.get(name) ?? absent;
    if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
    throw this.refusal(name, 'a positive number is needed');
  }

  flag(name: string, absent: boolean): boolean {
    const value = this.get(name) ?? absent;
    if (typeof value === 'boolean') return value;
    throw this.refusal(name, 'true or false is needed');
  }

  oneOf<T extends string>(name: string, values: readonly T[], absent?: T): T {
    const value = this.get(name) ?? absent;
    const found = values.find(candidate => candidate === value);
    if (found !== undefined) return found;
    throw this.refusal(name, `supported: ${values.join(', ')}`);
  }

  /** Refuses all but one value, which is also the value of an absent field. */
  only(name: string, value: unknown): void {
    if (this.get(name) !== null && this.get(name) !== value)
      throw this.refusal(name, `only ${JSON.stringify(value)} is supported`);
  }
}
