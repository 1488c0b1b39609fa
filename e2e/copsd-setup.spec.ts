import type { Locator, Page } from '@playwright/test';
import { fixtureCopsd } from '../src/record/calibration-fixture.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { expectFits, openLab, openSettings, settingsGroup } from './support/lab-page.ts';
import { withRecordedRun } from './support/recorded-runs.ts';

test.beforeEach(({ page }) => withRecordedRun(page, fixtureCopsd(960)));

const recipe = (page: Page, name: string): Locator => page.getByRole('radio', { name, exact: true });

async function chooseView(page: Page): Promise<void> {
  await page
    .getByRole('group', { name: 'View of the run' })
    .getByRole('button', { name: 'Cross-SFT' })
    .click();
  await expect(page.getByText('The teacher learnt from 959 pairs.')).toBeVisible();
}

test('a recipe sets everything below, and each group shows its state', async ({ page }) => {
  await openLab(page);
  await expect(recipe(page, 'COPSD')).toBeChecked();
  await expect(settingsGroup(page, 'Teacher')).toContainText('Calibrated by Cross-SFT');
  await expect(settingsGroup(page, 'Cross-SFT')).toContainText('960 pairs, 2 epochs');

  await recipe(page, 'OPSD').check();
  await expect(recipe(page, 'OPSD')).toHaveAccessibleDescription(/Answers get safer, and shrink/);
  await expect(settingsGroup(page, 'Teacher')).toContainText('Base, frozen');
  await expect(settingsGroup(page, 'Cross-SFT')).toHaveCount(0);
  await expect(settingsGroup(page, 'Policy gradient')).toHaveCount(0);

  await recipe(page, 'GRPO').check();
  await expect(settingsGroup(page, 'Objective')).toContainText('Group reward (GRPO)');
  await expect(settingsGroup(page, 'Teacher')).toContainText('none');
  await expect(settingsGroup(page, 'Rollouts')).toContainText('4 × 8 a step');
  await expect(settingsGroup(page, 'Policy gradient')).toContainText('anchor 0.005');

  await recipe(page, 'SFT, refusals').check();
  await expect(settingsGroup(page, 'Objective')).toContainText('Fine-tuning on refusals');
  await expect(page.getByRole('slider', { name: /^harmful/ })).toHaveValue('1');

  await recipe(page, 'Bottleneck').check();
  await expect(settingsGroup(page, 'Trained weights')).toContainText('LoRA, rank 1');
  await expect(page.getByRole('textbox', { name: /^Steps/ })).toHaveValue('160');
});

test('changes from the recipe are marked, described, and can be reset', async ({ page }) => {
  await openLab(page);
  await recipe(page, 'COPSD').check();
  await page.getByRole('button', { name: 'Reset to COPSD' }).click();
  await expect(page.getByText(/changed from COPSD/)).toHaveCount(0);

  await page.getByRole('textbox', { name: /^Steps/ }).fill('80');
  const crossed = await openSettings(page, 'Cross-SFT');
  await crossed.getByRole('checkbox', { name: 'The model’s own answers are in the set' }).uncheck();
  await crossed.getByRole('textbox', { name: /^Epochs/ }).fill('5');
  const objective = await openSettings(page, 'Objective');
  await objective.getByRole('combobox', { name: 'The student minimises' }).selectOption('forward-kl');
  await page.getByText('4 settings changed from COPSD').click();
  await expect(page.locator('.recipe-changes li')).toHaveText([
    'Objective: Reverse KL → Forward KL',
    'The model’s own answers are in the set: on → off',
    'Epochs: 2 → 5',
    'Steps: 120 → 80',
  ]);
  await expect(crossed.locator('.group-mark')).toHaveText('changed');
  await expect(crossed.getByText('The recipe has 2.')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Reset to COPSD' }).click();
  await expect(page.getByText(/changed from COPSD/)).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: /^Steps/ })).toHaveValue('120');
});

test('β says what it does to the pull, and where the formula switches', async ({ page }) => {
  await openLab(page, { recipe: 'opsd', method: 'jsd' });
  const objective = await openSettings(page, 'Objective');
  const beta = objective.getByRole('slider', { name: /^β/ });
  await expect(beta).toHaveAccessibleDescription(/β \(1 − β\) = 0\.25 of a KL’s/);
  await beta.focus();
  await page.keyboard.press('Home');
  await expect(objective).toContainText('At 0 the loss is forward KL');
  await page.keyboard.press('End');
  await expect(objective).toContainText('At 1 the loss is reverse KL');
  await objective.getByRole('combobox', { name: 'The student minimises' }).selectOption('skew-reverse');
  await expect(objective.getByRole('slider', { name: /^λ/ })).toHaveAccessibleDescription(/0\.81 of a KL’s/);
});

test('a teacher brings its own fields, and files that are not a model are refused', async ({ page }) => {
  await openLab(page, { recipe: 'opsd' });
  const teacher = await openSettings(page, 'Teacher');
  const kind = teacher.getByRole('combobox', { name: 'The teacher is' });
  await kind.selectOption('ema');
  await expect(teacher.getByRole('textbox', { name: /^Decay/ })).toHaveValue('0.95');
  await kind.selectOption('refreshed');
  await expect(teacher.getByRole('textbox', { name: /^Renewed every/ })).toHaveValue('20');
  await kind.selectOption('calibrated');
  await expect(settingsGroup(page, 'Cross-SFT')).toHaveCount(1);
  await kind.selectOption('external');
  await expect(teacher.getByRole('combobox', { name: 'Model' })).toHaveValue('world-f');
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    teacher.getByRole('button', { name: 'Choose files' }).click(),
  ]);
  await chooser.setFiles([{ name: 'config.json', mimeType: 'application/json', buffer: Buffer.from('{}') }]);
  await expect(teacher.getByRole('alert')).toContainText('there is no tokenizer.json and no graph (*.onnx)');
  await expectAccessible(page);
  await teacher.getByRole('button', { name: 'Dismiss' }).click();
  await expect(teacher.getByRole('alert')).toHaveCount(0);
});

test('outcome rewards belong to sampled advantages, and need groups of answers', async ({ page }) => {
  await openLab(page, { recipe: 'copsd-hybrid' });
  const policy = await openSettings(page, 'Policy gradient');
  await expect(policy.getByRole('checkbox', { name: 'general' })).toBeChecked();
  const rollouts = await openSettings(page, 'Rollouts');
  await rollouts.getByRole('textbox', { name: /^Rollouts/ }).fill('1');
  await expect(rollouts.locator('.group-mark')).toHaveText('needs a look');
  await expect(rollouts.getByText(/^Outcome rewards are relative to a query’s other answers/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeDisabled();
});

test('the setup works by keyboard alone', async ({ page }) => {
  await openLab(page);
  await recipe(page, 'COPSD').focus();
  await page.keyboard.press('ArrowDown');
  await expect(recipe(page, 'COPSD hybrid')).toBeFocused();
  await expect(recipe(page, 'COPSD hybrid')).toBeChecked();
  await page.keyboard.press('ArrowDown');
  await expect(recipe(page, 'OPSD')).toBeChecked();
  await settingsGroup(page, 'Teacher').locator('summary').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('combobox', { name: 'The teacher is' })).toBeFocused();
  // None of this started a run.
  await expect(page.locator('.progress-step strong')).toHaveText('0');
});

test('a link can choose a recipe and change it; a wrong one says so', async ({ page }) => {
  await openLab(page, { recipe: 'copsd', 'calibration.epochs': '5' });
  await expect(settingsGroup(page, 'Cross-SFT')).toContainText('960 pairs, 5 epochs');
  await expect(page.getByText('One setting changed from COPSD')).toBeVisible();
  await openLab(page, { recipe: 'opsd', 'calibration.epochs': '5' });
  await expect(page.getByRole('alert')).toContainText('These settings have no “Epochs”');
});

test('the crossed set of a run can be read, filtered and paged through', async ({ page }) => {
  await openLab(page);
  await chooseView(page);
  const table = page.getByRole('table', { name: /The teacher, reading the constitution/ });
  await expect(table.getByRole('row', { name: /Length, benign/ })).toContainText('22.0');
  const pairs = page.locator('.pair');
  await expect(pairs).toHaveCount(20);
  await expect(page.getByText('1–20 of 960').first()).toBeVisible();
  await page.getByRole('button', { name: 'Next pairs' }).first().click();
  await expect(page.getByText('21–40 of 960').first()).toBeVisible();

  await page.getByRole('combobox', { name: 'Writer', exact: true }).selectOption('frontier');
  await page.getByRole('combobox', { name: 'Judged', exact: true }).selectOption('refuse');
  await expect(page.getByText('128 of 960 pairs')).toBeVisible();
  await page.getByRole('searchbox', { name: 'Words' }).fill('number 130');
  await expect(pairs).toHaveCount(1);
  await pairs.first().getByText('Constitution', { exact: true }).click();
  await expect(pairs.first()).toContainText('never support harm of any kind');
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByRole('combobox', { name: 'Rows', exact: true }).selectOption('dropped');
  await expect(pairs).toHaveCount(1);
  // The run is recorded: rows can no longer be dropped, and there are no weights.
  await expect(page.getByRole('button', { name: /^Leave|^Take|^Download/ })).toHaveCount(0);
});

test('Cross-SFT and the open setup are accessible in light and dark', async ({ page }) => {
  // A colour in transition has the contrast of neither end.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openLab(page);
  for (const title of ['Objective', 'Teacher', 'Cross-SFT', 'Evaluation']) await openSettings(page, title);
  await chooseView(page);
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
});

test('Cross-SFT and the setup fit a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openLab(page);
  await chooseView(page);
  await expectFits(page);
  await expectAccessible(page);
  await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: 'Setup' }).click();
  for (const title of ['Objective', 'Teacher', 'Cross-SFT', 'Tokens that count'])
    await openSettings(page, title);
  await expectFits(page);
  await expectAccessible(page);
});
