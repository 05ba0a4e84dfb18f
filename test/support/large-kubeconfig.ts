/**
 * The text of a kubeconfig with many contexts, as kubectl writes it: one cluster and one user each, with data of the
 * size of a real CA. 5,000 contexts make 8 MB.
 */
export function largeKubeconfig({
  contexts = 5000,
  caBytes = 740,
}: { contexts?: number; caBytes?: number } = {}): string {
  const numbers = Array.from({ length: contexts }, (_, index) => String(index).padStart(5, '0'));
  const lines = [
    'apiVersion: v1',
    'clusters:',
    ...numbers.flatMap((number) => [
      '- cluster:',
      `    certificate-authority-data: ${certificateData(number, caBytes)}`,
      `    server: https://cluster-${number}.example.invalid:6443`,
      `  name: cluster-${number}`,
    ]),
    'contexts:',
    ...numbers.flatMap((number) => [
      '- context:',
      `    cluster: cluster-${number}`,
      `    namespace: team-${number}`,
      `    user: user-${number}`,
      `  name: context-${number}`,
    ]),
    `current-context: context-${numbers.at(-1)}`,
    'kind: Config',
    'preferences: {}',
    'users:',
    ...numbers.flatMap((number) => [`- name: user-${number}`, '  user:', `    token: token-of-user-${number}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Base64 of a text that looks like PEM and certifies nothing; different for each number. */
function certificateData(number: string, size: number): string {
  const body = Buffer.from(number.repeat(Math.ceil(size / number.length)).slice(0, size)).toString('base64');
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`).toString('base64');
}
