import { setTheme, THEMES, useTheme, type Theme } from '../shared/theme.ts';

/** Light, dark, or as the system has it. */
export function ThemeSwitch() {
  const theme = useTheme(state => state.theme);
  return (
    <label className="bar-theme">
      <span>Theme</span>
      <select className="select" value={theme} onChange={event => setTheme(event.target.value as Theme)}>
        {THEMES.map(name => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
