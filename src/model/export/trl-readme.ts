import type { RunConfig } from '../../settings/run-config.ts';
import type { TrlModel } from './trl-project.ts';

/** The project's README; it contains no user text. `written` steps have their queries in `train.jsonl`. */
export function trlReadme(config: RunConfig, model: TrlModel, written: number): string {
  const { queries, rolloutsPerQuery, steps, maxNewTokens, lora } = config;
  const answers = queries * rolloutsPerQuery;
  const again =
    written < steps
      ? `, of the first ${written === 1 ? 'step' : `${written} steps`}, from which it begins again`
      : '';
  return `# A run of COPSD Lab, for TRL

On-policy self-distillation under a constitution: the student answers without it, its teacher reads it in the system message and scores
each token. ${steps} ${steps === 1 ? 'step' : 'steps'} of ${answers} ${answers === 1 ? 'answer' : 'answers'} of at most ${maxNewTokens} tokens; ${lora ? `a LoRA adapter of rank ${lora.rank}` : 'all weights'}
is trained.

## Run it

\`\`\`
python -m venv .venv && . .venv/bin/activate
pip install -r requirements.txt
accelerate launch --config_file accelerate.yaml train.py${model === null ? ' --model FOLDER' : ''}
\`\`\`

The result lies in \`output/\`. On N cards of one machine: \`accelerate launch --multi_gpu --num_processes N train.py\`, where N divides ${answers};
each takes its share of a step. \`--accumulate K\` computes a share in K parts, \`--bf16\` halves the memory, \`--vllm\` samples with vLLM,
\`--steps 2\` is a first try. DeepSpeed and FSDP are chosen with \`accelerate config\`, as for every script of TRL.

${modelText(model)}

## What is in it

| file | what |
| --- | --- |
| \`train.jsonl\` | one query a line, in the order of the run's steps${again}: \`prompt\`, \`privileged_context\` (the constitution that is routed to it), and a digest of the tokens that each took in the lab |
| \`settings.json\` | all settings of the run; \`run\` is what the lab itself reads |
| \`train.py\` | TRL's \`SDFTTrainer\` with these settings |
${config.teacher.kind === 'calibrated' ? '| `teacher/` | the teacher as Cross-SFT left it, whole |\n' : ''}
## What is the same, and what is not

- The same: queries and their order, prompts token for token (the script stops where one differs), teacher, divergence with its
  temperature, top-k support and clip, the mean over all response tokens of a step, optimiser and schedule,
  ${lora ? 'the adapter and the distribution of its first values, ' : ''}where answers end.
- Not the same: random numbers. Rollouts${lora ? ' and the first values of the adapter' : ''} are drawn by PyTorch, so two runs agree in distribution, not in
  their answers.
- With \`--accumulate\` a step averages the means of its parts; the lab averages over all tokens at once.
- Changes that were made while the run went on (learning rate, temperature) are not repeated.
- Evaluation stays in the lab: bring the adapter back with "Start from an adapter", or judge answers with tools of your own.
`;
}

function modelText(model: TrlModel): string {
  if (model === null)
    return 'The model was opened from a disk and is not in this folder: give the folder that you opened with `--model`.';
  return 'folder' in model
    ? `The model is in \`${model.folder}/\`.`
    : 'The model comes from the Hugging Face hub, at the commit that the run used.';
}
