import { describe, expect } from 'vitest';
import { documentNames, type OpenApiSchemas, schemasFor } from '../../lib/sandbox/discovery/openapi.ts';
import { behaviour } from './behaviour.ts';

interface Document {
  readonly openapi: string;
  readonly components: { readonly schemas: OpenApiSchemas };
  readonly paths: Readonly<Record<string, { readonly patch?: { readonly parameters: readonly { name: string }[] } }>>;
}

const rbac = '/openapi/v3/apis/rbac.authorization.k8s.io/v1';
const protobuf = 'application/com.github.proto-openapi.spec.v9@v1.0+protobuf';

describe('OpenAPI', () => {
  for (const name of documentNames) {
    behaviour(`describes the types of ${name} to the last field`, async ({ peek, note }) => {
      const { body, status } = await peek<Document>('GET', `/openapi/v3/${name}`);
      expect(status).toBe(200);
      // where this drifts: scripts/dev/openapi-schemas.mjs
      for (const [id, schema] of Object.entries(schemasFor(name, body.components.schemas))) note(id, schema);
    });
  }

  behaviour('describes the same types in version 2', async ({ peek, note }) => {
    const { body } = await peek<{ swagger: string; definitions: OpenApiSchemas }>('GET', '/openapi/v2');
    note('version', body.swagger);
    const text = JSON.stringify(body.definitions).replaceAll('#/definitions/', '#/components/schemas/');
    for (const name of documentNames) {
      const schemas = Object.entries(schemasFor(name, JSON.parse(text) as OpenApiSchemas));
      expect(schemas).not.toEqual([]);
      for (const [id, schema] of schemas) note(id, schema);
    }
  });

  behaviour('says that a PATCH takes fieldValidation', async ({ peek, note }) => {
    const { body } = await peek<Document>('GET', rbac);
    for (const kind of ['roles', 'rolebindings']) {
      const at = `/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/${kind}/{name}`;
      note(
        kind,
        body.paths[at]?.patch?.parameters.map(({ name }) => name),
      );
    }
  });

  behaviour('has an address for each document that changes with it', async ({ peek, note }) => {
    const { body, headers } = await peek<{ paths: Record<string, { serverRelativeURL: string }> }>(
      'GET',
      '/openapi/v3',
    );
    note('as', headers['content-type']);
    const address = body.paths['apis/rbac.authorization.k8s.io/v1']?.serverRelativeURL ?? '';
    const [, hash = ''] = address.split('?hash=');
    const shown = (text: string) => text.replaceAll(hash, '<hash>');
    note('address', shown(address));
    for (const [at, etag] of [
      [address, undefined],
      [address, `"${hash}"`],
      [rbac, undefined],
      [rbac, `"${hash}"`],
      [`${rbac}?hash=`, undefined],
      [`${rbac}?hash=0`, undefined],
    ] as const) {
      const answer = await peek('GET', at, undefined, etag === undefined ? {} : { headers: { 'if-none-match': etag } });
      const named = ['cache-control', 'content-type', 'etag', 'location', 'vary'].map((name) => [
        name,
        answer.headers[name]?.map(shown),
      ]);
      note(`${shown(at)} ${shown(etag ?? '')}`, [answer.status, answer.text === '', named]);
    }
  });

  behaviour('has nothing else, and no form that is not asked for', async ({ peek, send, note }) => {
    for (const path of ['/openapi/v3/', '/openapi/v3/apis/nonsense/v1', '/openapi', '/openapi/v4']) {
      await send('GET', path);
    }
    for (const [path, accept] of [
      [rbac, 'text/html'],
      [rbac, 'application/yaml'],
      [rbac, protobuf],
      [rbac, '*/*'],
      ['/openapi/v2', 'application/yaml'],
      ['/openapi/v2', 'application/json'],
      ['/openapi/v2', 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'],
      ['/openapi/v2', 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf, application/json'],
    ] as const) {
      const { headers, status } = await peek('GET', path, undefined, { accept });
      note(`${path} as ${accept}`, [status, headers['content-type'], headers['vary']]);
    }
  });
});
