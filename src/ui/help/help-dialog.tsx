import { Dialog } from '../shared/dialog.tsx';
import { setLetterKeys, useLetterKeys } from '../shared/letter-keys.ts';
import './help.css';

const SHORTCUTS = [
  ['Space', 'run, pause, go on'],
  ['→', 'one step'],
  ['R', 'reset'],
  ['C', 'constitution'],
  ['L', 'lesson'],
  ['?', 'this help'],
] as const;

const WORDS = [
  ['Base', 'the model before training'],
  [
    'Recipe',
    'a method with all its settings: the paper’s COPSD, the collapse it repairs, baselines, a probe',
  ],
  [
    'Teacher',
    'the same model with the constitution before each query; some recipes calibrate it first, update it, or use another model',
  ],
  [
    'Cross-SFT',
    'calibrates the teacher: fine-tuning, with the constitution in context, on its own answers to harmless queries and on the frontier’s to harmful ones',
  ],
  ['Frontier', 'a larger model of the same world, whose answers to harmful queries are safe and rich'],
  ['Student', 'a copy that sees the query only, and is trained'],
  ['Rollout', 'an answer sampled from the student; the loss is computed on its tokens'],
  [
    'Benign, borderline, harmful',
    'queries that are harmless, that only sound dangerous, and that should be refused',
  ],
  ['Over-refusal', 'a refusal, or a safe answer with a warning, to a harmless query'],
  ['Nat', 'unit of entropy and divergence: 1 nat is 1.44 bits'],
] as const;

/** What the page is, how to use it, and a glossary. */
export function HelpDialog({ onClose }: { onClose(): void }) {
  const letters = useLetterKeys(state => state.on);
  return (
    <Dialog title="What this is" onClose={onClose}>
      <div className="help">
        <p>
          COPSD Lab trains a small language model in this browser, on your GPU, by on-policy
          self-distillation: the student answers queries, the teacher (the same model, but reading a
          constitution) scores every token of those answers, and the student moves toward the teacher. Watch
          safety rise, and what it costs: answers shrink, and harmless queries get refused.
        </p>
        <p>
          The page opens with a recorded run. Run trains the same live; nothing leaves this computer. Change a
          setting, or drop a constitution of your own, and run again.
        </p>
        <h3>Keys</h3>
        <dl className="help-keys">
          {SHORTCUTS.map(([key, does]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <label className="help-switch">
          <input type="checkbox" checked={letters} onChange={event => setLetterKeys(event.target.checked)} />
          Letters are shortcuts
        </label>
        <p className="help-note">
          On a chart, the arrow keys move the crosshair; Page Up and Page Down take ten times the way. In
          Tokens they go along the answer, and H goes to the token of highest KL.
        </p>
        <h3>Words</h3>
        <dl className="help-words">
          {WORDS.map(([word, meaning]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <h3>How far to trust it</h3>
        <p>
          The bundled model lives in a small synthetic world with exact judges. That a constitution makes its
          answers shorter and more cautious was put into its training data, as real models have it from
          theirs. How this passes to a student that never sees the constitution, and how far it spreads, is
          measured. The method follows <cite>Constitutional On-Policy Safe Distillation</cite> (arXiv
          2606.03089) and <cite>Self-Distilled Reasoner</cite> (arXiv 2601.18734).
        </p>
      </div>
    </Dialog>
  );
}
