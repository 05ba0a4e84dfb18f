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
      const wide = format === 'wide';
      const { header, rows } = columns(list, wide);
      const asked = probes?.map((each) => probeCells(each, wide)) ?? [];
      return renderTable(
        [...header, ...(probes === undefined ? [] : wide ? wideProbeHeader : probeHeader)],
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
const wideProbeHeader = [...probeHeader, 'CERTIFICATE ISSUER', 'CERTIFICATE NAMES', 'ERROR'];

function probeCells({ probe }: NamedProbe, wide: boolean): (string | undefined)[] {
  const { certificate, error } = probe;
  return [
    probe.reachable ? 'yes' : 'no',
    probe.version,
    probe.latencyMs === undefined ? undefined : `${Math.round(probe.latencyMs)}ms`,
    certificate?.notAfter.slice(0, 10),
    probe.user,
    ...(wide ? [certificate?.issuer, certificate?.subjectAltNames.join(','), error?.reason] : []),
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
    certificateNotBefore: certificate?.notBefore ?? null,
    certificateNotAfter: certificate?.notAfter ?? null,
    certificateIssuer: certificate?.issuer ?? null,
    certificateSubjectAltNames: certificate?.subjectAltNames ?? null,
    user: probe.user ?? null,
    ...(error === undefined ? {} : { error: { reason: error.reason, message: error.message } }),
  };
}
