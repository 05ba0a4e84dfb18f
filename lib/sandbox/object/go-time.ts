import { goQuote } from '../go-quote.ts';

/** What is no time; its message is that of Go's time.Parse. */
export class TimeError extends Error {
  override readonly name = 'TimeError';
}

const layouts = { second: '2006-01-02T15:04:05Z07:00', micro: '2006-01-02T15:04:05.000000Z07:00' } as const;

interface Element {
  /** What Go's layout has in its place. */
  readonly layout: string;
  readonly form: RegExp;
  /** What is out of range, and beyond which number. */
  readonly range?: readonly [name: string, min: number, max: number];
}

const literal = (text: string): Element => ({ layout: text, form: new RegExp(`^${text}`, 'u') });
const number = (layout: string, digits: number, range?: Element['range']): Element => ({
  layout,
  form: new RegExp(`^\\d{${digits}}`, 'u'),
  ...(range === undefined ? {} : { range }),
});

/**
 * A time in UTC, as Kubernetes writes it: in whole seconds, or in microseconds.
 *
 * @throws {TimeError}
 */
export function goTime(text: string, precision: keyof typeof layouts): string {
  const layout = layouts[precision];
  const elements = [
    number('2006', 4),
    literal('-'),
    number('01', 2, ['month', 1, 12]),
    literal('-'),
    number('02', 2),
    literal('T'),
    number('15', 2, ['hour', 0, 23]),
    literal(':'),
    number('04', 2, ['minute', 0, 59]),
    literal(':'),
    number('05', 2, ['second', 0, 59]),
    precision === 'micro' ? { layout: '.000000', form: /^[.,]\d{6}/u } : { layout: '', form: /^(?:[.,]\d+)?/u },
    { layout: 'Z07:00', form: /^(?:Z|[+-]\d\d:\d\d)/u },
  ];
  let rest = text;
  const found = elements.map(({ form, layout: element, range }) => {
    const [part] = form.exec(rest) ?? [];
    if (part === undefined) {
      const what = `parsing time ${goQuote(text)} as ${goQuote(layout)}`;
      throw new TimeError(`${what}: cannot parse ${goQuote(rest)} as ${goQuote(element)}`);
    }
    rest = rest.slice(part.length);
    const [name, min = 0, max = 0] = range ?? [];
    if (name !== undefined && (Number(part) < min || Number(part) > max)) throw outOfRange(text, name);
    return part;
  });
  if (rest !== '') throw new TimeError(`parsing time ${goQuote(text)}: extra text: ${goQuote(rest)}`);
  const [year = '', , month = '', , day = ''] = found;
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(day) < 1 || Number(day) > lastDay) throw outOfRange(text, 'day');
  const [fraction = '', zone = ''] = found.slice(-2);
  const utc = new Date(`${found.slice(0, -2).join('')}${zone}`).toISOString().slice(0, 19);
  return `${utc}${precision === 'micro' ? fraction.replace(',', '.') : ''}Z`;
}

function outOfRange(text: string, what: string): TimeError {
  return new TimeError(`parsing time ${goQuote(text)}: ${what} out of range`);
}
