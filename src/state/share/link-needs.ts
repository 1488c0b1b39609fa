import { MODELS, SHIPPED_TEACHERS } from '../../settings/default-config.ts';
import type { RunConfig } from '../../settings/run-config.ts';
import { shortModelName } from '../../contract/format.ts';

/** What settings name but a link cannot contain: models and files that the page does not have, in words. */
export function linkNeeds({ model, teacher, adapter, chat }: RunConfig): readonly string[] {
  const shipped = (name: string): boolean => SHIPPED_TEACHERS.some(known => known.name === name);
  return [
    ...(MODELS.some(({ name }) => name === model) ? [] : [`the model ${shortModelName(model)}`]),
    ...(teacher.kind === 'external' && !shipped(teacher.model) ? [`the teacher ${teacher.model}`] : []),
    // Runs recorded before there were adapters do not say that they have none.
    ...(adapter ? [`the adapter ${adapter}`] : []),
    ...(chat?.prompts ? [`the prompts “${chat.prompts.title}”`] : []),
    ...(chat?.classifier ? [`the classifier ${chat.classifier.name}`] : []),
  ];
}
