import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { behaviour } from './behaviour.ts';
import type { Answer } from './recorder.ts';

const meta = 'g=meta.k8s.io';
const discovery = 'g=apidiscovery.k8s.io;as=APIGroupDiscoveryList';

/** What the sandbox does not write, and so does not name among what it does. */
const others = /, application\/(?:vnd\.kubernetes\.protobuf(?:;stream=watch)?|json;stream=watch)/gu;
const isYaml = ({ headers }: Answer<unknown>) => headers['content-type']?.[0]?.startsWith('application/yaml') === true;
/** An answer but for its resources: whether it is indented, too. */
const shown = (answer: Answer<{ kind?: string; apiVersion?: string; message?: string; code?: number }>) => {
  const { apiVersion, code, kind, message } = isYaml(answer) ? (parse(answer.text) as typeof answer.body) : answer.body;
  return [
    answer.status,
    answer.headers['content-type'],
    [kind, apiVersion, code, message?.replaceAll(others, '')],
    [answer.text.startsWith('{\n'), answer.text.endsWith('\n'), answer.text.endsWith('\n\n')],
  ];
};

const accepted = [
  '',
  '*/*',
  '*',
  'application/*',
  'application/*;q=0.5',
  'text/html',
  'text/*',
  'TEXT/HTML',
  'APPLICATION/JSON',
  'application/yaml',
  'application/json;q=0.5,application/yaml',
  'application/yaml;q=0.5,*/*',
  'application/yaml;q=0.5,application/json;q=0.7',
  'text/html,*/*;q=0.1',
  'application/json;q=0',
  'application/json;q=x,application/yaml',
  ';;;',
  ',',
  'application/json;;;',
  'application/json;charset=utf-8',
  'application/json;pretty=1',
  'application/json;pretty=true',
  'application/yaml;pretty=1',
  'application/json;stream=watch',
  'application/json;stream=other',
  'application/json;sv=v1',
  'application/json;sv=v2',
  'text/plain, application/json',
  'application/json/more, application/yaml',
];

const converted = [
  'application/json;as=Table',
  `application/json;${meta}`,
  `application/json;as=Table;v=v9;${meta}`,
  `application/json;as=Nonsense;v=v1;${meta}`,
  'application/json;as=Table;v=v1;g=nonsense',
  `application/json;as=Nonsense;v=v1;${meta},application/yaml`,
  `application/json ; as=Table ; v=v1 ; ${meta}`,
  `application/yaml;as=Table;v=v1;${meta}`,
  `application/json;as=Table;v=v1;${meta};pretty=1`,
  `application/json;as=Table;v=v1beta1;${meta}`,
  `application/json;as=PartialObjectMetadata;v=v1beta1;${meta}`,
  `application/json;as=PartialObjectMetadata;v=v1;${meta},application/json;as=Table;v=v1;${meta}`,
];

describe('an Accept header', () => {
  for (const [what, resource, name] of [
    ['an object', 'configmaps', 'kube-root-ca.crt'],
    ['an object that is missing', 'configmaps', 'missing'],
  ] as const) {
    behaviour(`is read to the last parameter for ${what}`, async ({ note, path, peek }) => {
      for (const accept of [...accepted, ...converted]) {
        note(accept, shown(await peek('GET', path(resource, name), undefined, { accept })));
      }
    });
  }

  behaviour('is read to the last parameter for a list', async ({ note, path, peek }) => {
    for (const accept of [
      ...accepted,
      ...converted,
      `application/json;as=PartialObjectMetadataList;v=v1beta1;${meta}`,
    ]) {
      note(accept, shown(await peek('GET', path('secrets'), undefined, { accept })));
    }
  });

  for (const at of [
    '/api',
    '/apis',
    '/api/v1',
    '/apis/rbac.authorization.k8s.io',
    '/apis/rbac.authorization.k8s.io/v1',
    '/version',
    '/openid/v1/jwks',
    '/.well-known/openid-configuration',
    '/healthz',
    '/nowhere',
    '/api/v2',
  ]) {
    behaviour(`is read to the last parameter for ${at}`, async ({ note, peek }) => {
      for (const accept of [...accepted, ...converted])
        note(accept, shown(await peek('GET', at, undefined, { accept })));
    });
  }

  behaviour('is read before anything is made or told', async ({ note, path, peek }) => {
    for (const accept of ['text/html', 'application/*', `application/json;as=Nonsense;v=v1;${meta}`]) {
      note(accept, shown(await peek('POST', path('configmaps'), { metadata: { name: 'x' } }, { accept })));
      note(
        'a watch',
        shown(await peek('GET', `${path('secrets')}?watch=true&timeoutSeconds=1`, undefined, { accept })),
      );
      note('a review', shown(await peek('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, { accept })));
      note('nobody', shown(await peek('GET', path('secrets'), undefined, { accept, as: 'anonymous' })));
    }
    expect((await peek('GET', path('configmaps', 'x'))).status).toBe(404);
  });

  behaviour('for YAML is answered with what went wrong in YAML', async ({ note, path, peek }) => {
    const accept = 'application/yaml';
    for (const [method, at, body] of [
      ['GET', path('secrets', 'missing'), undefined],
      ['GET', `${path('secrets')}?limit=x`, undefined],
      ['GET', '/api/v1/nonsense', undefined],
      ['PUT', path('secrets'), {}],
      ['POST', path('secrets'), { metadata: { name: 'Upper' } }],
    ] as const) {
      const answer = await peek(method, at, body, { accept });
      note(`${method} ${at}`, [shown(answer), parse(answer.text)]);
    }
    const refused = await peek('GET', path('secrets'), undefined, { accept, as: 'anonymous' });
    note('nobody', [shown(refused), parse(refused.text)]);
    const wrong = await peek('GET', '/api', undefined, {
      accept,
      headers: { authorization: 'Bearer x' },
      as: 'anonymous',
    });
    note('somebody', [shown(wrong), parse(wrong.text)]);
  });

  behaviour('for discovery at once is met wherever it stands', async ({ note, peek }) => {
    for (const at of ['/api', '/apis', '/api/', '/apis/', '/api/v1', '/apis/rbac.authorization.k8s.io']) {
      for (const accept of [
        `application/json;v=v2;${discovery}`,
        `application/json;v=v2;${discovery},application/json`,
        `application/json,application/json;v=v2;${discovery}`,
        `application/yaml;v=v2;${discovery}`,
        `application/json;v=v2beta1;${discovery}`,
        `application/json;v=v2beta1;${discovery},application/json`,
        `application/json;v=v2;${discovery};profile=nopeer`,
        `application/json;v=v2;as=APIGroupDiscoveryList`,
      ]) {
        const answer = await peek('GET', at, undefined, { accept });
        const { etag, vary } = answer.headers;
        note(`${at} ${accept}`, [shown(answer), answer.headers['cache-control'], vary, etag?.length]);
      }
    }
  });
});

describe('JSON', () => {
  behaviour('is indented as `pretty` and the client ask for', async ({ note, path, peek }) => {
    for (const pretty of ['true', 'TRUE', '1', 't', 'false', '0', 'f', 'yes', 'x', '', '2', 'tRUE']) {
      for (const agent of ['contract/1.0', 'curl/8.0.0', 'Wget/1.0']) {
        for (const at of [
          path('configmaps', 'kube-root-ca.crt'),
          path('secrets', 'missing'),
          '/api',
          '/version',
          '/healthz',
          '/openid/v1/jwks',
        ]) {
          const answer = await peek('GET', `${at}?pretty=${pretty}`, undefined, {
            headers: { 'user-agent': agent },
            accept: '*/*',
          });
          note(`${at} ${pretty} ${agent}`, [answer.text.startsWith('{\n'), answer.text.endsWith('\n')]);
        }
      }
    }
  });
});
