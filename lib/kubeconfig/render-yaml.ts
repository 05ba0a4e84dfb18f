import { resolvePlain } from './plain-scalar.ts';
import { fieldsOf, type ViewValue } from './view.ts';

/**
 * A view in YAML as kubectl prints it: keys sorted, lists not indented. Whatever reads YAML 1.1 or 1.2 gets the same
 * texts from it: those that are a number or a boolean to either are quoted. Long lines are not folded.
 *
 * Written here because the `yaml` package takes seconds for thousands of contexts, and does not know what go-yaml
 * takes for a number.
 */
export function renderViewYaml(view: ViewValue): string {
  return render(view, '')
    .replace(/^[\n ]/u, '')
    .concat('\n');
}

/** With the space or the line break that comes before it. */
function render(value: ViewValue | undefined, indent: string): string {
  if (value === undefined || value === null) return ' null';
  if (typeof value === 'string') return ` ${renderText(value, indent)}`;
  if (typeof value !== 'object') return ` ${String(value)}`;
  if (Array.isArray(value)) return renderList(value as readonly ViewValue[], indent);
  const fields = fieldsOf(value);
  if (fields.length === 0) return ' {}';
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted
    .map(([name, field]) => {
      const below = Array.isArray(field) ? indent : `${indent}  `;
      return `\n${indent}${renderKey(name)}:${render(field, below)}`;
    })
    .join('');
}

function renderList(items: readonly ViewValue[], indent: string): string {
  if (items.length === 0) return ' []';
  return items
    .map((item) => {
      const rendered = render(item, `${indent}  `);
      // the first line of a mapping or a list stands behind the dash
      return `\n${indent}- ${rendered.replace(/^\n? +/u, '')}`;
    })
    .join('');
}

function renderKey(name: string): string {
  // a key of more than 1024 letters needs a notation of its own, which sigs.k8s.io/yaml writes and nobody has
  return renderText(name, undefined);
}

/** @param indent Of what stands below; undefined for a key, which has one line. */
function renderText(text: string, indent: string | undefined): string {
  if (!isPlainEverywhere(text)) return quoted(text);
  if (text.includes('\n')) return indent === undefined || !isBlock(text) ? quoted(text) : block(text, indent);
  if (resolvePlain(text) !== text || otherwiseInYaml.test(text)) return quoted(text);
  return isPlain(text) ? text : `'${text.replaceAll("'", "''")}'`;
}

// What is a number of some kind or a date to YAML 1.1 or 1.2, or has a meaning of its own as a key.
const otherwiseInYaml = new RegExp(
  [
    String.raw`^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`,
    String.raw`^[-+]?0[xXoObB][0-9a-fA-F_]+$`,
    String.raw`^[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?$`,
    String.raw`^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:$|[Tt \t])`,
    '^(?:=|<<)$',
  ].join('|'),
  'u',
);

/** Letters that no reader takes for a line break, for nothing, or for an error. */
function isPlainEverywhere(text: string): boolean {
  return /^[\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/u.test(text);
}

function isPlain(text: string): boolean {
  return /^(?![-?:](?: |$))(?![ ,[\]{}#&*!|>'"%@`])(?!---|\.\.\.)/u.test(text) && !/: |:$| #| $/u.test(text);
}

function isBlock(text: string): boolean {
  return /^[^\s]/u.test(text) && !/[ \t]$|[ \t]\n|\t/mu.test(text);
}

function block(text: string, indent: string): string {
  const body = text.replace(/\n+$/u, '');
  const breaks = text.length - body.length;
  const chomping = breaks === 0 ? '-' : breaks === 1 ? '' : '+';
  const lines = body.split('\n').map((line) => (line === '' ? '' : `${indent}${line}`));
  // the break after the last line is written by whoever comes next
  return `|${chomping}\n${lines.join('\n')}${'\n'.repeat(Math.max(0, breaks - 1))}`;
}

/** In double quotes, with escapes that are the same in YAML 1.1 and 1.2. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/gu, (letter) => {
    const code = letter.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16)}` : `\\u${code.toString(16)}`;
  });
}
