import { renderTable } from '../../cli/table.ts';
import { renderYaml } from '../../system/yaml.ts';
import type { ClusterOrContextList, NamedProbe } from './probe.ts';

export type ListFormat = 'table' | 'wide' | 'json' | 'yaml' | 'name';

/**
 * The clusters, or the contexts, as `list-clusters` prints them.
 *
 * @param probes What asking them brought, in the order of the list.
 */
export async function renderList(
  list: ClusterOrContextList,
  format: ListFormat,
  probes?: readonly NamedProbe[],
): Promise<string> {
  switch (format) {
    case 'name':
      return list.items.map(({ name }) => `${list.kind === 'ClusterList' ? 'cluster' : 'context'}/${name}\n`).join('');
    case 'json':
      return `${JSON.stringify(documentOf(list, probes), undefined, 2)}\n`;
    case 'yaml':
      return renderYaml(documentOf(list, probes));
    case 'table':
    case 'wide': {
      const { header, rows } = columns(list, format === 'wide');
      const asked = probes?.map(probeCells) ?? [];
      return renderTable(
        [...header, ...(probes === undefined ? [] : probeHeader)],
        rows.map((row, index) => row.concat(asked[index] ?? [])),
      );
    }
  }
}

function columns(list: ClusterOrContextList, wide: boolean): { header: string[]; rows: (string | undefined)[][] } {
  const file = (path: string) => (wide ? [path] : []);
  if (list.kind === 'ClusterList') {
    return {
      header: ['CURRENT', 'NAME', 'SERVER', 'TRUST', 'CONTEXTS', ...file('FILE')],
      rows: list.items.map((item) => [
        item.current ? '*' : '',
        item.name,
        item.server,
        item.trust,
        item.contexts.join(','),
        ...file(item.file),
      ]),
    };
  }
  const marked = (name: string, missing: boolean) => `${name}${missing ? ' (missing)' : ''}`;
  return {
    // as kubectl config get-contexts
    header: ['CURRENT', 'NAME', 'CLUSTER', 'USER', 'NAMESPACE', ...file('FILE')],
    rows: list.items.map((item) => [
      item.current ? '*' : '',
      item.name,
      marked(item.cluster, item.missing.includes('cluster')),
      marked(item.user, item.missing.includes('user')),
      item.namespace,
      ...file(item.file),
    ]),
  };
}

const probeHeader = ['REACHABLE', 'VERSION', 'LATENCY', 'CERTIFICATE EXPIRES', 'SUBJECT'];

function probeCells({ probe }: NamedProbe): (string | undefined)[] {
  return [
    probe.reachable ? 'yes' : 'no',
    probe.version,
    probe.latencyMs === undefined ? undefined : `${Math.round(probe.latencyMs)}ms`,
    probe.certificate === undefined ? undefined : probe.certificate.notAfter.slice(0, 10),
    probe.user,
  ];
}

function documentOf({ items, kind }: ClusterOrContextList, probes?: readonly NamedProbe[]): object {
  return {
    apiVersion: 'kube-sa-token/v1',
    kind,
    items: items.map((item, index) => {
      const asked = probes?.[index];
      return asked === undefined ? item : { ...item, probe: probeDocument(asked) };
    }),
  };
}

function probeDocument({ context, probe }: NamedProbe): object {
  const { certificate, error } = probe;
  return {
    context: context ?? null,
    reachable: probe.reachable,
    version: probe.version ?? null,
    latencyMs: probe.latencyMs ?? null,
    certificateNotAfter: certificate?.notAfter ?? null,
    user: probe.user ?? null,
    ...(error === undefined ? {} : { error: { reason: error.reason, message: error.message } }),
  };
}
