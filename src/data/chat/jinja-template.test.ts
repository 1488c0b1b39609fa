import { describe, expect, it } from 'vitest';
import { parseChatTemplate, TemplateRefusal } from './jinja-template.ts';
import { findTemplate } from './template-source.ts';
import { faultOf } from '../../testing/fault-of.ts';

const FILE = 'chat_template.jinja';
const render = (source: string, variables: Record<string, unknown> = {}): string =>
  parseChatTemplate(source, FILE).render(variables);

describe('rendering', () => {
  it('supports what chat templates use', () => {
    expect(render("{% for i in range(1, 7, 2) %}{{ i }}{% endfor %}{{ range(3) | join('') }}")).toBe(
      '135012',
    );
    expect(render('{{ none is none and true and not False }}')).toBe('true');
    expect(
      render("{% set ns = namespace(n=1) %}{% set ns.n = ns.n + 1 %}{{ ns.n }}{{ 'a' if x is not defined }}"),
    ).toBe('2a');
  });

  it('always gives the same date', () => {
    expect(render("{{ strftime_now('%d %b %Y') }}|{{ strftime_now('%A %-d %B, 100%%, %Q') }}")).toBe(
      '26 Jul 2024|Friday 26 July, 100%, ',
    );
  });

  it('passes on the template’s own refusals', () => {
    expect(() => render("{{ raise_exception('no system role') }}")).toThrow(TemplateRefusal);
    expect(() => render("{{ raise_exception('no system role') }}")).toThrow('no system role');
  });

  it('names templates that are broken or fail', () => {
    expect(faultOf(() => render('{% for m in messages %}')).code).toBe('E_TEMPLATE_SYNTAX');
    expect(faultOf(() => render('{{ messages[0].content.explode() }}', { messages: [] })).code).toBe(
      'E_TEMPLATE_RENDER',
    );
    const breaking = '{% for i in range(600) %}{% if i > 9 %}{% continue %}{% endif %}{{ i }}{% endfor %}';
    expect(render(breaking)).toBe('0123456789');
    expect(faultOf(() => render('{% for m in 5 %}{% endfor %}')).code).toBe('E_TEMPLATE_RENDER');
  });
});

describe('templates that do not terminate', () => {
  const nested = (depth: number): string =>
    '{% for i in range(999) %}'.repeat(depth) + '{% endfor %}'.repeat(depth);
  const forever: [string, string][] = [
    ['loops in loops', nested(6)],
    [
      'loops over one list',
      '{% set xs = range(9999) %}{% for a in xs %}{% for b in xs %}{% endfor %}{% endfor %}',
    ],
    ['a huge range', '{{ range(10000000000) | length }}'],
    ['an endless range', '{{ range(0, 1, 0) }}'],
    [
      'a text that doubles',
      "{% set ns = namespace(s='ab') %}{% for i in range(40) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
    ],
    [
      'a list that doubles',
      '{% set ns = namespace(s=[1]) %}{% for i in range(40) %}{% set ns.s = ns.s + ns.s %}{% endfor %}',
    ],
    ['a macro that calls itself', '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}'],
    ['a long text', 'x'.repeat(300_000)],
  ];
  it.each(forever)('%s', (_what, source) => {
    const begun = performance.now();
    expect(faultOf(() => render(source)).code).toBe('E_TEMPLATE_LIMIT');
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

describe('where the template is', () => {
  const config = (chat_template: unknown): object => ({ chat_template });
  it('takes its own file, else the text, else the default of the list', () => {
    expect(findTemplate(config('a'), 'b')).toEqual({ text: 'b', file: FILE });
    expect(findTemplate(config('a'), ' ')).toEqual({ text: 'a', file: 'tokenizer_config.json' });
    const named = [
      { name: 'tool_use', template: 't' },
      { name: 'default', template: 'd' },
    ];
    expect(findTemplate(config(named)).text).toBe('d');
  });

  it('says what is missing', () => {
    for (const value of [undefined, null, '', [], [{ name: 'rag', template: 'r' }], [null]])
      expect(faultOf(() => findTemplate(config(value))).code).toBe('E_TEMPLATE_MISSING');
    expect(faultOf(() => findTemplate(config(5))).code).toBe('E_TEMPLATE_FORMAT');
    expect(faultOf(() => findTemplate(config([{ name: 'default', template: {} }]))).code).toBe(
      'E_TEMPLATE_FORMAT',
    );
  });
});
