import { describe, expect, it } from 'vitest';
import { readTeacherFiles } from './teacher-files.ts';

const file = (name: string, content: string, folder = ''): File =>
  Object.defineProperty(new File([content], name), 'webkitRelativePath', {
    value: folder && `${folder}/${name}`,
  });
const CONFIG = file('config.json', '{"model_type":"llama"}');
const TOKENIZER = file('tokenizer.json', '{"model":{}}');
const GRAPH = file('world-f.onnx', 'graph');

const refusal = async (...files: File[]) => {
  const outcome = await readTeacherFiles(files);
  if (outcome.ok) throw new Error('the files were taken');
  return outcome.fault;
};

describe('readTeacherFiles', () => {
  it('parses the JSON files, reads the graph and names the teacher after it', async () => {
    expect(await readTeacherFiles([GRAPH, CONFIG, TOKENIZER, file('README.md', '')])).toEqual({
      ok: true,
      value: {
        name: 'world-f',
        config: { model_type: 'llama' },
        tokenizer: { model: {} },
        onnx: new TextEncoder().encode('graph'),
      },
    });
  });

  it('names a teacher from a folder after the folder, and takes model.onnx of several graphs', async () => {
    const names = ['config.json', 'tokenizer.json', 'model_q8.onnx', 'model.onnx'];
    const outcome = await readTeacherFiles(
      names.map(name => file(name, name.endsWith('json') ? '{}' : name, 'mine')),
    );
    expect(outcome).toMatchObject({ ok: true, value: { name: 'mine' } });
    expect(outcome.ok && new TextDecoder().decode(outcome.value.onnx)).toBe('model.onnx');
  });

  it('names what is missing', async () => {
    expect((await refusal(CONFIG)).message).toBe(
      'among the 1 chosen file there is no tokenizer.json and no graph (*.onnx)',
    );
    expect((await refusal(CONFIG, TOKENIZER)).code).toBe('E_TEACHER_FILES');
  });

  it('refuses several graphs without a main one, by their names', async () => {
    expect(await refusal(CONFIG, TOKENIZER, GRAPH, file('other.onnx', ''))).toMatchObject({
      file: 'world-f.onnx, other.onnx',
    });
  });

  it('names the file that is no JSON', async () => {
    expect(await refusal(file('config.json', '{'), TOKENIZER, GRAPH)).toMatchObject({
      file: 'config.json',
      message: expect.stringContaining('not readable as JSON') as string,
    });
  });
});
