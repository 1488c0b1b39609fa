import { bytesOf, downloaded } from './support/downloads.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { expectFits, openLab } from './support/lab-page.ts';
import { smallTargets } from './support/small-targets.ts';
import { openCompare, serveResults, runFile } from './support/compare-page.ts';

const FIGURES = [
  ['Pareto', 'Safety and helpfulness'],
  ['Dynamics', 'Training dynamics'],
  ['Teacher and student', 'Teacher against student'],
  ['Radar', 'Ablation radar'],
  ['Geometry', 'Path through safety and expressiveness'],
] as const;
const TABLES = [
  ['Measures', 'Methods and measures'],
  ['Benchmarks', 'Methods and mini-benchmarks'],
  ['Settings', 'Settings that differ'],
] as const;

test.beforeEach(async ({ page }) => {
  await serveResults(page);
});

test('Compare is loaded when it is opened, and starts with the methods of the recorded results', async ({
  page,
}) => {
  const asked: string[] = [];
  page.on('request', request => asked.push(new URL(request.url()).pathname));
  await openLab(page);
  await expect(page.getByText('Recorded run', { exact: true })).toBeVisible();
  expect(asked.filter(path => /compare|index\.json$/.test(path) && path.includes('runs/'))).toEqual([]);
  const dialog = await openCompare(page);
  await expect(
    dialog.getByRole('img', { name: /^Helpfulness and safety win rates.*COPSD 0\.58 and 0\.70/ }),
  ).toBeVisible();
  await expect(dialog.getByRole('checkbox', { name: /^COPSD 3 seeds/ })).toBeChecked();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Compare', exact: true })).toBeFocused();
});

test('every figure has a drawing, a table and files; tables stand alone', async ({ page }) => {
  await openLab(page);
  const dialog = await openCompare(page);
  for (const [tab, title] of FIGURES) {
    await dialog.getByRole('button', { name: tab, exact: true }).click();
    const figure = dialog.getByRole('region', { name: title, exact: true });
    await expect(figure.getByRole('img')).toBeVisible();
    expect(await figure.locator('svg path').count()).toBeGreaterThan(10);
    for (const kind of ['SVG', 'PNG', 'CSV'])
      await expect(dialog.getByRole('button', { name: kind, exact: true })).toBeEnabled();
    await figure.getByRole('button', { name: 'Table' }).click();
    await expect(figure.getByRole('rowheader', { name: 'OPSD' }).first()).toBeVisible();
  }
  for (const [tab, title] of TABLES) {
    await dialog.getByRole('button', { name: tab, exact: true }).click();
    await expect(dialog.getByRole('region', { name: `${title}: table` })).toBeVisible();
  }
  await expect(dialog.getByRole('row', { name: /^Prompts / })).toContainText('20 % general');
  await dialog.getByRole('button', { name: 'Dynamics', exact: true }).click();
  await dialog.getByRole('button', { name: 'Table', exact: true }).click();
  await expectAccessible(page);
});

test('one prompt, the answers of all runs side by side: by step, seed and keyboard', async ({ page }) => {
  await page.setViewportSize({ width: 380, height: 800 });
  await openLab(page);
  const dialog = await openCompare(page);
  await dialog.getByRole('button', { name: 'Answers', exact: true }).click();
  const answers = dialog.getByRole('region', { name: 'One prompt, every run' });
  const copsd = answers.getByRole('article').nth(1);
  await expect(answers.getByRole('article')).toHaveCount(3);
  await expect(copsd).toContainText('COPSD, step 40');
  await expect(copsd).toContainText('An answer of copsd.');
  await expect(copsd.locator('mark').first()).toBeVisible();
  await answers.getByRole('slider', { name: 'Step' }).focus();
  await page.keyboard.press('Home');
  await expect(copsd).toContainText('COPSD, untrained');
  await expect(copsd).toContainText('Here is a plan.');
  await expect(copsd.locator('mark')).toHaveCount(0);
  await answers.getByRole('combobox', { name: 'Seed' }).selectOption('3');
  await answers.getByRole('checkbox', { name: 'Teachers too' }).focus();
  await page.keyboard.press('Space');
  await expect(answers.getByRole('article')).toHaveCount(5);
  await expect(answers.getByRole('article').nth(2)).toContainText('COPSD: teacher');
  await expectFits(page);
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
});

test('a figure exports as SVG, PNG and CSV', async ({ page }) => {
  await openLab(page);
  const dialog = await openCompare(page);
  const save = async (kind: string): Promise<{ name: string; content: Buffer }> => {
    const file = await downloaded(page, () =>
      dialog.getByRole('button', { name: kind, exact: true }).click(),
    );
    return { name: file.suggestedFilename(), content: await bytesOf(file) };
  };
  const svg = await save('SVG');
  expect(svg.name).toBe('copsd-compare-pareto.svg');
  expect(svg.content.toString()).toMatch(
    /^<svg xmlns[\s\S]*<title>Safety and helpfulness<\/title>[\s\S]*<\/svg>\s*$/,
  );
  const png = await save('PNG');
  expect(png.content.subarray(1, 4).toString()).toBe('PNG');
  const csv = await save('CSV');
  expect(csv.content.toString().split('\r\n')[0]).toContain('policy,helpfulness win rate');
});

test('what a file shows is what the page shows', async ({ page }) => {
  await openLab(page);
  const dialog = await openCompare(page);
  const drawing = dialog.locator('.drawing');
  // Files are 900 wide: so is the drawing now.
  const room = (await drawing.boundingBox())!.width;
  const { width, height } = page.viewportSize()!;
  const dialogWidth = (await dialog.boundingBox())!.width;
  await page.setViewportSize({ width: Math.round(dialogWidth - room + 900 + 24), height });
  expect(width).toBeGreaterThan(900);
  await expect.poll(async () => Math.round((await drawing.boundingBox())!.width)).toBe(900);
  for (const tab of ['Pareto', 'Geometry', 'Radar']) {
    await dialog.getByRole('button', { name: tab, exact: true }).click();
    await expect(drawing.locator('.panel path').first()).toBeVisible();
    const file = await downloaded(page, () =>
      dialog.getByRole('button', { name: 'SVG', exact: true }).click(),
    );
    const svg = (await bytesOf(file)).toString();
    const { marks, words } = await drawing.locator('.panel').evaluate(panel => ({
      marks: [...panel.querySelectorAll('[data-layer] path')].map(path => path.getAttribute('d') ?? ''),
      words: [...panel.querySelectorAll('text')].map(text => text.textContent),
    }));
    expect(marks.length, tab).toBeGreaterThan(10);
    for (const d of marks) if (d) expect(svg).toContain(` d="${d}"`);
    for (const word of words) expect(svg).toContain(`>${word}</text>`);
  }
});

test('run files are added, chosen or dropped; a bad one is refused with its reason and changes nothing', async ({
  page,
}) => {
  await openLab(page);
  const dialog = await openCompare(page);
  await dialog.getByLabel('Run files').setInputFiles([
    { name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(runFile({ recipe: 'grpo' })) },
    {
      name: 'broken.json',
      mimeType: 'application/json',
      buffer: Buffer.from('{"format": "copsd-run", "version": 2}'),
    },
  ]);
  const fault = dialog.getByRole('alert');
  await expect(fault).toContainText('E_RUN_FILE_SHAPE');
  await expect(fault).toContainText('broken.json');
  await expect(fault).toContainText('the other runs are unchanged');
  await expect(dialog.getByRole('checkbox', { name: /^GRPO mine\.json/ })).toBeChecked();
  await expect(dialog.getByRole('img', { name: /GRPO/ })).toBeVisible();
  await expectAccessible(page);
  await fault.getByRole('button', { name: 'Dismiss' }).click();
  await expect(fault).toHaveCount(0);

  await page.evaluate(
    text => {
      const files = new DataTransfer();
      files.items.add(new File([text], 'dropped.json'));
      const drop = new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true });
      document.querySelector('dialog')?.dispatchEvent(drop);
    },
    runFile({ recipe: 'opd' }),
  );
  await expect(dialog.getByRole('checkbox', { name: /^OPD dropped\.json/ })).toBeChecked();
  await expect(page.getByRole('dialog', { name: 'Constitution' })).toHaveCount(0);
});

test('by keyboard alone: runs are chosen and figures switched', async ({ page }) => {
  await openLab(page);
  await page.getByRole('button', { name: 'Compare', exact: true }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Compare runs' });
  const copsd = dialog.getByRole('checkbox', { name: /^COPSD 3 seeds/ });
  await expect(copsd).toBeChecked();
  await copsd.focus();
  await page.keyboard.press('Space');
  await expect(dialog.getByRole('img', { name: /COPSD 0/ })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Dynamics' }).focus();
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'tokens' }).focus();
  await page.keyboard.press('Space');
  await expect(dialog.getByRole('img', { name: /response tokens trained on/ })).toBeVisible();
});

test('on a phone every figure fits', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await openLab(page);
  const dialog = await openCompare(page);
  for (const [tab] of [...FIGURES, ...TABLES]) {
    await dialog.getByRole('button', { name: tab, exact: true }).click();
    await expectFits(page, tab);
  }
  await expectAccessible(page);
});

test('every figure is accessible in light and dark; targets large enough', async ({ page }) => {
  // Two audits of the page for each of eight figures.
  test.slow();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openLab(page);
  const dialog = await openCompare(page);
  for (const [tab] of [...FIGURES, ...TABLES]) {
    await dialog.getByRole('button', { name: tab, exact: true }).click();
    expect(await smallTargets(page), tab).toEqual([]);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page);
    }
  }
});
