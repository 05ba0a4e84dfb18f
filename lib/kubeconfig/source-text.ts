import { isUtf8 } from 'node:buffer';
import type { Fail } from './fail.ts';

/**
 * The text of a file, as go-yaml reads bytes (yaml.v2, readerc.go): UTF-8, or UTF-16 with a byte order mark, as
 * PowerShell writes it.
 */
export function decodeText(bytes: Buffer, fail: Fail): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  if (encoding === 'utf-8') return isUtf8(bytes) ? bytes.toString('utf8') : fail('not UTF-8');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return fail('not UTF-16');
  }
}

/**
 * Text without a byte order mark and with `\n` for each newline of YAML 1.1: CRLF, CR and U+0085, too. Control
 * characters are refused, as kubectl refuses them.
 */
export function normalizeText(text: string, fail: Fail): string {
  const marked = text.startsWith('\ufeff') ? text.slice(1) : text;
  const normal = /[\r\u0085]/u.test(marked) ? marked.replaceAll(/\r\n?|\u0085/gu, '\n') : marked;
  const forbidden = controls.exec(normal);
  return forbidden === null ? normal : fail('a control character', forbidden.index);
}

// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/;
