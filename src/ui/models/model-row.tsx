import type { LibraryModel } from '../../protocol/model-api.ts';
import { formatBytes, shortModelName } from '../../contract/format.ts';
import { useLab, useModels } from '../shared/lab-context.ts';

const ORIGINS = { embedded: 'ships with the page', hub: 'downloaded', disk: 'from this computer' } as const;

function stateOf({ origin, state, bytes, totalBytes }: LibraryModel): string {
  if (origin === 'embedded') return ORIGINS.embedded;
  if (state === 'partial')
    return `${formatBytes(bytes)} of ${formatBytes(totalBytes)} here; look it up to go on`;
  if (state === 'damaged') return 'files were lost or changed; download it again or delete it';
  return `${ORIGINS[origin]}, ${formatBytes(bytes)}`;
}

/** A local model and its actions. */
export function ModelRow({ model, chosen }: { readonly model: LibraryModel; readonly chosen: boolean }) {
  const { models } = useLab();
  const busy = useModels(state => state.busy !== null);
  const { name, origin, state } = model;
  return (
    <li className="models-row" aria-current={chosen}>
      <span className="models-name">
        <strong>{shortModelName(name)}</strong>
        <small>{stateOf(model)}</small>
      </span>
      {origin !== 'embedded' && (
        <button
          type="button"
          className="button"
          disabled={busy || chosen}
          aria-label={`${origin === 'hub' ? 'Delete' : 'Forget'} ${name}`}
          onClick={() => void models.remove(name)}
        >
          {origin === 'hub' ? 'Delete' : 'Forget'}
        </button>
      )}
      <button
        type="button"
        className="button"
        disabled={busy || chosen || state !== 'complete'}
        aria-label={chosen ? `${name} is chosen` : `Choose ${name}`}
        onClick={() => void models.choose(name)}
      >
        {chosen ? 'Chosen' : 'Choose'}
      </button>
    </li>
  );
}
