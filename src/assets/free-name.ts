/** `wanted`, or `wanted (2)` and so on: a name always means one thing, open or in an artefact's settings. */
export function freeName(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted} (${n})`;
  return name;
}
