import { createPrivateKey, X509Certificate } from 'node:crypto';
import { RefusedError, UsageError } from '../../model/errors.ts';
import type { KeptFoundation } from '../foundation.ts';
import { storedTypes } from '../kinds/table.ts';
import { isRecord } from '../object/object.ts';
import type { StoreContent } from '../store/store.ts';

/** What is left of a sandbox when it has ended, and what another one goes on from. */
export interface State extends KeptFoundation, StoreContent {
  readonly port: number;
  /** Whether this is all that it held. One that was killed may have made changes since. */
  readonly complete: boolean;
}

const version = 'v1';
const header = { apiVersion: `kube-sa-token/${version}`, kind: 'SandboxState' };

export function renderState(state: State): string {
  return `${JSON.stringify({ ...header, ...state })}\n`;
}

/**
 * @throws {RefusedError} It is something else.
 * @throws {UsageError} It is damaged, or of another version of this program.
 */
export function parseState(text: string, path: string): State {
  const begin = /^\{"apiVersion":"kube-sa-token\/(\w+)","kind":"SandboxState",/u.exec(text);
  if (begin === null) {
    throw new RefusedError(`Cannot use "${path}": no sandbox has written it`, {
      reason: 'FileNotOurs',
      hint: 'Name another file, or remove it',
    });
  }
  if (begin[1] !== version) {
    throw new UsageError(
      `Cannot use "${path}": it is of version ${begin[1]}, and this program knows ${version} alone`,
      {
        reason: 'StateVersionUnknown',
        hint: 'Use the program that wrote it, or name another file',
      },
    );
  }
  const state = parsed(text);
  const why = typeof state === 'string' ? state : flawOf(state);
  if (why === undefined) return state as unknown as State;
  throw new UsageError(`Cannot use "${path}": it is damaged: ${why}`, {
    reason: 'StateDamaged',
    hint: 'Restore it from a copy, or name another file',
  });
}

function parsed(text: string): Record<string, unknown> | string {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return 'it is not complete JSON';
  }
}

/** What is wrong with it, by the name of the field; undefined if nothing is. */
function flawOf({ admin, authority, complete, objects, port, revision, signingKey }: Record<string, unknown>) {
  const checks: readonly [field: string, isGood: boolean][] = [
    ['port', Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536],
    ['complete', typeof complete === 'boolean'],
    ['revision', Number.isSafeInteger(revision) && Number(revision) > 0],
    ['authority', isCertificate(authority)],
    ['admin', isCertificate(admin)],
    ['signingKey', isKey(signingKey) && /^(?:ES|RS)256$/u.test(String(signingKey['algorithm']))],
    ['objects', isRecord(objects) && Object.entries(objects).every(([resource, all]) => isTable(resource, all))],
  ];
  const flaw = checks.find(([, isGood]) => !isGood);
  return flaw && `its field "${flaw[0]}" makes no sense`;
}

function isCertificate(value: unknown): boolean {
  return isKey(value) && isMade(() => new X509Certificate(String(value['certPem'])));
}

function isKey(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && isMade(() => createPrivateKey(String(value['keyPem'])));
}

function isMade(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}

function isTable(resource: string, objects: unknown): boolean {
  const type = storedTypes.find((one) => one.resource === resource);
  return type !== undefined && Array.isArray(objects) && objects.every((object) => isObject(object, type.kind));
}

function isObject(object: unknown, kind: string): boolean {
  if (!isRecord(object) || object['kind'] !== kind || !isRecord(object['metadata'])) return false;
  const { name, resourceVersion, uid } = object['metadata'];
  return [name, resourceVersion, uid].every((field) => typeof field === 'string');
}
