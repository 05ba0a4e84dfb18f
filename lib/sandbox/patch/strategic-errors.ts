import { goString, goText, goTypeOf } from '../object/go-text.ts';
import { type ApiError, badRequest, internal } from '../status.ts';

/** What is wrong with a strategic merge patch, in the words of kubernetes: apimachinery, mergepatch/errors.go. */

export function wrongFormat(of: 'primitive list' | 'retainKeys' | 'setElementOrder list'): ApiError {
  return badRequest(`invalid patch format of ${of}`);
}

export function unknownDirective(directive: unknown, map: unknown): ApiError {
  return internal(`unknown patch type: ${goString(directive)} in map: ${goText(map)}`);
}

export function noMergeKey(item: unknown, mergeKey: string): ApiError {
  return internal(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
}

export function wrongType(expected: '[]interface {}' | 'map[string]interface {}', value: unknown): ApiError {
  return internal(`expected a ${expected}, but received a ${goTypeOf(value)}`);
}
