import { useState } from 'react';
import type { Fault } from '../../contract/errors.ts';
import type { RecipeName } from '../../settings/recipes.ts';
import { showResult } from '../../state/geometry/results.ts';
import { recipeLabel } from '../../settings/recipes.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { useLab } from '../shared/lab-context.ts';
import { RESULTS } from '../shared/results.ts';

/** Recorded runs whose ways through the plane are worth a look beside each other. */
const OFFERED: readonly RecipeName[] = ['copsd', 'opsd'];

/** Opens recorded runs, all of which have their geometry. */
export function OtherRuns({ shown }: { readonly shown: RecipeName | null }) {
  const { runs } = useLab();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const open = async (recipe: RecipeName): Promise<void> => {
    setBusy(true);
    setFault(await showResult(runs, recipe, RESULTS));
    setBusy(false);
  };
  return (
    <>
      <p className="geometry-others">
        {OFFERED.filter(recipe => recipe !== shown).map(recipe => (
          <button
            key={recipe}
            type="button"
            className="button"
            disabled={busy}
            onClick={() => void open(recipe)}
          >
            Look at a recorded {recipeLabel(recipe)} run
          </button>
        ))}
      </p>
      {fault && <FaultCard fault={fault} />}
    </>
  );
}
