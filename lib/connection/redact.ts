/**
 * Takes credentials out of text that a server sent: some answer with the request they got.
 *
 * @param sent Headers of the request.
 */
export function redact(text: string, sent: Readonly<Record<string, string>>): string {
  const credential = sent['authorization']?.replace(/^\S+ /u, '') ?? '';
  const known = credential === '' ? text : text.replaceAll(credential, '[redacted]');
  return known.replace(/eyJ[\w-]+\.[\w-]+\.[\w-]*/gu, '[redacted token]');
}
