import type { Lab } from '../../state/lab.ts';
import type { Guide } from '../../state/lesson/steps.ts';

/** How long a panel that is being fetched is waited for. */
const PATIENCE_MS = 3000;
const MARK = 'lessonMark';

/** What can hold the focus at a place: the element, or what it is in where it is switched off. */
function holder(element: HTMLElement): HTMLElement {
  if (!element.matches(':disabled')) return element;
  return element.closest<HTMLElement>('section, [role="group"], header') ?? element;
}

function focusOn(found: HTMLElement): void {
  const element = holder(found);
  if (!element.matches('a[href], button, input, select, textarea, [tabindex]')) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: 'nearest' });
  // Rings of the browser's own are for keys alone; who pressed a button looks for the place as well.
  element.dataset[MARK] = '';
  element.addEventListener('blur', () => delete element.dataset[MARK], { once: true });
}

/** Opens what a step is about and puts the focus there. Changes no setting and starts nothing. */
export function lead({ page, lesson }: Pick<Lab, 'page' | 'lesson'>, guide: Guide): void {
  if (guide.needsControls) lesson.showControls();
  page.close();
  if (guide.view) page.showView(guide.view);
  if (guide.pane) page.showPane(guide.pane);
  if (guide.opens) page.open(guide.opens);
  const until = performance.now() + PATIENCE_MS;
  const look = (): void => {
    const element = document.querySelector<HTMLElement>(`[data-lesson-target='${guide.target}']`);
    if (element && element.getClientRects().length > 0) focusOn(element);
    else if (performance.now() < until) requestAnimationFrame(look);
  };
  // After the page has drawn what was asked for.
  requestAnimationFrame(() => requestAnimationFrame(look));
}
