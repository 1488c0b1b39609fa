import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import { chatFiles, PROMPTS } from '../src/service/chat-lab-fixture.ts';
import { bytesOf, exported } from './support/downloads.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { control, milestone, openLab, openSettings } from './support/lab-page.ts';

const CLASSIFIER = resolve(import.meta.dirname, '../src/testing/golden/text-classifier');

/** A folder of the tiny chat model, as on a user's disk. */
async function modelFolder(
  folder: string,
  change: (path: string, bytes: Uint8Array) => Uint8Array = (_, bytes) => bytes,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const { path, file } of chatFiles(basename(folder)))
    await writeFile(join(folder, basename(path)), change(path, new Uint8Array(await file.arrayBuffer())));
  return folder;
}

test('a chat model from this computer is chosen, trained on the user’s prompts, judged by a classifier too, and its adapter exported', async ({
  page,
}, testInfo) => {
  test.setTimeout(150_000);
  const folder = await modelFolder(testInfo.outputPath('tiny-qwen'));
  const prompts = testInfo.outputPath('mine.jsonl');
  await writeFile(prompts, PROMPTS);

  await openLab(page);
  const student = await openSettings(page, 'Model');
  await student.getByRole('button', { name: 'Other model' }).click();
  const dialog = page.getByRole('dialog', { name: 'Choose a student' });
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    dialog.getByRole('button', { name: 'Choose folder' }).click(),
  ]);
  await chooser.setFiles(folder);
  await expect(dialog.getByRole('button', { name: 'own: tiny-qwen is chosen' })).toBeVisible();
  await page.keyboard.press('Escape');

  await expect(student.getByText('chat model, prompted in natural language')).toBeVisible();
  const [file] = await Promise.all([
    page.waitForEvent('filechooser'),
    student.getByRole('button', { name: 'Choose prompts' }).click(),
  ]);
  await file.setFiles(prompts);
  await expect(student.getByText(/Prompts: mine, 4 to train on/)).toBeVisible();
  await expect(student.getByText(/The run will take .* of GPU memory: weights/)).toBeVisible();
  await expect(student.getByRole('alert')).toHaveCount(0);

  await test.step('a folder that is no classifier is refused; one that is names its labels', async () => {
    await student.getByLabel('Classifier’s folder').setInputFiles(folder);
    await expect(student.getByRole('alert')).toContainText('E_CLASSIFIER_FILE');
    await student.getByLabel('Classifier’s folder').setInputFiles(CLASSIFIER);
    await expect(student.getByRole('combobox', { name: 'Label for harm' })).toHaveValue('unsafe', {
      timeout: 60_000,
    });
    await expect(student.getByRole('alert')).toHaveCount(0);
    await expectAccessible(page);
  });

  await page.getByRole('textbox', { name: /^Steps/ }).fill('2');
  const rollouts = await openSettings(page, 'Rollouts');
  await rollouts.getByRole('textbox', { name: /^Longest answer/ }).fill('8');
  await control(page, 'Run').click();
  await expect(milestone(page)).toHaveText('Run 1 finished after 2 steps.', {
    timeout: 90_000,
  });

  const download = await exported(page, /LoRA adapter/);
  expect(download.suggestedFilename()).toBe('tiny-qwen-adapter-step-2.zip');
  const files = unzipSync(await bytesOf(download));
  expect(Object.keys(files).sort()).toEqual(['adapter_config.json', 'adapter_model.safetensors']);

  await page.getByRole('button', { name: 'harmful', exact: true }).click();
  await expect(page.getByText(/The classifier gives “unsafe” \d+ %\./).first()).toBeVisible();
});

test('a damaged model folder is refused in the dialog, and the page keeps working', async ({
  page,
}, testInfo) => {
  const folder = await modelFolder(testInfo.outputPath('broken'), (path, bytes) =>
    path.endsWith('.safetensors') ? bytes.slice(0, 900) : bytes,
  );
  await openLab(page);
  const student = await openSettings(page, 'Model');
  await student.getByRole('button', { name: 'Other model' }).click();
  const dialog = page.getByRole('dialog', { name: 'Choose a student' });
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    dialog.getByRole('button', { name: 'Choose folder' }).click(),
  ]);
  await chooser.setFiles(folder);
  await expect(dialog.getByRole('alert')).toContainText('E_SAFETENSORS');
  await expect(dialog.getByRole('button', { name: 'world-s is chosen' })).toBeVisible();
});
