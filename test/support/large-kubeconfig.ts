/**
 * The text of a kubeconfig with many contexts, as kubectl writes it: one cluster and one user each, with data of the
 * size of a real CA. 5,000 contexts make 8 MB.
 *
 * @param aks Users run a plugin with a block of text as its hint, as AKS writes them; contexts are in braces, and values
 *   have comments, as people write them.
 */
export function largeKubeconfig({
  contexts = 5000,
  caBytes = 740,
  aks = false,
}: { contexts?: number; caBytes?: number; aks?: boolean } = {}): string {
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
    ...numbers.flatMap(aks ? contextOfPeople : contextOfKubectl),
    `current-context: context-${numbers.at(-1)}`,
    'kind: Config',
    'preferences: {}',
    'users:',
    ...numbers.flatMap((number) => [
      `- name: user-${number}\n  user:`,
      aks ? pluginOfAks : `    token: token-of-user-${number}`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function contextOfKubectl(number: string): string[] {
  return [
    '- context:',
    `    cluster: cluster-${number}`,
    `    namespace: team-${number}`,
    `    user: user-${number}`,
    `  name: context-${number}`,
  ];
}

function contextOfPeople(number: string): string[] {
  const context = `{cluster: cluster-${number}, namespace: team-${number}, user: user-${number}}`;
  return [`- context: ${context}`, `  name: context-${number} # number ${number}`];
}

const pluginOfAks = `    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - get-token
      - --login
      - devicecode
      command: kubelogin
      env: null
      installHint: |2

        kubelogin is not installed which is required to connect to AAD enabled cluster.

        To learn more, please go to https://aka.ms/aks/kubelogin
      provideClusterInfo: false`;

/** Base64 of a text that looks like PEM and certifies nothing; different for each number. */
function certificateData(number: string, size: number): string {
  const body = Buffer.from(number.repeat(Math.ceil(size / number.length)).slice(0, size)).toString('base64');
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`).toString('base64');
}
