/**
 * Unrolls the loops of a WGSL template. A block
 *
 *     //#each t TOKENS
 *     let sum_$t = 0.0;
 *     //#end
 *
 * is repeated counts.TOKENS times with $t = 0, 1, …; blocks nest. Unrolled loops keep tiles in registers: WGSL has no arrays sized
 * by override constants in function scope, and adapters that do not unroll would index such arrays through memory. Each count is
 * also a WGSL constant of its name.
 *
 * `//#edge d VECTORS` does the same for loads and stores outside the hot loop. With `rolledEdges` it becomes a loop up to the uniform
 * `u.vectors`, which no compiler can unroll: for adapters whose compile time grows with every access to a buffer.
 * @throws Error on a block without a count or without an end.
 */
export function unroll(
  template: string,
  counts: Readonly<Record<string, number>>,
  rolledEdges = false,
): string {
  const constants = Object.entries(counts).map(([name, count]) => `const ${name} = ${count}u;`);
  const lines = template.split('\n');
  const [body, end] = expand(lines, 0, counts, rolledEdges);
  if (end < lines.length) throw new Error(`line ${end + 1} of the template: //#end without //#each`);
  return [...constants, ...body].join('\n');
}

/** The expanded lines from `start` to the block's end, and the index of that end. */
function expand(
  lines: readonly string[],
  start: number,
  counts: Readonly<Record<string, number>>,
  rolledEdges: boolean,
): [lines: string[], end: number] {
  const out: string[] = [];
  let at = start;
  for (; at < lines.length && lines[at]!.trim() !== '//#end'; at++) {
    const [, kind, variable, name] = /^\s*\/\/#(each|edge) (\w) (\w+)$/.exec(lines[at]!) ?? [];
    if (!variable || !name) {
      out.push(lines[at]!);
      continue;
    }
    const count = counts[name];
    const [body, end] = expand(lines, at + 1, counts, rolledEdges);
    if (count === undefined || end === lines.length)
      throw new Error(`line ${at + 1} of the template: no ${count === undefined ? name : '//#end'}`);
    const repeat = (index: string): string[] => body.map(line => line.replaceAll(`$${variable}`, index));
    if (kind === 'edge' && rolledEdges)
      out.push(`for (var edge = 0u; edge < u.vectors; edge++) {`, ...repeat('edge'), '}');
    else for (let i = 0; i < count; i++) out.push(...repeat(String(i)));
    at = end;
  }
  return [out, at];
}
