import { renderTable } from '../../cli/table.ts';
import type { ClusterListItem, ContextListItem } from '../../kubeconfig/list.ts';
import { renderYaml } from '../../system/yaml.ts';

export type ListFormat = 'table' | 'wide' | 'json' | 'yaml' | 'name';

/** The clusters as `list-clusters` prints them. */
export function renderClusters(items: readonly ClusterListItem[], format: ListFormat): string {
  if (format === 'json' || format === 'yaml') return renderDocument('ClusterList', items, format);
  if (format === 'name') return items.map(({ name }) => `cluster/${name}\n`).join('');
  const wide = format === 'wide';
  return renderTable(
    ['CURRENT', 'NAME', 'SERVER', 'TRUST', 'CONTEXTS', ...(wide ? ['FILE'] : [])],
    items.map(({ contexts, current, file, name, server, trust }) => [
      current ? '*' : ' ',
      name,
      server,
      trust,
      contexts.join(','),
      ...(wide ? [file] : []),
    ]),
  );
}

/** The contexts as `list-clusters --contexts-only` prints them, in the columns of `kubectl config get-contexts`. */
export function renderContexts(items: readonly ContextListItem[], format: ListFormat): string {
  if (format === 'json' || format === 'yaml') return renderDocument('ContextList', items, format);
  if (format === 'name') return items.map(({ name }) => `context/${name}\n`).join('');
  const wide = format === 'wide';
  return renderTable(
    ['CURRENT', 'NAME', 'CLUSTER', 'USER', 'NAMESPACE', ...(wide ? ['FILE'] : [])],
    items.map(({ cluster, current, file, missing, name, namespace, user }) => [
      current ? '*' : ' ',
      name,
      `${cluster}${missing.includes('cluster') ? ' (missing)' : ''}`,
      `${user}${missing.includes('user') ? ' (missing)' : ''}`,
      namespace,
      ...(wide ? [file] : []),
    ]),
  );
}

export function renderDocument(kind: string, items: readonly object[], format: 'json' | 'yaml'): string {
  const document = { apiVersion: 'kube-sa-token/v1', kind, items };
  return format === 'json' ? `${JSON.stringify(document, undefined, 2)}\n` : renderYaml(document);
}
