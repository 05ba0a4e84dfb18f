import { fieldsOf, type ViewValue } from './view.ts';

/** A view as Go prints it (encoding/json, MarshalIndent with four spaces), byte for byte. */
export function renderViewJson(view: ViewValue): string {
  return `${render(view, '\n')}\n`;
}

function render(value: ViewValue | undefined, line: string): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') return renderString(value);
  if (typeof value !== 'object') return renderNumber(value);
  const inner = `${line}    `;
  if (isList(value))
    return enclosed(
      '[',
      value.map((item) => render(item, inner)),
      ']',
      line,
    );
  const fields = fieldsOf(value);
  return enclosed(
    '{',
    fields.map(([name, field]) => `${renderString(name)}: ${render(field, inner)}`),
    '}',
    line,
  );
}

function enclosed(open: string, items: readonly string[], close: string, line: string): string {
  if (items.length === 0) return open + close;
  const inner = `${line}    `;
  return `${open}${inner}${items.join(`,${inner}`)}${line}${close}`;
}

function renderNumber(value: number | bigint | boolean): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Go also escapes what HTML and JavaScript would take for something else. */
function renderString(text: string): string {
  if (!needsEscape.test(text)) return `"${text}"`;
  return JSON.stringify(text).replaceAll(
    /[<>&\u2028\u2029]/gu,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Of most texts nothing does: looking is quicker than to have them rendered. */
const needsEscape = /["\\<>&]|[^ -~]/u;

function isList(value: ViewValue): value is readonly ViewValue[] {
  return Array.isArray(value);
}
