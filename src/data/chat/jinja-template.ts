import { Environment, Interpreter, Template } from '@huggingface/jinja';
import { reasonOf, refuseText } from './faults.ts';

/** Longest template, in UTF-16 units; the longest known ones, with tools, have about ten thousand. */
const MAX_SOURCE = 256 * 1024;
/**
 * Work that one rendering may take: template nodes evaluated, plus the items of every list and a 64th of the length of every text they
 * produce. With the longest known templates two turns take about two hundred and sixty-four turns about eight thousand; the whole allowance
 * is used up within seconds.
 */
const MAX_WORK = 50_000;
/** Nesting depth of nodes, macros that call macros included. */
const MAX_DEPTH = 500;
/** Longest text of a rendering or within it, in UTF-16 units: contents have stand-ins, so only the template's own text counts. */
const MAX_TEXT = 1024 * 1024;

/** The template itself rejected the messages (`raise_exception`). */
export class TemplateRefusal extends Error {
  override readonly name = 'TemplateRefusal';
}

class WorkLimit extends Error {
  override readonly name = 'WorkLimit';
}

type Statement = Parameters<Interpreter['evaluate']>[0];
type Value = ReturnType<Interpreter['evaluate']>;

/** Stops templates that loop for ever or grow without bound: every node evaluated counts. */
class BoundedInterpreter extends Interpreter {
  #work = 0;
  #depth = 0;

  override evaluate(statement: Statement, environment: Environment): Value {
    this.#pay(1);
    if (++this.#depth > MAX_DEPTH) throw new WorkLimit(`over ${MAX_DEPTH} levels`);
    try {
      const result = super.evaluate(statement, environment);
      this.#payFor(result.value);
      return result;
    } finally {
      this.#depth--;
    }
  }

  #payFor(value: unknown): void {
    if (Array.isArray(value)) this.#pay(value.length);
    if (typeof value !== 'string') return;
    if (value.length > MAX_TEXT) throw new WorkLimit(`a text of over ${MAX_TEXT} characters`);
    this.#pay(value.length >> 6);
  }

  #pay(work: number): void {
    this.#work += work;
    if (this.#work > MAX_WORK) throw new WorkLimit(`over ${MAX_WORK} steps`);
  }
}

/** Jinja's `range`, refused before it fills memory. */
function boundedRange(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (!(length <= MAX_WORK)) throw new WorkLimit(`a range of ${length} numbers`);
  return Array.from({ length }, (_, index) => start + index * step);
}

/** The date given to templates, always the same so that a run can be repeated; Llama 3's templates fall back to it as well. */
const DATE: Readonly<Record<string, string>> = {
  d: '26',
  e: '26',
  m: '07',
  y: '24',
  Y: '2024',
  j: '208',
  a: 'Fri',
  A: 'Friday',
  b: 'Jul',
  B: 'July',
  H: '00',
  M: '00',
  S: '00',
  F: '2024-07-26',
  T: '00:00:00',
};
const fixedDate = (format: string): string =>
  format.replace(/%-?([a-zA-Z%])/g, (_all, field: string) => (field === '%' ? '%' : (DATE[field] ?? '')));

const GLOBALS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  range: boundedRange,
  strftime_now: fixedDate,
  raise_exception: (reason: unknown): never => {
    throw new TemplateRefusal(String(reason));
  },
};

/** A chat template, parsed. */
export interface ChatTemplate {
  readonly source: string;
  /**
   * Renders with these variables. @throws TemplateRefusal when the template rejects them; LabError `E_TEMPLATE_LIMIT`, `E_TEMPLATE_RENDER`.
   */
  render(variables: Readonly<Record<string, unknown>>): string;
}

/** Parses a chat template; `file` is named in errors. @throws LabError `E_TEMPLATE_LIMIT`, `E_TEMPLATE_SYNTAX`. */
export function parseChatTemplate(source: string, file: string): ChatTemplate {
  const nextStep = 'Use the chat template that the model was published with.';
  if (source.length > MAX_SOURCE)
    refuseText({
      code: 'E_TEMPLATE_LIMIT',
      file,
      nextStep,
      message: `the chat template has ${source.length} characters; at most ${MAX_SOURCE} are allowed`,
    });
  let program: Template['parsed'];
  try {
    program = new Template(source).parsed;
  } catch (error) {
    const message = `the chat template is not valid Jinja: ${reasonOf(error)}`;
    return refuseText({ code: 'E_TEMPLATE_SYNTAX', file, message, nextStep }, error);
  }
  const render = (variables: Readonly<Record<string, unknown>>): string => {
    const environment = new Environment();
    for (const [name, value] of Object.entries({ ...GLOBALS, ...variables })) environment.set(name, value);
    try {
      return (new BoundedInterpreter(environment).run(program) as { value: string }).value;
    } catch (error) {
      if (error instanceof TemplateRefusal) throw error;
      // Texts longer than the JavaScript engine allows end as a RangeError.
      if (error instanceof WorkLimit || error instanceof RangeError) {
        const message = `the chat template does not terminate: ${reasonOf(error)}`;
        return refuseText({ code: 'E_TEMPLATE_LIMIT', file, message, nextStep }, error);
      }
      const message = `the chat template failed: ${reasonOf(error)}`;
      return refuseText({ code: 'E_TEMPLATE_RENDER', file, message, nextStep }, error);
    }
  };
  return { source, render };
}
