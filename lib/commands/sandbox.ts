import { commonOptions } from '../cli/common-options.ts';
import { defineCommand } from '../cli/command.ts';
import { faultOption } from './shared/fault-option.ts';

export const sandboxCommand = defineCommand({
  name: 'sandbox',
  summary: 'Run an embedded Kubernetes API server until Ctrl-C',
  description:
    'A fresh cluster in this process, in memory: an API server with RBAC and the token controller, its own certificates, and an administrator. It runs no pods. kubectl works against it. When it ends, all that it holds is gone, unless --state names a file to keep it in.',
  examples: [
    { does: 'Run one, and print where its kubeconfig is', line: '$0' },
    {
      does: 'On a port of your choice, with its kubeconfig in a file of your choice',
      line: '$0 --port 6443 --kubeconfig-out sandbox.kubeconfig',
    },
    {
      does: 'Go on where it ended last time, with the same kubeconfigs and tokens',
      line: '$0 --state sandbox.state',
    },
    { does: 'Broken, to see what a program makes of it', line: '$0 --break controller-off' },
    { does: 'With tokens signed by RSA, as most clusters have them', line: '$0 --alg RS256' },
  ],
  options: {
    port: {
      type: 'string',
      value: 'N',
      parse: parsePort,
      expects: 'a port from 0 to 65535',
      help: 'Port on 127.0.0.1 and ::1. If unset, or 0, a free one; with --state the last one, if it is free',
    },
    alg: {
      type: 'string',
      value: 'ALG',
      choices: ['ES256', 'RS256'],
      help: 'How ServiceAccount tokens are signed. If unset, ES256, or as in --state. With RS256 a recreated Secret gets the same token again',
    },
    state: {
      type: 'string',
      value: 'FILE',
      help: 'Keep all that it holds in this file (0600), with its keys and certificates, and go on from there next time. If unset, nothing is kept',
    },
    kubeconfigOut: {
      type: 'string',
      value: 'FILE',
      help: 'Write the kubeconfig there (0600) until it ends; with --state it stays. A file that no sandbox wrote, or that another one uses, is never overwritten. If unset, a temporary file',
    },
    break: faultOption,
    ...commonOptions,
  },
  input: (flags) => flags,
  run: async (flags, runtime) => (await import('./sandbox/run.ts')).runSandbox(flags, runtime),
});

function parsePort(text: string): number | undefined {
  return /^\d{1,5}$/u.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}
