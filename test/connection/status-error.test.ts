import { describe, expect, test } from 'vitest';
import type { CallContext } from '../../lib/connection/call-context.ts';
import { statusError, statusObjectError } from '../../lib/connection/status-error.ts';
import {
  DeniedError,
  type KubeSaTokenError,
  NotFoundError,
  ServerError,
  UnreachableError,
} from '../../lib/model/errors.ts';

const context: CallContext = {
  doing: 'create a Secret in namespace "ci"',
  server: 'https://10.0.0.1:6443',
  proxy: undefined,
  context: 'dev',
  cluster: 'dev-cluster',
  trust: 'certificate-authority-data',
  identity: 'user "jane"',
};

const jsonType = { 'content-type': 'application/json' };
const status = (code: number, reason: string, message: string, details: object = {}) =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code });

const task = 'Cannot create a Secret in namespace "ci" of context "dev"';
const call = 'Cannot create a Secret in namespace "ci": https://10.0.0.1:6443 of context "dev"';

interface Case {
  code: number;
  body: string;
  headers?: Record<string, string>;
  type: new (...args: never[]) => KubeSaTokenError;
  reason: string;
  message: string;
}

const quota = 'secrets "x" is forbidden: exceeded quota: q, requested: secrets=1, used: secrets=1, limited: secrets=1';
const terminating =
  'secrets "x" is forbidden: unable to create new content in namespace ci because it is being terminated';
const rbac = 'secrets is forbidden: User "jane" cannot create resource "secrets" in API group "" in the namespace "ci"';

describe('statusError() makes of', () => {
  test.each<Case>([
    {
      code: 400,
      body: status(400, 'BadRequest', 'no'),
      type: ServerError,
      reason: 'BadRequest',
      message: `${task}: no`,
    },
    {
      code: 401,
      body: status(401, 'Unauthorized', 'Unauthorized'),
      type: DeniedError,
      reason: 'Unauthorized',
      message: `${task}: the API server refuses the credential of user "jane" (401 Unauthorized)`,
    },
    {
      code: 401,
      body: '',
      type: DeniedError,
      reason: 'Unauthorized',
      message: `${task}: the API server refuses the credential of user "jane" (401 Unauthorized)`,
    },
    {
      code: 401,
      body: status(401, 'Unauthorized', 'token expired'),
      type: DeniedError,
      reason: 'Unauthorized',
      message: `${task}: the API server refuses the credential of user "jane" (401 Unauthorized): token expired`,
    },
    {
      code: 403,
      body: status(403, 'Forbidden', rbac),
      type: DeniedError,
      reason: 'Forbidden',
      message: `${task}: ${rbac}`,
    },
    {
      code: 403,
      body: status(403, 'Forbidden', quota),
      type: DeniedError,
      reason: 'QuotaExceeded',
      message: `${task}: ${quota}`,
    },
    {
      code: 403,
      body: status(403, 'Forbidden', terminating, {
        causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }],
      }),
      type: DeniedError,
      reason: 'NamespaceTerminating',
      message: `${task}: ${terminating}`,
    },
    {
      code: 403,
      body: 'Access denied by policy',
      headers: { 'content-type': 'text/plain' },
      type: DeniedError,
      reason: 'Forbidden',
      message: `${task}: the server answers 403 Forbidden: Access denied by policy`,
    },
    {
      code: 404,
      body: status(404, 'NotFound', 'namespaces "ci" not found'),
      type: NotFoundError,
      reason: 'NotFound',
      message: `${task}: namespaces "ci" not found`,
    },
    {
      code: 404,
      body: '404 page not found\n',
      headers: { 'content-type': 'text/plain' },
      type: NotFoundError,
      reason: 'NoSuchPath',
      message: `${task}: the server answers 404 Not Found: 404 page not found`,
    },
    {
      code: 409,
      body: status(409, 'AlreadyExists', 'secrets "x" already exists'),
      type: ServerError,
      reason: 'AlreadyExists',
      message: `${task}: secrets "x" already exists`,
    },
    {
      code: 409,
      body: status(409, 'Conflict', 'Operation cannot be fulfilled'),
      type: ServerError,
      reason: 'Conflict',
      message: `${task}: Operation cannot be fulfilled`,
    },
    {
      code: 410,
      body: status(410, 'Gone', 'too old resource version: 1 (5)'),
      type: ServerError,
      reason: 'Expired',
      message: `${task}: too old resource version: 1 (5)`,
    },
    {
      code: 415,
      body: '',
      type: ServerError,
      reason: 'UnsupportedMediaType',
      message: `${task}: the server answers 415 Unsupported Media Type`,
    },
    {
      code: 418,
      body: '',
      type: ServerError,
      reason: 'Status418',
      message: `${task}: the server answers 418`,
    },
    {
      code: 422,
      body: status(422, 'Invalid', 'Secret "x" is invalid: type: Required value'),
      type: ServerError,
      reason: 'Invalid',
      message: `${task}: Secret "x" is invalid: type: Required value`,
    },
    {
      code: 429,
      body: 'Too many requests, please try again later.\n',
      headers: { 'content-type': 'text/plain' },
      type: UnreachableError,
      reason: 'TooManyRequests',
      message: `${call} answers 429 Too Many Requests: Too many requests, please try again later.`,
    },
    {
      code: 500,
      body: status(500, '', 'etcdserver: request timed out'),
      type: UnreachableError,
      reason: 'InternalError',
      message: `${call} answers 500 Internal Server Error: etcdserver: request timed out`,
    },
    {
      code: 500,
      body: '<html><head><title>Oops</title></head></html>',
      headers: { 'content-type': 'text/html' },
      type: UnreachableError,
      reason: 'InternalError',
      message: `${call} answers 500 Internal Server Error: an HTML page "Oops", which no API server sends`,
    },
    { code: 502, body: '', type: UnreachableError, reason: 'BadGateway', message: `${call} answers 502 Bad Gateway` },
    {
      code: 503,
      body: status(503, 'ServiceUnavailable', 'apiserver not ready'),
      type: UnreachableError,
      reason: 'ServiceUnavailable',
      message: `${call} answers 503 Service Unavailable: apiserver not ready`,
    },
    {
      code: 504,
      body: status(504, 'Timeout', 'Timeout: Too large resource version'),
      type: UnreachableError,
      reason: 'Timeout',
      message: `${call} answers 504 Gateway Timeout: Timeout: Too large resource version`,
    },
    {
      code: 500,
      body: '{"kind":"Status","message":"cut o',
      headers: jsonType,
      type: UnreachableError,
      reason: 'InternalError',
      message: `${call} answers 500 Internal Server Error`,
    },
    {
      code: 403,
      body: '{"message":"no Route matched"}',
      headers: jsonType,
      type: DeniedError,
      reason: 'Forbidden',
      message: `${task}: the server answers 403 Forbidden: no Route matched`,
    },
    {
      code: 409,
      body: '{"kind":"Secret","data":{"token":"ZXlK"}}',
      headers: jsonType,
      type: ServerError,
      reason: 'Conflict',
      message: `${task}: the server answers 409 Conflict`,
    },
    {
      code: 302,
      body: '',
      headers: { location: 'https://sso.test/login?state=a-secret#x' },
      type: ServerError,
      reason: 'Redirected',
      message: `${call} redirects to "https://sso.test/login" (302), which is not followed`,
    },
    {
      code: 301,
      body: '',
      type: ServerError,
      reason: 'Redirected',
      message: `${call} redirects (301), which is not followed`,
    },
    {
      code: 403,
      body: status(403, 'Forbidden', 'a\u001B[2Jb\nc'),
      type: DeniedError,
      reason: 'Forbidden',
      message: `${task}: a\\x1b[2Jb c`,
    },
  ])('$code $body: $reason', ({ code, body, headers = jsonType, type, reason, message }) => {
    const error = statusError(code, body, headers, context);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ reason, message });
  });

  test('an answer to an anonymous call a hint that no credential was sent', () => {
    const anonymous = { ...context, identity: 'anonymous' };
    const hint = 'The call went out without a credential: the user of the kubeconfig has none';
    expect(statusError(401, '', {}, anonymous)).toMatchObject({
      hint,
      message: `${task}: the API server refuses a call without a credential (401 Unauthorized)`,
    });
    expect(statusError(403, status(403, 'Forbidden', rbac), jsonType, anonymous)).toMatchObject({ hint });
    expect(statusError(403, '', {}, { ...anonymous, server: 'http://10.0.0.1:8080' })).toMatchObject({
      hint: 'Over plain http no credential is sent: use the https address of the API server',
    });
  });

  describe('an answer to a call as somebody who is impersonated', () => {
    const impersonated = {
      ...context,
      identity: 'user "bob" (impersonated by user "jane")',
      impersonatedBy: 'user "jane"',
    };

    test.each([
      'users "bob" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope',
      'secrets is forbidden: User "jane" cannot impersonate-on:user-info:create resource "secrets" in API group ""',
    ])('that the caller may not: %s', (says) => {
      const error = statusError(403, status(403, 'Forbidden', says), jsonType, impersonated);
      expect(error).toBeInstanceOf(DeniedError);
      expect(error).toMatchObject({
        reason: 'ImpersonationDenied',
        message: `${task} as user "bob" (impersonated by user "jane"): ${says}`,
        hint: expect.stringMatching(/^User "jane" needs the right to impersonate: verb "impersonate" on users/u),
      });
    });

    test('that it is the credential of the caller which the server refuses', () => {
      expect(statusError(401, '', {}, impersonated)).toMatchObject({
        message: `${task}: the API server refuses the credential of user "jane" (401 Unauthorized)`,
        hint: 'The credential of user "jane" may have expired, or belong to another cluster',
      });
    });

    test('any other denial, which is that of the one who is impersonated', () => {
      const said = rbac.replace('jane', 'bob');
      const error = statusError(403, status(403, 'Forbidden', said), jsonType, impersonated);
      expect(error).toMatchObject({ reason: 'Forbidden', message: `${task}: ${said}` });
    });
  });

  test('a denial what the server said, apart from the words around it', () => {
    expect(statusError(403, status(403, 'Forbidden', rbac), jsonType, context)).toMatchObject({
      status: 403,
      said: rbac,
    });
  });

  test("Go's answer to plain http on a TLS port its cause", () => {
    const plain = { ...context, server: 'http://10.0.0.1:6443' };
    const error = statusError(400, 'Client sent an HTTP request to an HTTPS server.\n', {}, plain);
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error).toMatchObject({ reason: 'TlsOnPlainHttpPort', hint: 'Its address begins with https://' });
  });

  test('a very long answer a message of bearable length', () => {
    expect(statusError(500, 'x'.repeat(100_000), {}, context).message.length).toBeLessThan(1200);
  });
});

test('statusObjectError() leaves words alone that contain a credential too short to be one', () => {
  const sent = { authorization: 'Bearer t' };
  const status401 = { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'tokens are not taken' } as const;
  expect(statusObjectError(status401, sent, context).message).toContain('tokens are not taken');
});

test('statusObjectError() makes an error of the Status within a watch', () => {
  const sent = { authorization: 'Bearer janes-token' };
  const status410 = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old: janes-token' } as const;
  const error = statusObjectError(status410, sent, context);
  expect(error).toBeInstanceOf(ServerError);
  expect(error).toMatchObject({ reason: 'Expired', status: 410, message: `${task}: too old: [redacted]` });
  expect(statusObjectError({ kind: 'Status' }, {}, context)).toBeInstanceOf(UnreachableError);
});

describe('statusError() says which rights somebody lacks who wanted to give them', () => {
  const rule = (group: string, resource: string, verbs = '"get" "list"') =>
    `{APIGroups:["${group}"], Resources:["${resource}"], Verbs:[${verbs}]}`;
  test.each([
    [[rule('', 'pods')], 'get,list pods'],
    [[rule('apps', 'deployments', '"*"'), rule('', 'pods/log', '"get"')], '* deployments.apps, get pods/log'],
    [
      ['{NonResourceURLs:["/metrics"], Verbs:["get"]}', ...Array(60).fill(rule('', 'pods'))],
      'get /metrics, get,list pods, get,list pods and 58 more rules',
    ],
    [[], 'some of them'],
  ])('%#', (rules, lacks) => {
    const words = `roles "x" is forbidden: user "jane" (groups=["a"]) is attempting to grant RBAC permissions not currently held:\n${rules.join('\n')}`;
    const error = statusError(403, status(403, 'Forbidden', words), jsonType, context);
    expect(error).toBeInstanceOf(DeniedError);
    expect(error).toMatchObject({
      reason: 'RightsNotHeld',
      message: `${task}: RBAC lets nobody give rights that he does not have, and user "jane" lacks ${lacks}`,
      hint: expect.stringContaining('Give fewer rights'),
    });
  });
});
