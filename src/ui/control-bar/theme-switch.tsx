import { Icon, type IconName } from '../shared/icon.tsx';
import { setTheme, THEMES, useTheme, type Theme } from '../shared/theme.ts';

const ICONS: Record<Theme, IconName> = { system: 'system', light: 'light', dark: 'dark' };

/** As the system has it, light, dark: each press the next. */
export function ThemeSwitch() {
  const theme = useTheme(state => state.theme);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  return (
    <button
      type="button"
      className="button button-icon"
      aria-label={`Theme: ${theme}. Switch to ${next}.`}
      title={`Theme: ${theme}`}
      onClick={() => setTheme(next)}
    >
      <Icon name={ICONS[theme]} />
    </button>
  );
}
