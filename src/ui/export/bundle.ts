import { LabError } from '../../contract/errors.ts';
import type { RunRecord } from '../../record/run-record.ts';
import { RUN_FILE } from '../../state/files/bundle-format.ts';
import { filesOfZip, writeBundle, type BundleFile } from '../../state/files/bundle-write.ts';
import { evaluationsTable, stepsTable, toCsv } from '../../record/tables.ts';
import type { Lab } from '../../state/lab.ts';
import { writeLink } from '../../state/share/link-payload.ts';
import { receiptDocument } from '../../state/files/receipt-document.ts';
import { receiptMarkdown } from '../../state/files/receipt-markdown.ts';
import { RunData } from '../../record/run-data.ts';
import { bundleFigures } from './bundle-figures.ts';

/** The link with a run's settings; without its constitution where that makes it too long, null where no link can hold them. */
function linkOf({ receipt }: RunRecord): string | null {
  const { constitution, ...settings } = receipt.config;
  for (const carried of [constitution, null])
    try {
      return writeLink(location.origin + location.pathname, { settings, constitution: carried, view: null });
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
    }
  return null;
}

/** The student's adapter, where the worker holds this run's; none is no fault. */
async function adapterFiles({ runs, controls }: Lab, id: string): Promise<readonly BundleFile[]> {
  const run = runs.entry(id);
  if (run?.origin !== 'live' || runs.store.getState().currentId !== id || !run.config.lora) return [];
  const made = await controls.client().exportRun(id, 'adapter');
  if (made.ok)
    return filesOfZip(
      new Uint8Array(await made.value.blob.arrayBuffer()),
      'adapter',
      'the student’s LoRA adapter for PEFT, as of the last evaluation',
    );
  runs.store.setState({ notice: made.fault });
  return [];
}

/** The receipt of the run `id` as a document; null before there is one. */
export async function receiptOf({ controls }: Lab, id: string): Promise<string | null> {
  const record = await controls.record(id);
  return record && receiptMarkdown(receiptDocument(record, linkOf(record), new Date()));
}

/** All there is of the run `id` as one zip, which the page opens again; null before there is anything. */
export async function bundleOf(lab: Lab, id: string): Promise<Blob | null> {
  const label = lab.runs.entry(id)?.label ?? 'run';
  const adapter = await adapterFiles(lab, id);
  const record = await lab.controls.record(id);
  if (!record) return null;
  const data = RunData.fromRecord(record);
  const link = linkOf(record);
  const receipt = receiptDocument(record, link, new Date());
  const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
  const files: readonly BundleFile[] = [
    {
      path: RUN_FILE,
      about: 'the whole run: what the page and Compare open',
      content: JSON.stringify(record),
    },
    {
      path: 'receipt.md',
      about: 'what the run was and what came of it, to read',
      content: receiptMarkdown(receipt),
    },
    {
      path: 'receipt.json',
      about: 'the same for programs, and for npm run lab -- --config',
      content: json(receipt),
    },
    {
      path: 'constitution.json',
      about: 'the constitution, to be dropped on the page',
      content: json(record.receipt.config.constitution),
    },
    ...(link
      ? [{ path: 'link.txt', about: 'opens the page with these settings', content: `${link}\n` }]
      : []),
    {
      path: 'steps.csv',
      about: 'every figure of every step',
      content: toCsv(stepsTable(data.series)),
    },
    {
      path: 'evaluations.csv',
      about: 'held-out figures, and the teacher’s',
      content: toCsv(evaluationsTable(record)),
    },
    ...bundleFigures(record, data, label),
    ...adapter,
  ];
  return await writeBundle(files);
}
