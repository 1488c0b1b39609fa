import { useEffect, useState } from 'react';
import type { Artefact } from '../../contract/lab-api.ts';
import { fileName } from '../../state/export.ts';
import { formatBytes } from '../../state/format.ts';
import { useLab } from '../shared/lab-context.ts';
import { saveFile } from '../shared/save-file.ts';

const madeWith = ({ calibration, rows, constitution }: Artefact): string =>
  `${rows} pairs${calibration.selfAnswers ? '' : ', no self-answers'}, ${calibration.epochs} ` +
  `${calibration.epochs === 1 ? 'epoch' : 'epochs'}, under “${constitution}”`;

/** The calibrated teachers that this page keeps, each to take home. Asks once: mount it anew when another was made. */
export function KeptTeachers() {
  const { crossed } = useLab();
  const [kept, setKept] = useState<readonly Artefact[]>([]);
  useEffect(() => {
    let open = true;
    void crossed.kept().then(artefacts => {
      if (open) setKept(artefacts);
    });
    return () => {
      open = false;
    };
  }, [crossed]);
  const save = async (name: string): Promise<void> => {
    const bytes = await crossed.file(name);
    if (bytes)
      saveFile(fileName(name, 'teacher', 'safetensors'), 'application/octet-stream', new Blob([bytes]));
  };
  if (kept.length === 0) return null;
  return (
    <section className="crossed-kept" aria-labelledby="crossed-kept-title">
      <h3 id="crossed-kept-title">Calibrated teachers of this page</h3>
      <p className="crossed-note">
        A run with the same settings takes its teacher from here instead of making it again. They go when the
        page closes.
      </p>
      <ul>
        {kept.map(artefact => (
          <li key={artefact.name}>
            <span>
              <code>{artefact.name}</code> {madeWith(artefact)}, {formatBytes(artefact.bytes)}
            </span>
            <button
              type="button"
              className="button"
              aria-label={`Download ${artefact.name}`}
              onClick={() => void save(artefact.name)}
            >
              Download weights (safetensors)
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
