import type { LabApi } from '../../protocol/lab-api.ts';

/** What drives a run: the worker, or the player of a recorded one. Both report through events. */
export type RunEngine = Pick<
  LabApi,
  'start' | 'pause' | 'resume' | 'step' | 'stop' | 'recover' | 'setLive' | 'setPace'
>;
