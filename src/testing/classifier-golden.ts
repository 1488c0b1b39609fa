const urls = import.meta.glob<string>('./golden/text-classifier/**/*.{json,onnx}', {
  eager: true,
  query: '?url',
  import: 'default',
});

export interface ClassifierCase {
  readonly text: string;
  readonly softmax: readonly number[];
  readonly sigmoid: readonly number[];
}

/** The files of the golden classifier by their paths, and what PyTorch makes of each text (src/testing/golden/README.md). */
export async function loadClassifierGolden(): Promise<{
  readonly contents: Map<string, Blob>;
  readonly cases: readonly ClassifierCase[];
}> {
  const contents = new Map<string, Blob>();
  for (const [path, url] of Object.entries(urls))
    contents.set(path.replace('./golden/text-classifier/', ''), await (await fetch(url)).blob());
  const cases = JSON.parse(await contents.get('cases.json')!.text()) as ClassifierCase[];
  contents.delete('cases.json');
  return { contents, cases };
}
