import { z } from 'zod';
import type { Outcome } from '../../protocol/lab-api.ts';
import type { LibraryEntry } from './constitution-store.ts';
import type { Importer } from './constitution-importer.ts';

const indexSchema = z.object({
  constitutions: z.array(
    z.object({ id: z.string(), file: z.string(), title: z.string(), description: z.string() }),
  ),
});

function refuse(file: string, message: string): Outcome<never> {
  return {
    ok: false,
    fault: {
      code: 'E_LIBRARY',
      message,
      file,
      consequence: 'The constitution is unchanged; your own files can still be imported.',
      nextStep: 'Reload the page and try again.',
    },
  };
}

/** The constitutions that ship with the page, under `folder`; each is fetched when it is chosen, through the importer. */
export async function loadLibrary(
  folder: string,
  importer: Importer,
  get: typeof fetch = fetch,
): Promise<Outcome<readonly LibraryEntry[]>> {
  try {
    const response = await get(`${folder}index.json`);
    const index = indexSchema.safeParse(response.ok ? await response.json() : null);
    if (!index.success) return refuse('index.json', 'the library’s index could not be read');
    const entries = index.data.constitutions.map(({ id, file, title, description }) => ({
      id,
      title,
      description,
      load: async () => {
        const answer = await get(`${folder}${file}`);
        if (!answer.ok) return refuse(file, `the constitution could not be fetched (HTTP ${answer.status})`);
        return importer({ name: file, bytes: new Uint8Array(await answer.arrayBuffer()) });
      },
    }));
    return { ok: true, value: entries };
  } catch (error) {
    return refuse('index.json', `the library could not be fetched: ${String(error)}`);
  }
}
