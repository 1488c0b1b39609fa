import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import { alignBytes, ELEMENT_BYTES, view, type Tensor } from '../gpu/tensor.ts';
import { wholeTable, type TokenTable } from '../kernels/embedding/token-table.ts';

/** One named parameter: `start` is its first element in the flat buffer. */
export interface ParameterEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly length: number;
}

/** Where each parameter lies in one flat buffer; parameters, gradients and moments share the layout. */
export interface ParameterLayout {
  readonly entries: readonly ParameterEntry[];
  /** Elements of the flat buffer, gaps for alignment included; gaps stay zero. */
  readonly total: number;
  /** Elements that are parameters. */
  readonly count: number;
}

/** Lays parameters one after the other, each at a bindable offset. */
export function layoutParameters(
  shapes: Iterable<readonly [name: string, shape: readonly number[]]>,
): ParameterLayout {
  const entries: ParameterEntry[] = [];
  let start = 0;
  let count = 0;
  for (const [name, shape] of shapes) {
    const length = shape.reduce((product, extent) => product * extent, 1);
    entries.push({ name, shape, start, length });
    start += alignBytes(length * ELEMENT_BYTES) / ELEMENT_BYTES;
    count += length;
  }
  return { entries, total: start, count };
}

/** Named tensors on the CPU: row-major f32 with shape. */
export type NamedArrays = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float32Array<ArrayBuffer> }
>;

/** Parameters on the GPU by their checkpoint names: in one flat buffer, or each in its own. */
export interface WeightStore {
  readonly layout: ParameterLayout;
  /** @throws RangeError when there is no such parameter, or it lies in parts. */
  tensor(name: string): Tensor;
  /** A matrix of one row a token. @throws RangeError when there is no such parameter. */
  table(name: string): TokenTable;
}

/** A flat buffer with named views. Owned by the memory scope that it was allocated in. */
export class ParameterSet implements WeightStore {
  readonly layout: ParameterLayout;
  /** The whole buffer, for operations on all parameters at once (AdamW, norms, copies). */
  readonly all: Tensor;
  readonly #views: ReadonlyMap<string, Tensor>;

  constructor(memory: Memory, label: string, layout: ParameterLayout) {
    this.layout = layout;
    this.all = memory.tensor(label, layout.total);
    this.#views = new Map(
      layout.entries.map(e => [e.name, view(this.all, e.start, e.length, `${label}.${e.name}`)]),
    );
  }

  /** @throws RangeError when the layout has no such parameter. */
  tensor(name: string): Tensor {
    const tensor = this.#views.get(name);
    if (!tensor) throw new RangeError(`${this.all.label} has no parameter ${name}`);
    return tensor;
  }

  table(name: string): TokenTable {
    const entry = this.layout.entries.find(candidate => candidate.name === name);
    const [vocab = 0, dim = 0] = entry?.shape ?? [];
    return wholeTable(this.tensor(name), vocab, dim);
  }

  /** Uploads every parameter. @throws RangeError when one is missing or of another shape. */
  upload(gpu: Gpu, arrays: NamedArrays): void {
    const flat = new Float32Array(this.layout.total);
    for (const { name, shape, start } of this.layout.entries) {
      const array = arrays.get(name);
      if (!array) throw new RangeError(`parameter ${name} is missing`);
      if (array.shape.join('×') !== shape.join('×'))
        throw new RangeError(
          `parameter ${name} has shape ${array.shape.join('×')}, the model needs ${shape.join('×')}`,
        );
      flat.set(array.data, start);
    }
    gpu.write(this.all, flat);
  }

  /** Reads every parameter back. */
  async download(gpu: Gpu): Promise<NamedArrays> {
    const flat = await gpu.readback.f32(this.all);
    return new Map(
      this.layout.entries.map(({ name, shape, start, length }) => [
        name,
        { shape, data: flat.slice(start, start + length) },
      ]),
    );
  }
}
