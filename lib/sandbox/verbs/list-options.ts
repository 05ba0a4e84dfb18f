import { type FieldError, forbiddenField, invalidObject, notSupported } from '../field-error.ts';
import { readSelectors, type Selectors } from '../store/selectors.ts';
import { parseInteger } from './numbers.ts';

/** What the query of a list or watch asks for. */
export interface ListOptions extends Selectors {
  readonly watch: boolean;
  readonly bookmarks: boolean;
  /** Empty where none is asked for. */
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  /** 0 where none is asked for. */
  readonly timeoutSeconds: number;
  readonly limit: number;
  readonly from: string;
  readonly initialEvents: boolean | undefined;
}

/** @throws {ApiError} 400: one that cannot be read. */
export function readListOptions(query: URLSearchParams): ListOptions {
  const text = (name: string) => query.get(name) ?? '';
  return {
    watch: isTrue(query.get('watch')),
    bookmarks: isTrue(query.get('allowWatchBookmarks')),
    resourceVersion: text('resourceVersion'),
    resourceVersionMatch: text('resourceVersionMatch'),
    timeoutSeconds: parseInteger(query.get('timeoutSeconds')),
    limit: parseInteger(query.get('limit')),
    from: text('continue'),
    initialEvents: query.has('sendInitialEvents') ? isTrue(query.get('sendInitialEvents')) : undefined,
    ...readSelectors(query),
  };
}

/** As Go's query conversion takes a boolean: anything but these is true where the parameter is there. */
export function isTrue(value: string | null): boolean {
  return value !== null && !['false', '0'].includes(value.toLowerCase());
}

/**
 * What a list or watch asks for, for a watch without a revision with its initial events.
 *
 * @throws {ApiError} 400: an option that cannot be read. 422: options that do not go together.
 */
export function listOptions(query: URLSearchParams): ListOptions {
  const read = readListOptions(query);
  const isLegacy = read.initialEvents === undefined && read.resourceVersionMatch === '';
  const options =
    read.watch && isLegacy && ['', '0'].includes(read.resourceVersion)
      ? { ...read, initialEvents: true, resourceVersionMatch: 'NotOlderThan' }
      : read;
  const errors = options.watch ? watchErrors(options) : listErrors(options);
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
  return options;
}

const withContinue = forbiddenField(
  'resourceVersionMatch',
  'resourceVersionMatch is forbidden when continue is provided',
);

function listErrors({ from, initialEvents, resourceVersion, resourceVersionMatch: match }: ListOptions): FieldError[] {
  const refused = (why: string) => forbiddenField('resourceVersionMatch', why);
  const ofMatch = [
    resourceVersion === '' && refused('resourceVersionMatch is forbidden unless resourceVersion is provided'),
    from !== '' && withContinue,
    match !== 'Exact' &&
      match !== 'NotOlderThan' &&
      notSupported('resourceVersionMatch', match, ['Exact', 'NotOlderThan', '']),
    match === 'Exact' &&
      resourceVersion === '0' &&
      refused('resourceVersionMatch "exact" is forbidden for resourceVersion "0"'),
  ];
  return [
    ...(match === '' ? [] : ofMatch),
    initialEvents !== undefined && forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'),
  ].filter((error) => error !== false);
}

function watchErrors({ from, initialEvents, resourceVersionMatch: match }: ListOptions): FieldError[] {
  const refused = (why: string) => forbiddenField('resourceVersionMatch', why);
  const isOther = match !== 'NotOlderThan';
  const ofMatch = [
    initialEvents === undefined &&
      refused('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'),
    isOther && notSupported('resourceVersionMatch', match, ['NotOlderThan']),
    from !== '' && withContinue,
  ];
  return [
    initialEvents !== undefined &&
      isOther &&
      refused('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'),
    ...(match === '' ? [] : ofMatch),
  ].filter((error) => error !== false);
}
