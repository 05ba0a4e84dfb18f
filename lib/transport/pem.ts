/**
 * The certificates of a PEM text, where Go finds them (encoding/pem: Decode): of no other type, each from the beginning
 * of a line. What is not base64 is passed over.
 */
export function certificateBlocks(text: string): string[] {
  const blocks = text.matchAll(
    /(?<![^\n])-----BEGIN CERTIFICATE-----[^\S\n]*\n(?<body>(?:(?!-----BEGIN )[\s\S])*?)-----END CERTIFICATE-----/gu,
  );
  return [...blocks].filter(({ groups }) => isBase64(groups?.['body'] ?? '')).map(([block]) => block);
}

function isBase64(text: string): boolean {
  return /^[\d+/A-Za-z]*={0,2}$/u.test(text.replaceAll(/\s/gu, ''));
}
