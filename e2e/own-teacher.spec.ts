import { cp } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from './support/fixtures.ts';
import { control, milestone, openLab, openSettings, TINY } from './support/lab-page.ts';

// A trace would keep the 27 MB of WebAssembly that the model runs on.
test.use({ trace: 'off' });

const MODEL = resolve('public/models/world-f');

test('an ONNX model from this computer is checked, becomes the teacher, and teaches', async ({
  page,
}, testInfo) => {
  test.setTimeout(150_000);
  // A folder with an unknown name: config, tokenizer, graph, and files that are ignored.
  const folder = testInfo.outputPath('my-teacher');
  await cp(MODEL, folder, { recursive: true });
  await openLab(page, { ...TINY, steps: '2', recipe: 'opsd' });
  const teacher = await openSettings(page, 'Teacher');
  await teacher.getByRole('combobox', { name: 'The teacher is' }).selectOption('external');
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    teacher.getByRole('button', { name: 'Choose folder' }).click(),
  ]);
  await chooser.setFiles(folder);
  const model = teacher.getByRole('combobox', { name: 'Model' });
  await expect(model.getByRole('option', { name: 'my-teacher, added here' })).toBeAttached({
    timeout: 90_000,
  });
  await expect(model).toHaveValue('own: my-teacher');
  await expect(teacher.getByRole('alert')).toHaveCount(0);

  await control(page, 'Run').click();
  await expect(milestone(page)).toHaveText('Run 1 finished after 2 steps.', { timeout: 90_000 });
  await expect(page.getByText(/Run 1, trained in this browser: /)).toBeVisible();
});
