import { configMaps } from './config-map.ts';
import { events } from './event.ts';
import { namespaces } from './namespace.ts';
import { pods } from './pod.ts';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from './rbac.ts';
import type { ResourceType } from './resource-type.ts';
import { secrets } from './secret.ts';
import { services } from './service.ts';
import { serviceAccounts } from './service-account.ts';

/** All that the store holds, in the order of discovery. */
export const storedTypes: readonly ResourceType[] = [
  configMaps,
  events,
  namespaces,
  pods,
  secrets,
  serviceAccounts,
  services,
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles,
];

export function findType(group: string, version: string, resource: string): ResourceType | undefined {
  return storedTypes.find((type) => type.group === group && type.version === version && type.resource === resource);
}
