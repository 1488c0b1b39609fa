import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LabClient } from '../../client/lab-client.ts';
import type { Fault } from '../../contract/errors.ts';
import type { ConfigStore } from '../setup/config-store.ts';
import { readTeacherFiles } from './teacher-files.ts';

export interface TeacherState {
  /** Names of the added models, in order. */
  readonly added: readonly string[];
  /** A model is being read and checked. */
  readonly adding: boolean;
  /** Why the last one was refused. */
  readonly fault: Fault | null;
}

export interface TeacherActions {
  readonly store: StoreApi<TeacherState>;
  /** Reads a model's files, has the worker check them against the student, and makes it the teacher of the next run. */
  add(files: readonly File[]): Promise<void>;
  dismiss(): void;
}

export function createTeacherActions(config: ConfigStore, client: () => LabClient): TeacherActions {
  const store = createStore<TeacherState>(() => ({ added: [], adding: false, fault: null }));

  async function take(files: readonly File[]) {
    const read = await readTeacherFiles(files);
    if (!read.ok) return read;
    const { model: name, chat } = config.store.getState().draft;
    return client().addTeacher({ name, storage: chat?.storage ?? 'f32' }, read.value);
  }

  return {
    store,
    async add(files) {
      if (store.getState().adding) return;
      store.setState({ adding: true, fault: null });
      const outcome = await take(files);
      if (!outcome.ok) return store.setState({ adding: false, fault: outcome.fault });
      const { name } = outcome.value;
      store.setState(({ added }) => ({
        adding: false,
        added: [...added.filter(other => other !== name), name],
      }));
      config.edit(draft => ({ ...draft, teacher: { kind: 'external', model: name }, calibration: null }));
    },
    dismiss: () => store.setState({ fault: null }),
  };
}
