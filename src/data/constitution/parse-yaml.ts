import { isAlias, isNode, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { lineOf, refuse } from './faults.ts';
import { MAX_DEPTH } from './parse-json.ts';

const DEPTH_STEP = 'Use a list of clauses without nesting.';

/** Refuses nesting before the recursive parser meets it: brackets in a row, or list and key marks in a row on one line. */
function refuseDepth(file: string, text: string): void {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '[' || character === '{') open++;
    else if (character === ']' || character === '}') open = Math.max(0, open - 1);
    if (open > MAX_DEPTH) {
      const message = `The data is nested more than ${MAX_DEPTH} deep`;
      refuse(file, { code: 'DEPTH', message, place: lineOf(text, i), nextStep: DEPTH_STEP });
    }
  }
  const row = /^[ \t]*(?:[-?:][ \t]+){5,}|^[ \t]{65,}\S/m.exec(text);
  if (row) {
    const message = 'The data is nested too deep';
    refuse(file, { code: 'DEPTH', message, place: lineOf(text, row.index), nextStep: DEPTH_STEP });
  }
}

function refuseNodes(file: string, text: string, document: Document.Parsed): void {
  visit(document, (_key, node) => {
    if (!isNode(node)) return;
    const place = (): string => lineOf(text, node.range?.[0] ?? 0);
    if (isAlias(node) || ('anchor' in node && node.anchor !== undefined)) {
      refuse(file, {
        code: 'YAML_ALIAS',
        message: 'The file uses YAML anchors or aliases',
        place: place(),
        nextStep: 'Write every clause out.',
      });
    }
    if (node.tag !== undefined) {
      const message = `The file uses the YAML tag ${node.tag.slice(0, 60)}`;
      refuse(file, { code: 'YAML_TAG', message, place: place(), nextStep: 'Delete the tag.' });
    }
  });
}

/**
 * Parses one YAML 1.2 document of plain data: unique string keys, no anchors, aliases, tags, merges or second document, bounded depth.
 * The value is not yet checked against the format.
 */
export function parseYaml(file: string, text: string): unknown {
  refuseDepth(file, text);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    uniqueKeys: true,
    stringKeys: true,
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter,
  });
  const problem = document.errors[0];
  if (problem !== undefined) {
    const twice = problem.code === 'DUPLICATE_KEY';
    refuse(file, {
      code: twice ? 'DUPLICATE_KEY' : 'YAML',
      message: twice ? 'A key is given twice' : `The text is not valid YAML (${problem.code})`,
      place: `line ${lineCounter.linePos(problem.pos[0]).line}`,
      nextStep: 'Correct that place and import again.',
    });
  }
  refuseNodes(file, text, document);
  const warning = document.warnings[0];
  if (warning !== undefined) {
    const place = `line ${lineCounter.linePos(warning.pos[0]).line}`;
    refuse(file, {
      code: 'YAML',
      message: `The YAML is doubtful (${warning.code})`,
      place,
      nextStep: 'Simplify that place.',
    });
  }
  return document.toJS({ maxAliasCount: 0 }) as unknown;
}
