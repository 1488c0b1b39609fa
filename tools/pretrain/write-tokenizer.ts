// Writes the embedded models' tokenizer files from the world's tables: node tools/run.mjs tools/pretrain/write-tokenizer.ts [folder …]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildGenerationConfig,
  buildSpecialTokensMap,
  buildTokenizerConfig,
  buildTokenizerJson,
} from '../../src/data/tokenizer-files.ts';
import { worldWords } from '../../src/world/vocabulary.ts';

/** The tokenizer files of an embedded model, by name, as they are written. */
export function tokenizerFiles(): Record<string, string> {
  const text = (value: object): string => `${JSON.stringify(value, null, 1)}\n`;
  return {
    'tokenizer.json': text(buildTokenizerJson(worldWords())),
    'tokenizer_config.json': text(buildTokenizerConfig()),
    'special_tokens_map.json': text(buildSpecialTokensMap()),
    'generation_config.json': text(buildGenerationConfig()),
  };
}

export function main(folders: readonly string[]): void {
  for (const folder of folders.length > 0 ? folders : ['public/models/world-s']) {
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of Object.entries(tokenizerFiles())) {
      writeFileSync(join(folder, name), content);
      console.log(`${join(folder, name)}: ${content.length} characters`);
    }
  }
}
