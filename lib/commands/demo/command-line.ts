import { shellWord } from '../../model/shell-word.ts';
import type { ClusterFlags } from '../shared/cluster-options.ts';

/** A command of this suite as a line of a shell. */
export type CommandLine = (command: string, ...words: readonly string[]) => string;

/**
 * Makes command lines that reach the cluster of the tour.
 *
 * @param invocation How the tour was called: `npx zx scripts/demo.mjs`, `kube-sa-token demo`.
 * @param flags Those that chose its cluster are repeated; a sandbox is reached by the kubeconfig that KUBECONFIG names.
 */
export function commandLines(invocation: string, flags: ClusterFlags): CommandLine {
  const chosen = flags.sandbox ? [] : clusterWords(flags);
  return (command, ...words) => {
    const own = new Set(words.includes('--token-file') ? [...words, ...ofTheCaller] : words);
    const rest = chosen.filter(([flag = '']) => !own.has(flag)).flat();
    return [invocation.replace(/\bdemo(?=\.mjs$|$)/u, command), ...[...words, ...rest].map(shellWord)].join(' ');
  };
}

/** A command of kubectl as a line of a shell. */
export type KubectlLine = (...words: readonly string[]) => string;

/**
 * Makes lines of kubectl, which knows the same flags, for the cluster of the tour.
 *
 * @param context The one that the tour has chosen, where the lines are to mean it whatever is current by then.
 */
export function kubectlLines(flags: ClusterFlags, context: string | null = null): KubectlLine {
  const given = flags.sandbox ? [] : clusterWords(flags);
  const named = context === null || given.some(([flag]) => flag === '--context') ? [] : [['--context', context]];
  const flagWords = [...named, ...given].flat().map(shellWord);
  return (...words) => ['kubectl', ...words, ...flagWords].join(' ');
}

/** What says as whom, and whether the server is verified: a command that is given a token says so itself. */
const ofTheCaller = ['--user', '--as', '--as-group', '--as-uid', '--as-user-extra', '--insecure-skip-tls-verify'];

function clusterWords(flags: ClusterFlags): string[][] {
  const valued: readonly (readonly [string, string | undefined])[] = [
    ['--kubeconfig', flags.kubeconfig],
    ['--context', flags.context],
    ['--cluster', flags.cluster],
    ['--user', flags.user],
    ['--server', flags.server],
    ['--certificate-authority', flags.certificateAuthority],
    ['--tls-server-name', flags.tlsServerName],
    ['--as', flags.as],
    ...flags.asGroup.map((group) => ['--as-group', group] as const),
    ['--as-uid', flags.asUid],
    ...flags.asUserExtra.map(({ key, value }) => ['--as-user-extra', `${key}=${value}`] as const),
  ];
  const words = valued.flatMap(([flag, value]) => (value === undefined ? [] : [[flag, value]]));
  return flags.insecureSkipTlsVerify ? [...words, ['--insecure-skip-tls-verify']] : words;
}
