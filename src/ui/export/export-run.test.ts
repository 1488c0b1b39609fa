import { expect, it, vi } from 'vitest';
import { LabError } from '../../contract/errors.ts';
import type { Lab } from '../../state/lab.ts';
import { createPageActions } from '../../state/page/page-store.ts';
import { createRunStore } from '../../state/run/run-store.ts';
import { exportRun } from './export-run.ts';

type Client = ReturnType<Lab['controls']['client']>;

const refusal = new LabError({ code: 'E_EXPORT_NONE', message: 'no', consequence: 'none', nextStep: 'run' });

function openPage(answer: Client['exportRun'], isRead = true) {
  const page = createPageActions();
  const runs = createRunStore();
  const client = { exportRun: answer } as Partial<Client> as Client;
  const lab = {
    page,
    runs,
    controls: { client: () => client } as Lab['controls'],
    keptRuns: { read: async () => isRead } as Partial<Lab['keptRuns']> as Lab['keptRuns'],
  } as Partial<Lab> as Lab;
  return {
    lab,
    learnerActions: () => page.store.getState().learnerActions,
    notice: () => runs.store.getState().notice,
  };
}

it('says what was refused, and counts nothing as exported', async () => {
  const { lab, learnerActions, notice } = openPage(async () => ({ ok: false, fault: refusal.fault }));
  await exportRun(lab, 'run', 'adapter');
  expect(notice()?.code).toBe('E_EXPORT_NONE');
  expect(learnerActions()).toEqual({});
});

it('says what failed while the file was made', async () => {
  const { lab, learnerActions, notice } = openPage(async () => {
    throw new Error('no room');
  });
  await exportRun(lab, 'run', 'adapter');
  expect(notice()).toMatchObject({
    code: 'E_EXPORT_FAILED',
    message: 'the file could not be made: no room',
  });
  expect(learnerActions()).toEqual({});
});

it('counts what was saved', async () => {
  const link = { click: vi.fn<() => void>() };
  vi.stubGlobal('document', { createElement: () => link });
  const { lab, learnerActions, notice } = openPage(async () => ({
    ok: true,
    value: { name: 'a.zip', blob: new Blob(['PK']) },
  }));
  await exportRun(lab, 'run', 'adapter');
  expect(link.click).toHaveBeenCalledOnce();
  expect(notice()).toBe(null);
  expect(Object.keys(learnerActions())).toEqual(['exported']);
  vi.unstubAllGlobals();
});

it('makes no file of a run that cannot be read', async () => {
  const { lab, learnerActions } = openPage(async () => ({ ok: false, fault: refusal.fault }), false);
  await exportRun(lab, 'run', 'steps');
  expect(learnerActions()).toEqual({});
});
