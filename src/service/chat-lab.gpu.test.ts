import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { LabEvent, Outcome } from '../protocol/lab-api.ts';
import type { ExportKind } from '../protocol/export-formats.ts';
import type { PathedFile } from '../protocol/model-api.ts';
import type { EvaluationRecord } from '../record/run-record.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { openGpu } from '../gpu/device.ts';
import { tinySource, tinyTeacherFiles } from '../testing/tiny-lab.ts';
import { chatConfig, chatFiles, noStore, pathed, PROMPTS } from './chat-lab-fixture.ts';
import { createLabService } from './lab-service.ts';
import { answered } from './outcome.ts';
import { MemoryRunStorage } from './memory-run-storage-fixture.ts';

function openService() {
  const commands = createLabService({
    // A device of its own each time: the service destroys it when it opens another model.
    openGpu: () => openGpu(navigator.gpu),
    models: [{ name: 'tiny', open: () => Promise.resolve(tinySource()) }],
    store: noStore(),
    runs: new MemoryRunStorage(),
    loadStarterPrompts: () => Promise.resolve(new TextEncoder().encode(PROMPTS)),
    loadExternal: name => Promise.resolve(tinyTeacherFiles(name)),
    runtime: 'test',
  });
  const service = answered(commands);
  const events: LabEvent[] = [];
  void service.subscribe(batch => events.push(...batch));
  const run = async (runId: string, config: RunConfig): Promise<EvaluationRecord[]> => {
    value(await service.start({ id: runId, label: 'Run', config, paused: false }));
    for (;;) {
      const fault = events.find(event => event.type === 'fault');
      if (fault?.type === 'fault') throw new Error(JSON.stringify(fault.fault));
      if (events.some(e => e.type === 'status' && e.runId === runId && e.status === 'finished')) break;
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    return events.flatMap(e => (e.type === 'evaluation' && e.runId === runId ? [e.record] : []));
  };
  const exported = async (runId: string, kind: ExportKind): Promise<PathedFile[]> => {
    const { blob } = value(await service.exportRun(runId, kind));
    const files = unzipSync(new Uint8Array(await blob.arrayBuffer()));
    return Object.entries(files).map(([path, bytes]) => pathed(`out/${path}`, new Uint8Array(bytes)));
  };
  return { service, events, run, exported };
}

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.fault));
  return outcome.value;
}

/** What two evaluations of equal weights agree on but for rounding. */
const answers = ({ benign, harmful, general }: EvaluationRecord): unknown => ({
  lengths: [benign, harmful, general].map(({ outcomes }) => outcomes.lengths),
  entropies: [benign, harmful, general].map(({ entropy }) => Number(entropy!.toFixed(3))),
});

test('a chat model of the disk is trained on prompts of a person, and goes out and in again', async () => {
  const { service, events, run, exported } = openService();
  const { name } = value(await service.addModel('qwen', chatFiles('qwen')));
  expect(value(await service.models())).toMatchObject({
    models: [
      { name: 'tiny', origin: 'embedded' },
      { name, origin: 'disk', state: 'complete' },
    ],
    usage: null,
  });
  expect(value(await service.describeModel(name))).toMatchObject({
    chat: true,
    thinking: true,
    facts: { family: 'qwen2', layers: 2, vocabulary: 512 },
  });
  const { sha256, counts } = value(await service.addPrompts('mine.jsonl', new Blob([PROMPTS])));
  expect(counts.harmful).toEqual({ train: 1, heldout: 1 });

  const config = chatConfig(name, sha256);
  const forecast = value(await service.forecast(config));
  expect(forecast.refused).toBeNull();
  const [before, after] = await run('first', config);
  expect(answers(after!)).not.toEqual(answers(before!));
  const memory = events.findLast(event => event.type === 'memory');
  const ratio = memory?.type === 'memory' ? memory.peakGpuBytes / forecast.peakBytes : 0;
  expect(ratio).toBeGreaterThan(0.9);
  expect(ratio).toBeLessThan(1.1);

  const told = events.flatMap(event => (event.type === 'status' ? [event.activity] : []));
  expect(told).toContain('Loading the model, 100 %');
  const receipt = events.findLast(event => event.type === 'receipt');
  expect(receipt).toMatchObject({ receipt: { prompts: { title: 'mine', sha256 } } });

  const adapter = value(await service.addAdapter(name, await exported('first', 'adapter')));
  expect(adapter).toMatchObject({ lora: config.lora });
  const onnx = await exported('first', 'onnx');
  expect(onnx.map(({ path }) => path)).toContain('out/onnx/model.onnx');
  const trl = await exported('first', 'trl');
  const rows = await trl.find(({ path }) => path === 'out/train.jsonl')!.file.text();
  expect(rows.trimEnd().split('\n')).toHaveLength(config.steps * config.queries);
  expect(trl.map(({ path }) => path)).toContain('out/model/model.safetensors');
  const merged = value(await service.addModel('merged', await exported('first', 'merged')));

  const [resumed] = await run('from adapter', { ...config, steps: 1, adapter: adapter.name });
  expect(answers(resumed!)).toEqual(answers(after!));
  const [whole] = await run('merged', { ...config, steps: 1, model: merged.name });
  expect(answers(whole!)).toEqual(answers(after!));
});

test('settings of another language, gone prompts and gone adapters are refused; the lab goes on', async () => {
  const { service, events, run } = openService();
  const { name } = value(await service.addModel('qwen', chatFiles('qwen')));
  const gone = '0'.repeat(64);
  const faults = async (runId: string, config: RunConfig): Promise<string> => {
    value(await service.start({ id: runId, label: 'Run', config, paused: false }));
    for (;;) {
      const fault = events.find(event => event.type === 'fault' && event.runId === runId);
      if (fault?.type === 'fault') return fault.fault.code;
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  };
  expect(await faults('world settings', { ...chatConfig(name, gone), chat: null })).toBe('E_MODEL_LANGUAGE');
  expect(await faults('no prompts', chatConfig(name, gone))).toBe('E_PROMPTS_GONE');
  const starter = { ...chatConfig(name, gone), adapter: 'own: nothing' };
  const chat = { ...starter.chat!, prompts: null };
  expect(await faults('no adapter', { ...starter, chat })).toBe('E_ADAPTER_GONE');
  expect(await service.describeModel('own: nothing')).toMatchObject({
    ok: false,
    fault: { code: 'E_MODEL_UNKNOWN' },
  });
  expect(await service.removeModel('tiny')).toMatchObject({ fault: { code: 'E_MODEL_EMBEDDED' } });
  expect(await service.exportRun('no adapter', 'adapter')).toMatchObject({
    fault: { code: 'E_EXPORT_NONE' },
  });
  events.length = 0;
  expect(await run('good', { ...starter, steps: 1, adapter: null, chat })).toHaveLength(2);
});
