import { defineCommand } from '../cli/command.ts';
import { refuseGiven } from '../cli/given-flags.ts';
import { parseDuration } from '../system/duration.ts';
import { clusterOptions } from './shared/cluster-options.ts';
import { faultOption } from './shared/fault-option.ts';
import { checkSandbox } from './shared/on-sandbox.ts';

const { namespace: _, ...whichCluster } = clusterOptions;

export const demoCommand = defineCommand({
  name: 'demo',
  summary: 'Tour of accessing a cluster with the Kubernetes API, step by step',
  description:
    'Does what the page "Access Clusters Using the Kubernetes API" of the Kubernetes documentation teaches. Each step shows the command that does it, what went over the wire, and what came of it; no token is shown. On a terminal it waits for Enter after each step.\n\nOn a cluster of yours it works in a namespace of its own, whose name it says before the first write, and leaves nothing behind, however it ends.',
  examples: [
    { does: 'The tour, with neither a cluster nor a kubeconfig', line: '$0 --sandbox' },
    { does: 'The tour of a cluster of yours', line: '$0 --context kind-dev' },
    {
      does: 'What a user is told, and that nothing is left, where the token controller does not run',
      line: '$0 --sandbox --break controller-off',
    },
    { does: 'Record it, to be played with asciinema', line: '$0 --sandbox --no-pause --record demo.cast' },
  ],
  options: {
    noPause: { type: 'boolean', help: 'Do not wait for Enter' },
    record: { type: 'string', value: 'FILE', help: 'Write a recording of the tour there, as asciicast (version 2)' },
    waitTimeout: {
      type: 'string',
      value: 'DURATION',
      default: '10s',
      parse: parseDuration,
      expects: 'a duration such as 30s or 1h30m',
      help: 'Time for the token controller, from the answer to the create; 0 looks once',
    },
    break: { ...faultOption, help: `${faultOption.help}. Requires --sandbox` },
    ...whichCluster,
  },
  input: (flags) => {
    checkSandbox(flags);
    if (!flags.sandbox) {
      refuseGiven({ break: faultOption }, flags, 'without --sandbox: no cluster but a sandbox is broken for a tour');
    }
    return { flags: { ...flags, namespace: undefined } };
  },
  run: async (input, runtime, invocation) => (await import('./demo/run.ts')).runDemo(input, runtime, invocation),
});
