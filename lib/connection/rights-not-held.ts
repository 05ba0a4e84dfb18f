import { escapeLine } from '../model/escape.ts';

/** Rules that a message names. */
const most = 3;

/**
 * What somebody lacks who wanted to give it, in the words of `--allow`: `get,list pods, get deployments.apps and 12
 * more rules`. From the words of RBAC (kubernetes: pkg/apis/rbac/validation, ConfirmNoEscalation, and rbac/v1 PolicyRule
 * CompactString): `… not currently held: {APIGroups:["apps"], Resources:["deployments"], Verbs:["get"]}`.
 *
 * @returns undefined for any other message.
 */
export function rightsNotHeld(message: string): string | undefined {
  const [, list] = /is attempting to grant RBAC permissions not currently held:([\s\S]*)/u.exec(message) ?? [];
  if (list === undefined) return undefined;
  const rules = [...list.matchAll(/\{[A-Z]\w+:\[[^{}]*\}/gu)].map(([rule]) => renderRule(rule));
  if (rules.length === 0) return 'some of them';
  const more = rules.length - most;
  const named = escapeLine(rules.slice(0, most).join(', '));
  return more > 0 ? `${named} and ${more} more rule${more === 1 ? '' : 's'}` : named;
}

function renderRule(rule: string): string {
  const values = (field: string) =>
    [...(new RegExp(`${field}:\\[([^\\]]*)\\]`, 'u').exec(rule)?.[1] ?? '').matchAll(/"([^"]*)"/gu)].map(
      ([, value = '']) => value,
    );
  const [group = ''] = values('APIGroups');
  const resources = values('Resources').map((resource) => (group === '' ? resource : `${resource}.${group}`));
  return `${values('Verbs').join(',')} ${[...resources, ...values('NonResourceURLs')].join(',')}`;
}
