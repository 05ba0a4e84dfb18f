import { defineCommand } from '../cli/command.ts';
import { callApiInput } from './call-api/input.ts';
import { callApiOptions, callApiPositionals } from './call-api/options.ts';

export const callApiCommand = defineCommand({
  name: 'call-api',
  summary: 'Call the API server directly, without proxy and kubectl',
  description:
    'One request over verified TLS, as the user of the kubeconfig or with the token of a ServiceAccount. The body of the answer goes to stdout as it comes, also that of an error.',
  examples: [
    { does: 'The API versions, with the token in a file', line: '$0 /api --token-file token' },
    {
      does: 'Pods as a ServiceAccount sees them',
      line: '$0 /api/v1/namespaces/ci/pods --service-account ci-bot -n ci',
    },
    {
      does: 'Create a ConfigMap',
      line: `$0 POST /api/v1/namespaces/ci/configmaps --data '{"metadata":{"name":"hello"}}'`,
    },
    { does: 'Follow the events of a namespace', line: '$0 /api/v1/namespaces/ci/events --watch' },
  ],
  options: callApiOptions,
  positionals: callApiPositionals,
  input: callApiInput,
  run: async (input, runtime) => (await import('./call-api/run.ts')).runCallApi(input, runtime),
});
