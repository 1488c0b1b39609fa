import { useState } from 'react';
import { FileChooser } from '../shared/file-chooser.tsx';
import { useConstitutions, useLab } from '../shared/lab-context.ts';

const TYPES = '.md,.markdown,.txt,.json,.yaml,.yml';

/** After choosing to paste, the user types next. */
const focusOnce = (element: HTMLTextAreaElement | null): void => element?.focus();

/** The ways in: the library, a file, pasted text. */
export function ImportTools() {
  const { constitutions } = useLab();
  const library = useConstitutions(state => state.library);
  const [pasting, setPasting] = useState(false);
  const [text, setText] = useState('');

  const takePasted = (): void => {
    setPasting(false);
    setText('');
    void constitutions.importText(text);
  };

  return (
    <div className="import">
      <label className="import-library">
        <span>Library</span>
        <select
          className="select"
          value=""
          onChange={event => {
            const entry = library.find(({ id }) => id === event.target.value);
            if (entry) void constitutions.choose(entry);
          }}
        >
          <option value="" disabled>
            choose one of {library.length}
          </option>
          {library.map(({ id, title, description }) => (
            <option key={id} value={id}>
              {title}: {description}
            </option>
          ))}
        </select>
      </label>
      <FileChooser
        label="Choose file"
        files="Constitution file"
        accept={TYPES}
        onChoose={constitutions.importFiles}
      />
      <button type="button" className="button" aria-expanded={pasting} onClick={() => setPasting(!pasting)}>
        Paste text
      </button>
      {pasting && (
        <div className="import-paste">
          <label htmlFor="import-text">Rules, one a line (Markdown)</label>
          <textarea
            id="import-text"
            className="textarea"
            rows={5}
            ref={focusOnce}
            value={text}
            onChange={event => setText(event.target.value)}
          />
          <button type="button" className="button button-primary" onClick={takePasted}>
            Use this text
          </button>
        </div>
      )}
    </div>
  );
}
