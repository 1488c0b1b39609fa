import { fileName } from '../../record/tables.ts';
import { formatBytes } from '../../contract/format.ts';
import { madeWith } from '../../state/crossed/kept-teachers.ts';
import { useKeptTeachers, useLab } from '../shared/lab-context.ts';
import { saveFile } from '../shared/save-file.ts';

/**
 * The calibrated teachers that the worker keeps, each to take home.
 * @param own name of the shown run's teacher, which is marked; null while it has none
 */
export function KeptTeachers({ own }: { readonly own: string | null }) {
  const { crossed } = useLab();
  const kept = useKeptTeachers();
  const save = async (name: string): Promise<void> => {
    const bytes = await crossed.file(name);
    if (bytes)
      saveFile(fileName(name, 'teacher', 'safetensors'), 'application/octet-stream', new Blob([bytes]));
  };
  if (kept.length === 0) return null;
  return (
    <section className="crossed-card crossed-kept" aria-labelledby="crossed-kept-title">
      <h3 id="crossed-kept-title">Calibrated teachers of this page</h3>
      <p className="crossed-kept-about">
        A run with the same settings takes its teacher from here instead of making it again. They go when the
        page closes.
      </p>
      <ul>
        {kept.map(artefact => (
          <li key={artefact.name}>
            <p>
              <code>{artefact.name}</code>
              {artefact.name === own && <span className="chip">this run’s</span>}
              <span className="crossed-kept-about">
                {madeWith(artefact)}, {formatBytes(artefact.bytes)}
              </span>
            </p>
            <button
              type="button"
              className="button"
              aria-label={`Download ${artefact.name} as safetensors`}
              onClick={() => void save(artefact.name)}
            >
              Download safetensors
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
