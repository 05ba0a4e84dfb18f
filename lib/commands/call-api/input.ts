import { refuseGiven } from '../../cli/given-flags.ts';
import { refuseTwoStdin } from '../../cli/one-stdin.ts';
import type { ValuesOf } from '../../cli/options.ts';
import { UsageError } from '../../model/errors.ts';
import { clusterOptions } from '../shared/cluster-options.ts';
import { checkSandbox } from '../shared/on-sandbox.ts';
import { refuseTokenAsName } from '../shared/token-as-name.ts';
import type { callApiOptions, callApiPositionals } from './options.ts';

export interface CallApiInput {
  readonly flags: ValuesOf<typeof callApiOptions>;
  readonly method: string;
  /** With its query, and what `--watch`, `--all-pages` and `--dry-run` add to it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly credential:
    | { readonly from: 'kubeconfig' }
    | { readonly from: 'file' | 'secret' | 'service-account'; readonly name: string };
}

/** Flags of `call-api` to one call. @throws {UsageError} */
export function callApiInput(
  flags: ValuesOf<typeof callApiOptions>,
  positionals: ValuesOf<typeof callApiPositionals>,
): CallApiInput {
  const method = positionals.method.toUpperCase();
  if (!/^[A-Z]+$/u.test(method)) throw invalid(`METHOD "${positionals.method}"`, 'it is not an HTTP method');
  // Its answer is a tunnel, and has no body.
  if (method === 'CONNECT') throw invalid('METHOD CONNECT', 'it is for proxies');
  checkSandbox(flags);
  refuseTokenAsName('--token-file', flags.tokenFile);
  refuseTwoStdin({ '--token-file': flags.tokenFile, '--data': flags.data });
  if (flags.data !== undefined && ['GET', 'HEAD'].includes(method)) {
    throw invalid('--data', `${method} sends no body`, 'Name the method: POST, PUT, PATCH or DELETE before PATH');
  }
  for (const [flag, given] of [
    ['--watch', flags.watch],
    ['--all-pages', flags.allPages],
  ] as const) {
    if (given && method !== 'GET') throw invalid(flag, `it goes with GET, not with ${method}`);
  }
  if (flags.watch && flags.allPages) throw invalid('--watch', 'it does not go with --all-pages');
  if (flags.allPages && flags.include)
    throw invalid('--include', 'several pages have several answers; it does not go with --all-pages');
  if (flags.contentType !== undefined && flags.data === undefined)
    throw invalid('--content-type', 'there is no --data');
  requireUse(flags);
  if (flags.dryRun !== 'none' && ['GET', 'HEAD'].includes(method))
    throw invalid('--dry-run', `${method} changes nothing`);
  return {
    flags,
    method,
    path: pathOf(positionals.path, flags),
    headers: headersOf(flags.header),
    credential: credentialOf(flags),
  };
}

/** Flags that choose the caller or a namespace, where the credential leaves nothing to choose. */
function requireUse(flags: CallApiInput['flags']): void {
  if (flags.tokenFile !== undefined) {
    refuseGiven({ user: clusterOptions.user }, flags, 'together with --token-file: the token is who calls');
  }
  if (flags.secret !== undefined || flags.serviceAccount !== undefined) return;
  refuseGiven(
    { namespace: clusterOptions.namespace },
    flags,
    'without --secret or --service-account: PATH names the namespace',
    'Such as /api/v1/namespaces/NS/pods',
  );
}

/** The credential goes to the server of the kubeconfig and nowhere else: a path has neither scheme nor host. */
function pathOf(path: string, { allPages, dryRun, watch }: CallApiInput['flags']): string {
  if (/^[a-z][a-z0-9+.-]*:/iu.test(path) || /^[/\\]{2}/u.test(path)) {
    throw invalid(
      `PATH "${path}"`,
      'it names a host, and the credential goes to the server of the kubeconfig only',
      'Begin with a single "/"; --context or --server choose the server',
    );
  }
  if (/(?:^|\/)(?:\.|%2e){1,2}(?:[/?]|$)/iu.test(path)) {
    throw invalid(`PATH "${path}"`, 'a segment "." or ".." could lead out of the path of the server');
  }
  if (!path.startsWith('/')) throw invalid(`PATH "${path}"`, 'it does not begin with "/"');
  if (/[^\u0021-\u007E]|[#\\]/u.test(path))
    throw invalid(
      `PATH ${JSON.stringify(path)}`,
      'white space, "#", "\\", control characters and all beyond ASCII have to be percent-encoded',
    );
  const url = new URL(path, 'https://unused.invalid');
  if (watch) url.searchParams.set('watch', 'true');
  if (allPages && !url.searchParams.has('limit')) url.searchParams.set('limit', '500');
  if (dryRun === 'server') url.searchParams.set('dryRun', 'All');
  const changed = watch || allPages || dryRun === 'server';
  return changed ? `${url.pathname}${url.search}` : path;
}

const refusedHeaders: Readonly<Record<string, string>> = {
  authorization: 'the credential comes from the kubeconfig, --token-file, --secret or --service-account',
  'proxy-authorization': 'credentials for a proxy stand in its address',
  host: 'it follows from the server',
  connection: 'the connection is ours',
  'keep-alive': 'the connection is ours',
  expect: 'the body is sent at once',
  trailer: 'nothing follows the body',
  'content-length': 'it follows from --data',
  'transfer-encoding': 'it follows from --data',
  upgrade: 'upgrades are not supported',
};

function headersOf(given: readonly string[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (const header of given) {
    const [, name, value] =
      /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\u0020-\u007E\u0080-\u00FF]*)$/u.exec(header) ?? [];
    // A header that cannot be read may be a credential: it is not repeated.
    if (name === undefined || value === undefined) throw invalid('--header', 'it is not of the form "Name: value"');
    if (/^impersonate-/iu.test(name))
      throw invalid(`--header ${name}`, '--as, --as-group, --as-uid and --as-user-extra impersonate');
    const refused = Object.hasOwn(refusedHeaders, name.toLowerCase()) ? refusedHeaders[name.toLowerCase()] : undefined;
    if (refused !== undefined) throw invalid(`--header ${name}`, refused);
    const key = name.toLowerCase();
    const earlier = headers.get(key);
    headers.set(key, earlier === undefined ? value : `${earlier}, ${value}`); // RFC 9110, section 5.3
  }
  return Object.fromEntries(headers);
}

function credentialOf({ secret, serviceAccount, tokenFile }: CallApiInput['flags']): CallApiInput['credential'] {
  const given = (
    [
      ['file', tokenFile],
      ['secret', secret],
      ['service-account', serviceAccount],
    ] as const
  ).flatMap(([from, name]) => (name === undefined ? [] : [{ from, name }]));
  if (given.length > 1) throw invalid('--token-file, --secret and --service-account', 'one call has one credential');
  return given[0] ?? { from: 'kubeconfig' };
}

function invalid(what: string, why: string, hint?: string): UsageError {
  return new UsageError(`Cannot use ${what}: ${why}`, { reason: 'InvalidArgument', hint });
}
