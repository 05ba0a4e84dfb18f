/**
 * Reads a kubeconfig in JSON, where kubectl, to which it is YAML, sees the same in it. Undefined for what is not JSON
 * and for what go-yaml reads otherwise or refuses; then `any-yaml.ts` decides.
 */
export function readJson(text: string): { value: unknown } | undefined {
  if (notTheSameInYaml.test(text)) return undefined;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

const notTheSameInYaml = new RegExp(
  [
    String.raw`\\/|\\u[dD][89a-fA-F]`, // escapes that go-yaml does not know
    String.raw`[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]`, // not allowed, or line breaks
    String.raw`\d{16}|\d[eE][-+]?\d{3}`, // numbers that one of the two may not hold
    String.raw`"\s*\n\s*:`, // a key and its colon stand on one line
    String.raw`\}[ \n]*\t[\s]*$`, // a tab cannot begin a line outside of the braces
    String.raw`"[^"\n]{1000}[^"\n]*"\s*:`, // a key has at most 1024 letters
  ].join('|'),
);
