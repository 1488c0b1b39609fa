/**
 * Writes out the loops of a WGSL template. A block
 *
 *     //#each t TOKENS
 *     let sum_$t = 0.0;
 *     //#end
 *
 * is repeated counts.TOKENS times with $t = 0, 1, …; blocks nest. Written-out loops keep tiles in registers: WGSL has no arrays sized
 * by override constants in function scope, and adapters that do not unroll would index such arrays through memory. Each count is
 * also a WGSL constant of its name.
 * @throws Error on a block without a count or without an end.
 */
export function unroll(template: string, counts: Readonly<Record<string, number>>): string {
  const constants = Object.entries(counts).map(([name, count]) => `const ${name} = ${count}u;`);
  const lines = template.split('\n');
  const [body, next] = block(lines, 0, counts);
  if (next < lines.length) throw new Error(`line ${next + 1} of the template: //#end without //#each`);
  return [...constants, ...body].join('\n');
}

/** The written-out lines from `start` to the block's end, and the index of that end. */
function block(
  lines: readonly string[],
  start: number,
  counts: Readonly<Record<string, number>>,
): [lines: string[], end: number] {
  const out: string[] = [];
  let at = start;
  for (; at < lines.length && lines[at]!.trim() !== '//#end'; at++) {
    const each = /^\s*\/\/#(each|edge) (\w) (\w+)$/.exec(lines[at]!);
    if (!each) {
      out.push(lines[at]!);
      continue;
    }
    const [, kind, variable, name] = each;
    const count = counts[name!];
    const [body, end] = block(lines, at + 1, counts);
    if (count === undefined || end === lines.length)
      throw new Error(`line ${at + 1} of the template: no ${count === undefined ? name : '//#end'}`);
    const rolled = variable === 'd' && counts['ROLL']! >= (kind === 'edge' ? 1 : 2);
    if (rolled)
      out.push(
        `for (var d = 0u; d < u.vectors; d++) {`,
        ...body.map(line => line.replaceAll('$d', 'd')),
        '}',
      );
    else
      for (let i = 0; i < count; i++)
        for (const line of body) out.push(line.replaceAll(`$${variable}`, `${i}`));
    at = end;
  }
  return [out, at];
}
