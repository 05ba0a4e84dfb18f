/** Whose hand wrote it. */
export type Hand = 'kubectl' | 'people' | 'az';

/**
 * The text of a kubeconfig with many contexts: one cluster and one user each, with data of the size of a real CA. 5,000
 * contexts make 8 MB.
 *
 * @param hand `kubectl`: users have tokens. `people`: users run the plugin of AKS with a block of text as its hint;
 *   contexts are in braces, and values have comments. `az`: as `az aks get-credentials` merges them, by PyYAML: plugins
 *   with many arguments, and a hint in quotes over lines.
 */
export function largeKubeconfig({
  contexts = 5000,
  caBytes = 740,
  hand = 'kubectl',
}: { contexts?: number; caBytes?: number; hand?: Hand } = {}): string {
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
    ...numbers.flatMap(hand === 'people' ? contextOfPeople : contextOfKubectl),
    `current-context: context-${numbers.at(-1)}`,
    'kind: Config',
    'preferences: {}',
    'users:',
    ...numbers.flatMap((number) => [`- name: user-${number}\n  user:`, userOf[hand](number)]),
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

const pluginOfPeople = `    exec:
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

const pluginOfAz = `    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - get-token
      - --environment
      - AzurePublicCloud
      - --server-id
      - 6dae42f8-4368-4678-94ff-3960e28e3630
      - --client-id
      - 80faf920-1908-4b52-b5ef-a8e7bedfc67a
      - --tenant-id
      - 00000000-0000-4000-8000-000000000000
      - --login
      - devicecode
      command: kubelogin
      env: null
      installHint: '

        kubelogin is not installed which is required to connect to AAD enabled cluster.


        To learn more, please go to https://aka.ms/aks/kubelogin

        '
      provideClusterInfo: false`;

const userOf: Readonly<Record<Hand, (number: string) => string>> = {
  kubectl: (number) => `    token: token-of-user-${number}`,
  people: () => pluginOfPeople,
  az: () => pluginOfAz,
};

/** Base64 of a text that looks like PEM and certifies nothing; different for each number. */
function certificateData(number: string, size: number): string {
  const body = Buffer.from(number.repeat(Math.ceil(size / number.length)).slice(0, size)).toString('base64');
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`).toString('base64');
}
