import type { RunConfig } from '../settings/run-config.ts';

/** A form in which a run's student leaves the lab: a zip of a folder, written in `service/export-run.ts`. */
export interface WeightFormat {
  readonly label: string;
  /** Its purpose. */
  readonly why: string;
  /** Whether runs with these settings have it; all have where it is absent. */
  readonly applies?: (config: RunConfig) => boolean;
}

const FORMATS = {
  adapter: {
    label: 'LoRA adapter',
    why: 'for PEFT, as of the last checkpoint',
    applies: ({ lora }) => lora !== null,
  },
  merged: { label: 'Merged weights', why: 'a folder for transformers' },
  onnx: { label: 'ONNX', why: 'a folder for transformers.js' },
  trl: { label: 'TRL project', why: 'the same run in Python, for larger machines' },
} satisfies Record<string, WeightFormat>;

export type ExportKind = keyof typeof FORMATS;

/** The page's menu, the twin's `--export` and docs/exports.md list these. */
export const WEIGHT_FORMATS: Readonly<Record<ExportKind, WeightFormat>> = FORMATS;
export const EXPORT_KINDS = Object.keys(FORMATS) as readonly ExportKind[];
