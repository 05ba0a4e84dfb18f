import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { decodeKubeconfig } from './decode.ts';
import { readDocument } from './document.ts';
import { normalizeText } from './source-text.ts';
import type { Kubeconfig } from './types.ts';

/**
 * Reads the text of one kubeconfig file as kubectl does: YAML 1.1 in go-yaml's dialect, its first document; an empty
 * text is an empty kubeconfig. Nothing is checked here but that it can be decoded.
 *
 * @param file Absolute path; entries keep it, and errors name it.
 * @throws {UsageError} Not YAML, or a value of the wrong kind. Says where and of what kind, and shows nothing of it.
 */
export async function parseKubeconfig(text: string, file: string): Promise<Kubeconfig> {
  const normal = normalizeText(text, (problem, offset) => failure(file, text, problem, offset));
  const document = await readDocument(normal, (problem, offset) => failure(file, normal, problem, offset));
  return decodeKubeconfig(document, file, (problem) => unusable(file, problem));
}

/** Throws the error of a file that is not YAML. */
export function failure(file: string, text: string, problem: string, offset?: number): never {
  return unusable(file, offset === undefined ? problem : `${problem} in ${placeOf(text, offset)}`);
}

function unusable(file: string, problem: string): never {
  throw new UsageError(`Cannot read kubeconfig "${escapeLine(file)}": ${problem}`, { reason: 'KubeconfigInvalid' });
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}`;
}
