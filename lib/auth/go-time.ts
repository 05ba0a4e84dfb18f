/**
 * Milliseconds since 1970 of a time in RFC 3339, as Go reads it (time.Parse): an hour may have one digit, an offset 24
 * hours and 60 minutes, a comma may stand for the point. NaN for what is none, such as the 30th of February.
 */
export function parseGoTime(text: string): number {
  const found = form.exec(text);
  if (found === null) return Number.NaN;
  const [, ...texts] = found;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = texts.slice(0, 6).map(Number);
  const [fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = texts.slice(6);
  if (hour > 23 || minute > 59 || second > 59 || Number(offsetHours) > 24 || Number(offsetMinutes) > 60) {
    return Number.NaN;
  }
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day); // Date.UTC() takes the years below 100 for those of 1900
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return Number.NaN;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1);
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms;
}

const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/u;
