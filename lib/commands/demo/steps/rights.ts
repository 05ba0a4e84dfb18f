import type { Connection } from '../../../connection/connection.ts';
import { UnreachableError } from '../../../model/errors.ts';
import { renderError } from '../../../cli/render-error.ts';
import { renderTable } from '../../../cli/table.ts';
import { sleep, withDeadline } from '../../../system/deadline.ts';
import { call, type Called, readToken, withToken } from '../as-service-account.ts';
import { runBootstrap } from '../run-bootstrap.ts';
import type { Tour } from '../tour.ts';
import { linesOf } from './list.ts';

/** What the token may not do: nobody gave it a right. */
export async function deniedStep(tour: Tour): Promise<void> {
  const { commandLine, names, stage } = tour;
  const path = podsPath(tour);
  await stage.play(
    {
      id: 'denied',
      title: 'What the token may do: next to nothing',
      about:
        'Who you are is one question, what you may do another. The API server knows the token, and by RBAC its ServiceAccount has no right to list pods: 403, not 401.',
      commands: [commandLine('call-api', path, '--secret', names.secret.name, '-n', names.namespace)],
      insteadOf: [`curl -X GET $APISERVER${path} \\`, '  --header "Authorization: Bearer $TOKEN" --insecure'],
    },
    async () => {
      const called = await withToken(tour, await readToken(tour), (bearer) => call(bearer, path, tour));
      return called.failure === undefined ? podLines(called) : linesOf(renderError(called.failure));
    },
  );
}

/** The right to see, given by a binding, and the same token with it. */
export async function roleStep(tour: Tour): Promise<void> {
  const { commandLine, kubectl, names, stage } = tour;
  const { account, namespace, secret } = names;
  const path = podsPath(tour);
  const subject = [`--serviceaccount=${namespace}:${account.name}`, '-n', namespace];
  await stage.play(
    {
      id: 'role',
      title: 'Give it a right: --role view',
      about:
        'A RoleBinding gives a ServiceAccount the rights of the ClusterRole "view", in this namespace alone. The token stays the same: rights are looked up at each request. --reuse takes the token that is there.',
      commands: [
        commandLine('bootstrap-token', account.name, '-n', namespace, '--role', 'view', '--reuse'),
        commandLine('call-api', path, '--secret', secret.name, '-n', namespace),
      ],
      insteadOf: [kubectl('create', 'rolebinding', 'ci-bot-view', '--clusterrole=view', ...subject)],
    },
    async () => {
      const lines: string[] = [];
      const grants = [{ by: 'role', clusterRole: 'view', scope: 'namespace' }] as const;
      await runBootstrap(tour, { grants, onLine: (line) => lines.push(line) });
      const token = await readToken(tour);
      const called = await withToken(tour, token, (bearer) => callOnceAllowed(bearer, path, tour));
      return [...lines, `GET ${path}: ${called.status}`, ...podLines(called)];
    },
  );
}

/** Milliseconds until a new binding must have come to the authorizer, which follows the bindings by a watch. */
const inEffectMs = 5000;

async function callOnceAllowed(bearer: Connection, path: string, tour: Tour): Promise<Called> {
  const { signal } = tour.runtime.interruption;
  let denied: Called | undefined;
  const reason = () => denied?.failure ?? new UnreachableError(`Cannot GET ${path}: no answer`, { reason: 'NoAnswer' });
  return withDeadline(inEffectMs, { signal, reason }, async (limited) => {
    for (;;) {
      const called = await call(bearer, path, tour);
      if (called.failure === undefined) return called;
      if (called.status !== 403) throw called.failure;
      denied = called;
      await sleep(50, limited);
    }
  });
}

function podsPath({ names }: Tour): string {
  return `/api/v1/namespaces/${names.namespace}/pods`;
}

interface PodList {
  readonly items?: readonly {
    readonly metadata: { readonly name: string };
    readonly status?: { readonly phase?: string };
  }[];
}

function podLines({ text }: Called): string[] {
  const { items = [] } = JSON.parse(text) as PodList;
  if (items.length === 0) return ['A PodList without items: no pods run in this namespace'];
  return linesOf(
    renderTable(
      ['NAME', 'STATUS'],
      items.map(({ metadata, status }) => [metadata.name, status?.phase]),
    ),
  );
}
