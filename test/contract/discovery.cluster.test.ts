import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';

interface Resource {
  readonly name: string;
  readonly resource?: string;
}
const core = ['configmaps', 'events', 'namespaces', 'secrets', 'serviceaccounts', 'serviceaccounts/token'];
const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const groups = ['authentication.k8s.io', 'authorization.k8s.io', 'rbac.authorization.k8s.io'];
const ours: Readonly<Record<string, readonly string[]>> = {
  '/api/v1': core,
  '/apis/authentication.k8s.io/v1': ['selfsubjectreviews', 'tokenreviews'],
  '/apis/authorization.k8s.io/v1': ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  '/apis/rbac.authorization.k8s.io/v1': ['clusterrolebindings', 'clusterroles', 'rolebindings', 'roles'],
};
const accountOf = async (server: Parameters<Parameters<typeof behaviour>[1]>[0]) => ({
  as: await server.account('bot'),
});

describe('discovery', () => {
  behaviour('of the core group names its version', async ({ send }) => {
    const { body } = await send<{ versions: string[] }>('GET', '/api');
    expect(body.versions).toEqual(['v1']);
  });

  behaviour('names the groups and their versions', async ({ peek, note }) => {
    const { body, headers } = await peek<{ kind: string; groups: { name: string; versions: object[] }[] }>(
      'GET',
      '/apis',
    );
    note('kind', [body.kind, headers['content-type']]);
    for (const name of groups) {
      const group = body.groups.find((each) => each.name === name);
      note(name, { ...group, versions: group?.versions.slice(0, 1) });
    }
  });

  for (const [at, resources] of Object.entries(ours)) {
    behaviour(`names the resources of ${at}, with verbs, kinds and short names`, async ({ peek, note }) => {
      const { body } = await peek<{ kind: string; groupVersion: string; resources: Resource[] }>('GET', at);
      note('it', [body.kind, body.groupVersion]);
      for (const name of resources) {
        const found = body.resources.find((each) => each.name === name);
        expect(found).toBeDefined();
        note(name, found);
      }
    });
  }

  behaviour('names Pods and Services, with verbs, kind and short name', async ({ peek, note }) => {
    const { body } = await peek<{ resources: Resource[] }>('GET', '/api/v1');
    for (const resource of ['pods', 'services']) {
      note(
        resource,
        body.resources.find(({ name }) => name === resource),
      );
    }
  });

  behaviour('of one group names its versions', async ({ peek, note }) => {
    for (const name of groups) {
      const { body } = await peek<{ versions: object[] }>('GET', `/apis/${name}`);
      note(name, { ...body, versions: body.versions.slice(0, 1) });
    }
  });

  for (const at of ['/api', '/apis'] as const) {
    behaviour(`comes aggregated from ${at}`, async ({ peek, note }) => {
      const { body, headers } = await peek<Aggregated>('GET', at, undefined, { accept: aggregated });
      note('as', [body['kind'], body['apiVersion'], headers['content-type'], headers['vary'], headers['etag']?.length]);
      const wanted = at === '/api' ? [''] : groups;
      for (const name of wanted) {
        const group = body.items.find((each) => (each.metadata.name ?? '') === name);
        const [version] = group?.versions ?? [];
        const named = ours[name === '' ? '/api/v1' : `/apis/${name}/v1`] ?? [];
        note(name, {
          ...version,
          resources: version?.resources.filter(({ resource }) => named.includes(resource ?? '')),
        });
      }
    });
  }

  behaviour('is not sent again to who has it', async ({ peek, note }) => {
    const { headers } = await peek('GET', '/api', undefined, { accept: aggregated });
    const again = await peek('GET', '/api', undefined, {
      accept: aggregated,
      headers: { 'if-none-match': headers['etag']?.[0] ?? '' },
    });
    note('again', [again.status, again.text]);
  });

  behaviour('takes a slash at the end', async ({ send }) => {
    for (const path of ['/api/', '/healthz/', '/nowhere/']) await send('GET', path);
  });
});

interface Aggregated {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly { readonly resources: readonly Resource[] }[];
  }[];
  readonly [field: string]: unknown;
}

/** Of the real server's checks those that the sandbox has, too. */
const checks = ['ping', 'etcd', 'poststarthook/rbac/bootstrap-roles'];
const isOurs = (line: string) => checks.some((check) => line.startsWith(`[+]${check} `)) || /etcd|shutdown/u.test(line);

describe('the server', () => {
  behaviour('tells its version', async ({ peek, note }) => {
    const { body, headers } = await peek('GET', '/version', undefined, { as: 'anonymous' });
    note('fields', Object.keys(body).toSorted());
    note('as', headers['content-type']);
    note('version', [/^v\d+\.\d+\.\d+/u.test(String(body['gitVersion'])), /^\d+$/u.test(String(body['minor']))]);
  });

  behaviour('tells that it is well', async ({ send, peek, note }) => {
    for (const path of ['/healthz', '/livez', '/readyz', '/healthz/ping', '/livez/ping', '/readyz/ping']) {
      expect((await send('GET', path)).text).toBe('ok');
    }
    for (const path of ['/healthz', '/livez', '/readyz']) {
      const { text, headers } = await peek('GET', `${path}?verbose`);
      note(`${path}?verbose`, [text.split('\n').at(0), text.split('\n').at(-2), text.at(-1), headers['content-type']]);
    }
    await send('HEAD', '/healthz');
    await send('POST', '/healthz', {});
  });

  behaviour('tells how each of its checks is by name', async ({ send }) => {
    for (const path of [...checks.map((check) => `/healthz/${check}`), '/readyz/etcd-readiness', '/readyz/shutdown']) {
      expect((await send('GET', path)).text).toBe('ok');
    }
    for (const query of ['verbose', 'exclude=etcd']) await send('GET', `/livez/etcd?${query}`);
    for (const none of ['/healthz/nonsense', '/healthz/etcd-readiness', '/livez/shutdown', '/livez/poststarthook']) {
      expect((await send('GET', none)).status).toBe(404);
    }
    await send('GET', '/healthz/ping/');
    await send('GET', '/livez/etcd', undefined, { as: 'anonymous' });
  });

  behaviour('tells of all checks at once, and which ones do not count', async ({ peek, send, note }) => {
    for (const path of ['/healthz', '/livez', '/readyz']) {
      expect((await send('GET', `${path}?exclude=etcd`)).text).toBe('ok');
      for (const query of [
        'verbose',
        'verbose=false',
        'verbose&exclude=etcd',
        'verbose&exclude=x&exclude=b&exclude=x&exclude=ping',
      ]) {
        const { text, headers, status } = await peek('GET', `${path}?${query}`);
        const shown = text.split('\n').filter((line) => !line.startsWith('[') || isOurs(line));
        note(`${path}?${query}`, [status, headers['content-type'], headers['x-content-type-options'], shown]);
      }
    }
  });

  behaviour('lists its paths at its root', async ({ peek, note }) => {
    const { body } = await peek<{ paths: string[] }>('GET', '/');
    const some = [
      '/api',
      '/api/v1',
      '/apis',
      '/apis/rbac.authorization.k8s.io/v1',
      '/healthz',
      '/version',
      '/openid/v1/jwks',
    ];
    note(
      'paths',
      some.filter((path) => body.paths.includes(path)),
    );
  });

  behaviour('tells its OpenID configuration to every ServiceAccount', async (server) => {
    await server.send('GET', '/.well-known/openid-configuration', undefined, await accountOf(server));
  });

  behaviour('gives the keys that its tokens are signed with', async (server) => {
    const { as } = await accountOf(server);
    const { peek, note } = server;
    const answer = await peek<{ keys: Record<string, string>[] }>('GET', '/openid/v1/jwks', undefined, {
      as,
      accept: '*/*',
    });
    const [header = ''] = (as as { token: string }).token.split('.');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
    expect(answer.body.keys.map((key) => key['kid'])).toContain(kid);
    note('as', [answer.headers['content-type'], answer.headers['cache-control']]);
    note(
      'fields',
      answer.body.keys.map((key) => [key['use'], Object.keys(key).includes('kty')]),
    );
    const refused = await peek('GET', '/openid/v1/jwks', undefined, { as });
    note('as application/json', [refused.status, refused.text]);
  });

  behaviour('has an OpenAPI description for each version', async ({ peek, note }) => {
    const { body } = await peek<{ paths: Record<string, unknown> }>('GET', '/openapi/v3');
    const some = ['api/v1', 'apis/rbac.authorization.k8s.io/v1'];
    note(
      'paths',
      some.filter((path) => body.paths[path] !== undefined),
    );
  });
});
