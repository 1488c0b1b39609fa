import { useEffect, useId, useRef } from 'react';
import { countOf } from '../../contract/format.ts';
import { linkNeeds } from '../../state/share/link-needs.ts';
import type { TakenLink } from '../../state/share/link-store.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { useLab, useLinks } from '../shared/lab-context.ts';
import './link-notice.css';

/** What a link set, in words: so many settings, the constitution by its title, or nothing. */
function setWords({ differences, config }: TakenLink): string {
  const constitution = differences.some(({ path }) => path === 'constitution');
  const count = differences.length - (constitution ? 1 : 0);
  const parts = [
    ...(count > 0 ? [countOf(count, 'setting')] : []),
    ...(constitution ? [`the constitution “${config.constitution.title}”`] : []),
  ];
  return parts.join(' and ');
}

function Differences({ link }: { readonly link: TakenLink }) {
  if (link.differences.length === 0) return null;
  return (
    <details className="link-differences">
      <summary>Which</summary>
      <ul>
        {link.differences.map(({ path, label, before, after }) => (
          <li key={path}>
            {label}: <del>{before}</del> → <ins>{after}</ins>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Needs({ link }: { readonly link: TakenLink }) {
  const needs = linkNeeds(link.config);
  if (needs.length === 0) return null;
  return (
    <p>
      The link names and does not bring: {needs.join(', ')}. Choose {needs.length === 1 ? 'it' : 'them'} in
      the setup panel before you run; nothing was fetched.
    </p>
  );
}

/** What a shared link did or would do to the settings, with the way back. */
export function LinkNotice() {
  const { links } = useLab();
  const { taken, offered, fault } = useLinks(state => state);
  const heading = useId();
  const ask = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (offered) ask.current?.focus();
  }, [offered]);

  if (fault) return <FaultCard fault={fault} onDismiss={links.dismiss} />;
  const link = taken ?? offered;
  if (!link) return null;
  const words = setWords(link);
  return (
    <section className="link-notice" aria-labelledby={heading}>
      <p id={heading} className="link-what" role="status">
        {!words
          ? 'This link has the settings that are here already.'
          : taken
            ? `This link set ${words}.`
            : `This link would set ${words}, in place of what is set here.`}
      </p>
      {taken && <p>Nothing runs until you press Run.</p>}
      <Needs link={link} />
      <Differences link={link} />
      <div className="link-actions">
        {offered && (
          <button ref={ask} type="button" className="button button-primary" onClick={links.accept}>
            Use the link’s settings
          </button>
        )}
        {taken && words && (
          <button type="button" className="button" onClick={links.undo}>
            {taken.replaced ? 'Put my settings back' : 'Use the defaults'}
          </button>
        )}
        <button type="button" className="button" onClick={links.dismiss}>
          {offered ? 'Keep mine' : 'Dismiss'}
        </button>
      </div>
    </section>
  );
}
