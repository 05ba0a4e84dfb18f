/** Whether Go's base64.StdEncoding decodes it: padded, line breaks ignored. Node's Buffer would take anything. */
export function isBase64(text: string): boolean {
  const bare = /[\r\n]/u.test(text) ? text.replaceAll(/[\r\n]/gu, '') : text;
  return bare.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/u.test(bare);
}
