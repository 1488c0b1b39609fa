import { useConfig, useLab } from '../shared/lab-context.ts';

/** The way back to a first visit, and back from there. Settings outlive the page, so that one is needed. */
export function ResetSettings({ disabled }: { readonly disabled: boolean }) {
  const { config } = useLab();
  const touched = useConfig(state => state.touched);
  const undo = useConfig(state => state.beforeReset !== null);
  if (!touched && !undo) return null;
  return (
    <div className="reset-settings">
      <button
        type="button"
        className="button"
        disabled={disabled}
        onClick={undo ? config.undoReset : config.reset}
      >
        {undo ? 'Undo reset' : 'Reset settings'}
      </button>
      <p className="field-note">
        {undo
          ? 'Everything is as on a first visit.'
          : 'Everything as on a first visit: recipe, model, constitution, seed. Settings are kept in this browser.'}
      </p>
    </div>
  );
}
