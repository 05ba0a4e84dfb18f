import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';

describe('a path', () => {
  behaviour('is not cleaned of dots', async ({ send, path, namespace }) => {
    for (const at of [
      '/.',
      '/..',
      '/../',
      '/./version',
      '/api/..',
      '/api/.',
      '/api/../apis',
      '/api/v1/.',
      '/api/v1/..',
      `/api/v1/../v1/namespaces/${namespace}`,
      `/api/v1/namespaces/./${namespace}`,
      `/api/v1/namespaces/${namespace}/.`,
      `/api/v1/namespaces/${namespace}/..`,
      `${path('configmaps')}/./kube-root-ca.crt`,
    ]) {
      expect((await send('GET', at)).status).toBe(404);
    }
  });

  behaviour('is not cleaned of slashes', async ({ send, path, namespace }) => {
    for (const at of [
      '//',
      '///',
      '//api',
      '//version',
      '//healthz',
      '//api/v1/namespaces',
      '/api//v1',
      '/api/v1//namespaces',
      `/api/v1/namespaces//${namespace}/configmaps`,
      `/api/v1/namespaces/${namespace}//configmaps`,
      `${path('configmaps')}//kube-root-ca.crt`,
      '/apis//',
      '/apis//rbac.authorization.k8s.io/v1',
      `${rbac}//roles`,
      '/healthz//',
      '/openapi/v2/',
    ]) {
      expect((await send('GET', at)).status).toBe(404);
    }
  });

  behaviour('may end in slashes', async ({ send, peek, note, path, namespace }) => {
    for (const at of ['/api/', '/api//', '/apis/rbac.authorization.k8s.io/', '/apis/rbac.authorization.k8s.io//']) {
      expect((await send('GET', at)).status).toBe(200);
    }
    for (const at of [
      `/api/v1/namespaces/${namespace}/`,
      `/api/v1/namespaces/${namespace}//`,
      `${path('secrets')}/`,
      `${path('secrets')}//`,
      `${path('configmaps', 'kube-root-ca.crt')}/`,
      `${path('configmaps', 'kube-root-ca.crt')}//`,
    ]) {
      expect((await send('GET', at)).status).toBe(200);
    }
    for (const at of [
      '/api/v1//',
      '/apis/',
      '/version/',
      '/version//',
      '/.well-known/openid-configuration//',
      `${rbac}/`,
    ]) {
      const { body, status } = await peek('GET', at);
      note(at, [status, body['kind']]);
    }
    for (const at of [
      '/version/x',
      '/openid/v1/jwks/x',
      '/.well-known/openid-configuration/x',
      '/.well-known/',
      '/openid',
    ]) {
      expect((await send('GET', at)).status).toBe(404);
    }
  });

  behaviour('may have what is escaped in it, and then means that', async ({ send, path, namespace }) => {
    for (const at of [
      `/api/v1/n%61mespaces/${namespace}`,
      `/%61pi/%76%31/namespaces/${namespace}`,
      `/api%2Fv1%2fnamespaces%2F${namespace}`,
      `/api/v1/namespaces/${namespace}%2Fsecrets`,
      `${path('configmaps')}%2Fkube-root-ca.crt`,
      `${path('configmaps')}/kube-root-ca%2ecrt`,
      `${path('configmaps')}/kube-root-ca.crt%2F`,
    ]) {
      expect((await send('GET', at)).status).toBe(200);
    }
    for (const name of [
      'a%2Fb',
      'a%20b',
      'a+b',
      'a%3Fb',
      'a%23b',
      'a#b',
      'a;b',
      'a"b',
      'a%22b',
      'a\\b',
      'a<b>',
      '%E2%82%AC',
      '%00',
      '%0A',
      '%7F',
      ':x',
      'A_B',
      'x'.repeat(300),
    ]) {
      expect((await send('GET', path('configmaps', name))).status).toBe(404);
    }
  });

  behaviour('has no name in it that is no part of a path', async ({ send, path }) => {
    for (const name of ['.', '..', '%2e', '%2E%2e', 'a%25b']) {
      for (const resource of ['configmaps', 'namespaces', 'clusterroles']) {
        expect((await send('GET', path(resource, name))).status).toBe(400);
        expect((await send('DELETE', path(resource, name))).status).toBe(400);
      }
    }
    for (const namespace of ['.', '..', '%2e%2e']) await send('GET', `/api/v1/namespaces/${namespace}/secrets`);
  });

  behaviour('is no path where an escape is none', async ({ send }) => {
    for (const at of ['/%ZZ', '/%', '/version%', '/api/v1/namespaces/%2', '/api/v1/namespaces/%ZZ?limit=1']) {
      expect((await send('GET', at)).status).toBe(400);
    }
  });

  behaviour('may be part of a whole address, whose host does not count', async ({ send, namespace }) => {
    for (const at of [
      `https://elsewhere/api/v1/namespaces/${namespace}`,
      `https://elsewhere/%61pi`,
      'http:///healthz',
      'other://x/healthz',
    ]) {
      expect((await send('GET', at)).status).toBe(200);
    }
    for (const at of ['https://elsewhere', 'https://elsewhere?x', 'https://elsewhere//version']) {
      expect((await send('GET', at)).status).toBe(404);
    }
  });

  behaviour(
    'without a namespace in its place is of all, to read; there is none to write to',
    async ({ peek, send, note, path }) => {
      const { body, status } = await peek('GET', '/api/v1/namespaces//configmaps');
      note('a list', [status, body['kind']]);
      await send('POST', '/api/v1/namespaces//configmaps', { metadata: { name: 'x' } });
      await send('GET', '/api/v1/namespaces//configmaps/x');
      await send('DELETE', '/api/v1/namespaces//configmaps/x');
      await send('POST', `${path('serviceaccounts')}//token`, {});
    },
  );

  behaviour(
    'of an object leads nowhere without its namespace, nor with one that it does not have',
    async ({ send, path, namespace }) => {
      for (const at of [
        '/api/v1/secrets/x',
        '/api/v1/secrets/x/y',
        `${rbac}/roles/x`,
        `${rbac}/namespaces/${namespace}/clusterroles`,
        path('namespaces', `${namespace}/namespaces`),
        `${path('secrets', 'x')}/y/z`,
      ]) {
        expect((await send('GET', at)).status).toBe(404);
        await send('DELETE', at);
      }
    },
  );

  behaviour('that breaks off behind a special verb is of nothing', async ({ send }) => {
    for (const at of ['/api/v1/watch', '/api/v1/watch/', '/api/v1/proxy', `${rbac}/watch`]) {
      expect((await send('GET', at)).status).toBe(500);
    }
    await send('GET', '/api/v1/watch', undefined, { as: 'anonymous' });
  });

  behaviour('is told of byte by byte where it is no UTF-8', async ({ send, path }) => {
    for (const name of ['%FF', '%C3%28', 'a%80']) await send('GET', path('configmaps', name));
  });

  behaviour('may have bytes in it that are no ASCII, without an escape', async ({ send, path }) => {
    await send('GET', path('configmaps', '\u00E9'));
  });

  behaviour('of a part of a Pod is of the Pod', async ({ send, path }) => {
    for (const part of ['status', 'log', 'ephemeralcontainers']) await send('GET', path('pods', 'missing', part));
  });

  behaviour('of a part of a Service is of the Service', async ({ send, path }) => {
    await send('GET', path('services', 'missing', 'status'));
  });
});

describe('a method', () => {
  behaviour('counts for nothing where a group is told of', async ({ send }) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']) {
      expect((await send(method, '/apis/rbac.authorization.k8s.io')).status).toBe(200);
      await send(method, '/apis/rbac.authorization.k8s.io/');
      await send(method, '/apis/rbac.authorization.k8s.io//');
    }
  });

  behaviour('of others than kube-apiserver knows is not allowed', async ({ send, path }) => {
    for (const method of ['PROPFIND', 'OPTIONS', 'TRACE', 'LOCK']) {
      for (const at of [path('secrets'), path('secrets', 'x'), '/api', '/version', '/openid/v1/jwks']) {
        expect((await send(method, at)).status).toBe(405);
      }
    }
  });

  behaviour('that nobody knows is not allowed', async ({ send, path }) => {
    for (const at of [path('secrets'), '/api', '/version']) await send('FOO', at);
  });
});
