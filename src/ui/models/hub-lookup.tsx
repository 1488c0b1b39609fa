import { useId, useState } from 'react';
import type { ModelOffer } from '../../protocol/model-api.ts';
import { countOf, formatBytes, formatWeights, percent } from '../../contract/format.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { useLab, useModels, useRuns } from '../shared/lab-context.ts';

const SUGGESTIONS = [
  'HuggingFaceTB/SmolLM2-135M-Instruct',
  'HuggingFaceTB/SmolLM2-360M-Instruct',
  'Qwen/Qwen2.5-0.5B-Instruct',
  'Qwen/Qwen3-0.6B',
] as const;

/** A model of the hub: looked up first, so that its size is seen before anything large is fetched. */
export function HubLookup() {
  const { models } = useLab();
  const id = useId();
  const [address, setAddress] = useState('');
  const [revision, setRevision] = useState('main');
  const busy = useModels(state => state.busy !== null);
  const offer = useModels(state => state.offer);
  const look = (wanted: string): void => {
    setAddress(wanted);
    void models.look(wanted, revision.trim() || 'main');
  };
  return (
    <section aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>From the Hugging Face hub</h3>
      <form
        className="models-look"
        onSubmit={event => {
          event.preventDefault();
          look(address);
        }}
      >
        <label htmlFor={`${id}-name`}>Model, or the address of its page</label>
        <input
          id={`${id}-name`}
          className="input"
          required
          autoComplete="off"
          spellCheck={false}
          placeholder="owner/name"
          value={address}
          onChange={event => setAddress(event.target.value)}
        />
        <label htmlFor={`${id}-revision`}>Revision</label>
        <input
          id={`${id}-revision`}
          className="input"
          autoComplete="off"
          spellCheck={false}
          value={revision}
          onChange={event => setRevision(event.target.value)}
        />
        <button type="submit" className="button" disabled={busy}>
          Look up
        </button>
      </form>
      <div className="models-ways" role="group" aria-label="Small models that fit">
        {SUGGESTIONS.map(name => (
          <button key={name} type="button" className="button" disabled={busy} onClick={() => look(name)}>
            {name.split('/')[1]}
          </button>
        ))}
      </div>
      {offer && <Offer offer={offer} />}
      <Progress />
    </section>
  );
}

function Offer({ offer: { plan, facts, cached } }: { readonly offer: ModelOffer }) {
  const { models } = useLab();
  const busy = useModels(state => state.busy !== null);
  const loading = useRuns(({ download }) => download?.status === 'running');
  const { f32, f16, q8 } = facts.storedBytes;
  return (
    <div className="models-offer">
      <dl>
        <dt>Model</dt>
        <dd>
          {plan.id} at commit <code>{plan.commit.slice(0, 8)}</code>
        </dd>
        <dt>Download</dt>
        <dd>
          {formatBytes(plan.totalBytes)} in {countOf(plan.files.length, 'file')}
        </dd>
        <dt>Kind</dt>
        <dd>
          {facts.family}, {countOf(facts.layers, 'layer')}, {formatWeights(facts.parameters)} weights, reads{' '}
          {facts.contextLength.toLocaleString('en')} tokens
        </dd>
        <dt>On the GPU</dt>
        <dd>
          {formatBytes(f32)} as f32, {formatBytes(f16)} as f16, {formatBytes(q8)} in 8 bits
        </dd>
      </dl>
      {cached === 'complete' ? (
        <button
          type="button"
          className="button"
          disabled={busy}
          onClick={() => void models.choose(`${plan.id}@${plan.commit}`)}
        >
          Choose, it is here
        </button>
      ) : (
        <button
          type="button"
          className="button"
          disabled={busy || loading}
          onClick={() => void models.download()}
        >
          {cached === 'partial' ? 'Go on downloading' : `Download ${formatBytes(plan.totalBytes)}`}
        </button>
      )}
    </div>
  );
}

function Progress() {
  const { models } = useLab();
  const download = useRuns(state => state.download);
  if (!download) return null;
  if (download.status === 'failed') return <FaultCard fault={download.fault} />;
  const { id, status, progress } = download;
  const share = progress.totalBytes > 0 ? progress.bytes / progress.totalBytes : 0;
  const text = `${formatBytes(progress.bytes)} of ${formatBytes(progress.totalBytes)}, ${percent(share)}`;
  return (
    <div className="models-progress">
      {status !== 'complete' && <progress aria-label={`Download of ${id}`} max={1} value={share} />}
      <span>
        {id}: {status === 'running' ? text : status === 'complete' ? 'is here' : `stopped at ${text}`}
      </span>
      {status === 'running' && (
        <button type="button" className="button" onClick={() => void models.stop()}>
          Stop
        </button>
      )}
    </div>
  );
}
