import { randomBytes } from 'node:crypto';
import type { KubernetesObject, RestTarget } from '../control-plane/rest.ts';
import { until } from '../support/until.ts';
import { normaliser } from './normalise.ts';
import { type Recorder, recorder } from './recorder.ts';
import { type Identity, openWire, type Wire } from './wire.ts';

/** An API server to which the contract is put. */
export interface Target {
  readonly name: string;
  readonly access: RestTarget;
  /** Between the test and the server, for the test of the tests. */
  readonly through?: (wire: Wire) => Wire;
}

/** What a behaviour talks to: a server, with a namespace of its own. */
export interface Server extends Recorder {
  /** How the administrator reaches it. */
  readonly access: RestTarget;
  readonly namespace: string;
  /** The path of a resource or object: in `namespace`, or at cluster scope where it belongs there. */
  path(resource: string, name?: string, subresource?: string): string;
  /** A name that nobody else has, the same in every transcript. */
  unique(name: string): string;
  /** Deletes it when the behaviour is over; what is in `namespace` goes with that. */
  removeLater(path: string): void;
  hide(value: string, placeholder: string): void;
  /** A ServiceAccount of `namespace` with a bound token that works, and with these rights in effect. */
  account(name: string, rights?: Rights): Promise<Identity>;
}

interface Rights {
  readonly rules?: readonly Rule[];
  readonly clusterRules?: readonly Rule[];
  /** ClusterRoles that are bound in `namespace`, and what shows that they are in effect. */
  readonly clusterRole?: readonly [name: string, verb: string, resource: string];
}

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

const rbac = new Set(['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings']);
const clusterScoped = new Set(['namespaces', 'clusterroles', 'clusterrolebindings']);
const apiGroup = 'rbac.authorization.k8s.io';

/** Runs `script` on `target`, and gives what was said. */
export async function transcriptOf(target: Target, script: (server: Server) => Promise<void>) {
  const { server, close } = await openServer(target);
  try {
    await script(server);
    return server.steps;
  } finally {
    await close();
  }
}

async function openServer({ access, through = (wire) => wire }: Target) {
  const wire = through(openWire(access));
  const names = normaliser({ server: access.server, caPem: access.caPem });
  const recording = recorder(wire, names);
  const namespace = `contract-${randomBytes(5).toString('hex')}`;
  names.hide(namespace, '<namespace>');
  const path: Server['path'] = (resource, name, subresource) =>
    [
      rbac.has(resource) ? `/apis/${apiGroup}/v1` : '/api/v1',
      ...(clusterScoped.has(resource) ? [] : [`namespaces/${namespace}`]),
      ...[resource, name, subresource].filter((part) => part !== undefined),
    ].join('/');
  const made = [path('namespaces', namespace)];
  const server: Server = {
    ...recording,
    access,
    namespace,
    path,
    unique: (name) => `${namespace}-${name}`,
    removeLater: (object) => void made.push(object),
    hide: names.hide,
    account: (name, rights = {}) => account(server, name, rights),
  };
  const { body: self } = await recording.peek<{ status: { userInfo: { username: string } } }>('POST', selfReview, {});
  names.hide(`"${self.status.userInfo.username}"`, '"<admin>"');
  await recording.create('/api/v1/namespaces', { metadata: { name: namespace } });
  for (const object of [path('serviceaccounts', 'default'), path('configmaps', 'kube-root-ca.crt')]) {
    await recording.peekUntil(object, ({ status }) => status === 200);
  }
  return {
    server,
    async close() {
      for (const object of made.toReversed()) await recording.peek('DELETE', object);
      wire.close();
    },
  };
}

const selfReview = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const accessReview = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

async function account(server: Server, name: string, rights: Rights): Promise<Identity> {
  const { create, namespace, path, removeLater, unique } = server;
  await server.peek('POST', path('serviceaccounts'), { metadata: { name } });
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  const bind = (bindings: string, called: string, roleKind: string, role: string) =>
    create(path(bindings), {
      metadata: { name: called },
      subjects,
      roleRef: { apiGroup, kind: roleKind, name: role },
    });
  if (rights.rules !== undefined) {
    await create(path('roles'), { metadata: { name }, rules: complete(rights.rules) });
    await bind('rolebindings', name, 'Role', name);
  }
  if (rights.clusterRole !== undefined) {
    await bind('rolebindings', `${name}-by-cluster-role`, 'ClusterRole', rights.clusterRole[0]);
  }
  if (rights.clusterRules !== undefined) {
    const called = unique(name);
    removeLater(path('clusterroles', called));
    removeLater(path('clusterrolebindings', called));
    await create(path('clusterroles'), { metadata: { name: called }, rules: complete(rights.clusterRules) });
    await bind('clusterrolebindings', called, 'ClusterRole', called);
  }
  const { status } = await create<KubernetesObject & { status: { token: string } }>(
    path('serviceaccounts', name, 'token'),
    { spec: { expirationSeconds: 3600 } },
  );
  const identity = { token: status.token, called: `ServiceAccount ${name}` };
  await usable(server, identity);
  for (const spec of questionsOf(rights, namespace)) await allowed(server, identity, spec);
  return identity;
}

/** A fresh token may be refused at first. */
export async function usable(server: Pick<Server, 'peek'>, identity: Identity): Promise<void> {
  await until('the token to be accepted', async () => {
    const { status } = await server.peek('POST', selfReview, {}, { as: identity });
    return status === 201 ? true : undefined;
  });
}

/** The API server authorizes from a cache that follows the bindings by some milliseconds. */
async function allowed(server: Server, as: Identity, spec: object): Promise<void> {
  await until(`the right ${JSON.stringify(spec)}`, async () => {
    const { body } = await server.peek<{ status?: { allowed: boolean } }>('POST', accessReview, { spec }, { as });
    return body.status?.allowed === true ? true : undefined;
  });
}

function questionsOf({ rules = [], clusterRules = [], clusterRole }: Rights, namespace: string): object[] {
  const byRule = (rule: Rule, scope: object) => [
    ...(rule.resources ?? []).flatMap((each) =>
      rule.verbs.map((verb) => {
        const [resource, subresource] = each.split('/');
        const [name] = rule.resourceNames ?? [];
        const [group] = rule.apiGroups ?? [''];
        return { resourceAttributes: { group, resource, subresource, verb, name, ...scope } };
      }),
    ),
    ...(rule.nonResourceURLs ?? []).flatMap((url) =>
      rule.verbs.map((verb) => ({ nonResourceAttributes: { path: url.replace('*', 'x'), verb } })),
    ),
  ];
  const [, verb, resource] = clusterRole ?? [];
  return [
    ...rules.flatMap((rule) => byRule(rule, { namespace })),
    ...clusterRules.flatMap((rule) => byRule(rule, {})),
    ...(clusterRole === undefined ? [] : [{ resourceAttributes: { group: '', resource, verb, namespace } }]),
  ];
}

function complete(rules: readonly Rule[]): object[] {
  return rules.map((rule) => (rule.resources === undefined ? rule : { apiGroups: [''], ...rule }));
}
