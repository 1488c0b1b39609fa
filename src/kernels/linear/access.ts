import type { DType } from '../../gpu/tensor.ts';
import block from './block.wgsl?raw';
import operandF16 from './operand-f16.wgsl?raw';
import operandQ8 from './operand-q8.wgsl?raw';
import operandScalar from './operand-scalar.wgsl?raw';
import operandVec4 from './operand-vec4.wgsl?raw';
import resultScalar from './result-scalar.wgsl?raw';
import resultVec4 from './result-vec4.wgsl?raw';

/** How kernels read or write a matrix: f32 by scalars or whole vec4, or a type that weights are stored in. */
export type Access = 'scalar' | 'vec4' | 'f16' | 'q8';

/** A matrix as WGSL sees it: its name there, its binding, and u32 expressions of its shape in elements. */
export interface MatrixBinding {
  readonly name: string;
  readonly binding: number;
  readonly access: Access;
  readonly height: string;
  readonly width: string;
  /** From row to row; by default the width, and it must be that for stored weights. */
  readonly stride?: string;
  /** Column of a row at which it begins; 0 by default. A multiple of 4, as the stride is, unless access is scalar. */
  readonly start?: string;
}

const OPERANDS: Readonly<Record<Access, string>> = {
  scalar: operandScalar,
  vec4: operandVec4,
  f16: operandF16,
  q8: operandQ8,
};

/** @throws RangeError where rows of `width` elements cannot be stored so: see `storageType`. */
export function accessOf(dtype: DType, width: number, ...offsets: readonly number[]): Access {
  const aligned = [width, ...offsets].every(elements => elements % 4 === 0);
  if (dtype !== 'f16' && dtype !== 'q8') return aligned ? 'vec4' : 'scalar';
  if (aligned && (dtype === 'f16' || width % 32 === 0)) return dtype;
  throw new RangeError(`rows of ${width} elements cannot be stored as ${dtype}`);
}

/** WGSL that declares the matrix and reads it: `NAME_quad(row, quad)`. */
export function quadReader(matrix: MatrixBinding): string {
  return named(OPERANDS[matrix.access], matrix);
}

/** WGSL that declares the matrix and reads it: `NAME_quad(row, quad)` and `NAME_block(r, quad)`. */
export function blockReader(matrix: MatrixBinding): string {
  return named(`${OPERANDS[matrix.access]}\n${block}`, matrix);
}

/** WGSL template that declares the f32 matrix and writes it: `NAME_put(row, quad, value, keep)`. It needs the count FOUR. */
export function quadWriter(matrix: MatrixBinding): string {
  return named(matrix.access === 'vec4' ? resultVec4 : resultScalar, matrix);
}

function named(
  code: string,
  { name, binding, height, width, stride = width, start = '0u' }: MatrixBinding,
): string {
  return code
    .replaceAll('NAME', name)
    .replaceAll('BINDING', `${binding}`)
    .replaceAll('HEIGHT', height)
    .replaceAll('WIDTH', width)
    .replaceAll('STRIDE', stride)
    .replaceAll('START', start);
}
