import { type KubeObject, type ObjectKey, withMetadata } from '../object/object.ts';

/** One change of one object. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  readonly resource: string;
  /** As it is since; of a deleted one, its last state with the revision of the delete. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
}

/** What etcd is to an API server: objects under one growing revision, and the changes of late. */
export interface Store {
  /** Of the last change. */
  readonly revision: number;
  /** The oldest revision from which changes are still known. */
  readonly oldest: number;
  get(resource: string, key: ObjectKey): KubeObject | undefined;
  /** In the order of the keys; all namespaces if none is named. */
  list(resource: string, namespace?: string): KubeObject[];
  /** The same as it was at a revision; undefined where that is forgotten. */
  listAt(resource: string, revision: number, namespace?: string): KubeObject[] | undefined;
  /** Keeps a new or changed object, and returns it with its resourceVersion. */
  put(resource: string, object: KubeObject): KubeObject;
  /** Returns its last state, with the revision of the delete. */
  remove(resource: string, key: ObjectKey): KubeObject | undefined;
  /** Changes after a revision, oldest first; undefined where they are forgotten. */
  changesAfter(resource: string, revision: number): Change[] | undefined;
  /** Calls with each change from now on, until the function that it returns is called. */
  subscribe(listener: (change: Change) => void): () => void;
  /** Forgets all changes until now, as etcd's compaction does. */
  compact(): void;
  content(): StoreContent;
}

/** What a store held: all objects by resource, and the revision of the last change. */
export interface StoreContent {
  readonly revision: number;
  readonly objects: Readonly<Record<string, readonly KubeObject[]>>;
}

/**
 * @param historyLimit How many changes are remembered.
 * @param content What it begins with. What came before is forgotten.
 */
export function createStore({
  historyLimit,
  content = { revision: 1, objects: {} },
}: {
  historyLimit: number;
  content?: StoreContent | undefined;
}): Store {
  const tables = new Map(
    Object.entries(content.objects).map(([resource, objects]) => [
      resource,
      new Map(objects.map((object) => [keyOf(object.metadata), object])),
    ]),
  );
  const listeners = new Set<(change: Change) => void>();
  let history: Change[] = [];
  let { revision } = content;
  let oldest = revision;

  const tableOf = (resource: string) => {
    const table = tables.get(resource) ?? new Map<string, KubeObject>();
    tables.set(resource, table);
    return table;
  };
  const record = (change: Change) => {
    history.push(change);
    if (history.length > historyLimit * 2) forget(history.length - historyLimit);
    for (const listener of listeners) listener(change);
  };
  const forget = (count: number) => {
    oldest = history[count - 1]?.revision ?? oldest;
    history = history.slice(count);
  };
  const next = (object: KubeObject) => {
    revision += 1;
    return withMetadata(object, { resourceVersion: String(revision) });
  };

  return {
    get revision() {
      return revision;
    },
    get oldest() {
      return oldest;
    },
    get: (resource, key) => tables.get(resource)?.get(keyOf(key)),
    list: (resource, namespace) => sorted(tableOf(resource).values(), namespace),
    listAt(resource, at, namespace) {
      if (at < oldest) return undefined;
      const past = new Map(tableOf(resource));
      for (const change of history.toReversed()) {
        if (change.revision <= at) break;
        if (change.resource !== resource) continue;
        const key = keyOf(change.object.metadata);
        if (change.previous === undefined) past.delete(key);
        else past.set(key, change.previous);
      }
      return sorted(past.values(), namespace);
    },
    put(resource, object) {
      const table = tableOf(resource);
      const key = keyOf(object.metadata);
      const previous = table.get(key);
      const stored = next(object);
      table.set(key, stored);
      record({ type: previous === undefined ? 'ADDED' : 'MODIFIED', revision, resource, object: stored, previous });
      return stored;
    },
    remove(resource, key) {
      const table = tableOf(resource);
      const previous = table.get(keyOf(key));
      if (previous === undefined) return undefined;
      const object = next(previous);
      table.delete(keyOf(key));
      record({ type: 'DELETED', revision, resource, object, previous });
      return object;
    },
    changesAfter(resource, after) {
      if (after < oldest) return undefined;
      return history.filter((change) => change.revision > after && change.resource === resource);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    compact: () => forget(history.length),
    content: () => ({
      revision,
      objects: Object.fromEntries([...tables].map(([resource, table]) => [resource, [...table.values()]])),
    }),
  };
}

/** As in etcd: `/ns/name` or `/name`. A slash sorts before all that a name may hold but `-` and `.`. */
export function keyOf({ namespace, name }: ObjectKey): string {
  return namespace === undefined ? `/${name}` : `/${namespace}/${name}`;
}

function sorted(objects: Iterable<KubeObject>, namespace: string | undefined): KubeObject[] {
  const wanted = [...objects].filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
  return wanted
    .map((object) => ({ key: keyOf(object.metadata), object }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ object }) => object);
}
