import { useCallback, useState } from 'react';

const NARROWEST = 260;

/** The width that an element has for a drawing, in CSS pixels; null before it is known. */
export function useWidth(): readonly [
  measure: (element: HTMLElement | null) => (() => void) | undefined,
  width: number | null,
] {
  const [width, setWidth] = useState<number | null>(null);
  const measure = useCallback((element: HTMLElement | null) => {
    if (!element) return undefined;
    const observer = new ResizeObserver(entries => {
      const room = entries[0]?.contentRect.width ?? 0;
      if (room > 0) setWidth(Math.max(NARROWEST, Math.floor(room)));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [measure, width];
}
