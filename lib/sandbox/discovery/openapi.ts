import { storedTypes } from '../kinds/table.ts';

/** Groups and versions of which there is a document: `api/v1`, `apis/rbac.authorization.k8s.io/v1`. */
function documents(): string[] {
  return [
    ...new Set(storedTypes.map(({ group, version }) => (group === '' ? `api/${version}` : `apis/${group}/${version}`))),
  ];
}

/** Where the documents of OpenAPI v3 are. */
export function openApiPaths() {
  const entries = documents().map((name) => [name, { serverRelativeURL: `/openapi/v3/${name}?hash=0` }]);
  return { paths: Object.fromEntries(entries) as Record<string, unknown> };
}

/**
 * Of a group's document, what kubectl asks it: whether a resource's PATCH knows `fieldValidation`. The types of the
 * fields are not in it: kubectl has its own of the kinds that the sandbox keeps.
 */
export function openApiDocument(name: string) {
  if (!documents().includes(name)) return undefined;
  const types = storedTypes.filter(
    ({ group, version }) => name === (group === '' ? `api/${version}` : `apis/${group}/${version}`),
  );
  const entries = types.map(({ group, kind, namespaced, resource, version }) => {
    const path = `/${name}/${namespaced ? 'namespaces/{namespace}/' : ''}${resource}/{name}`;
    const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((one) => ({
      name: one,
      in: 'query',
      schema: { type: one === 'force' ? 'boolean' : 'string', uniqueItems: true },
    }));
    const operation = {
      parameters,
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group, kind, version },
    };
    return [path, { patch: { ...operation, responses: {} } }];
  });
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths: Object.fromEntries(entries) as Record<string, unknown>,
    components: {},
  };
}
