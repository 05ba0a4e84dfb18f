import { escapeLine } from '../model/escape.ts';

/** The parts of a Kubernetes Status that decide what an error is called (apimachinery: pkg/api/errors/errors.go). */
export interface Status {
  readonly kind: 'Status';
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly name?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string }[];
  };
}

/** The Status that a body holds; undefined for anything else. */
export function parseStatus(text: string): Status | undefined {
  const value = parseJson(text);
  return isStatus(value) ? value : undefined;
}

export function isStatus(value: unknown): value is Status {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'Status';
}

/** Characters of a server's words that are shown. */
const longest = 1000;

/**
 * What a server says in an answer, in one escaped line; empty if it says nothing. Of JSON only its `message`: the rest,
 * whole or cut off, may be data of a Secret.
 */
export function serverWords(text: string, contentType: string | undefined): string {
  const html = describeHtml(text, contentType);
  if (html !== undefined) return html;
  const words = escapeLine(looksLikeJson(text) ? messageOf(parseJson(text)) : text);
  return words.length > longest ? `${words.slice(0, longest)}…` : words;
}

/** Words for an HTML page, with its title; undefined for what is none. */
export function describeHtml(text: string, contentType: string | undefined): string | undefined {
  const isHtml = contentType?.includes('text/html') === true || /^\s*<(?:!doctype html|html)\b/iu.test(text);
  if (!isHtml) return undefined;
  const title = escapeLine(/<title[^>]*>([^<]{1,200})/iu.exec(text)?.[1] ?? '');
  return `an HTML page${title === '' ? '' : ` "${title}"`}, which no API server sends`;
}

function messageOf(value: unknown): string {
  const { message } = (typeof value === 'object' && value !== null ? value : {}) as { message?: unknown };
  return typeof message === 'string' ? message : '';
}

export function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/u.test(text);
}

function parseJson(text: string): unknown {
  if (!looksLikeJson(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
