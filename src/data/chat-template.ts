/**
 * Jinja chat template of the embedded model: `<bos>`, then `<sys>`, `<user>` or `<asst>` before each turn and `<eos>` after an answer. A
 * space after every "<" breaks up control tokens typed in a message; the pre-tokenizer drops it again, so any text gets the same ids as
 * from the prompt builder.
 */
export const CHAT_TEMPLATE = [
  '{{- bos_token -}}',
  '{%- for message in messages -%}',
  "{%- set text = message['content'] | replace('<', '< ') -%}",
  "{%- if message['role'] == 'system' -%}{{- '<sys>' + text -}}",
  "{%- elif message['role'] == 'user' -%}{{- '<user>' + text -}}",
  "{%- elif message['role'] == 'assistant' -%}{{- '<asst>' + text + eos_token -}}",
  "{%- else -%}{{- raise_exception('Unknown role: ' + message['role']) -}}",
  '{%- endif -%}',
  '{%- endfor -%}',
  "{%- if add_generation_prompt -%}{{- '<asst>' -}}{%- endif -%}",
].join('\n');
