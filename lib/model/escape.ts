// C0 but tab and newline, DEL, C1, zero-width and bidirectional controls, line and paragraph separators, the BOM.
const unsafe =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * Makes text from a cluster, a kubeconfig or a plugin safe for a terminal: what could move the cursor, recolour,
 * reorder or hide text is shown as `\x1b` or `\u{202e}`. kubectl replaces only ESC and CR (CVE-2021-25743).
 */
export function escapeText(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** As `escapeText()`, for a place that has one line: newlines and tabs become spaces. */
export function escapeLine(text: string): string {
  return escapeText(text.replace(/\s*[\r\n]+\s*|\t/gu, ' ').trim());
}
