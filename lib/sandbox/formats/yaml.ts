import { isUtf8 } from 'node:buffer';
import type { Document } from 'yaml';
import { yamlProblem } from './yaml-problem.ts';
import { YamlError, type Yaml } from './yaml-error.ts';
import { yamlValue } from './yaml-value.ts';

/**
 * Reads the first document of a YAML text as kube-apiserver does: YAML 1.1, with its `yes` and `0777`, but with dates as
 * texts.
 *
 * @throws {YamlError}
 */
export async function parseYaml(bytes: Uint8Array): Promise<Yaml> {
  if (!isUtf8(bytes)) throw new YamlError('yaml: invalid leading UTF-8 octet');
  const text = Buffer.from(bytes).toString();
  // oxlint-disable-next-line no-control-regex -- they are what is not allowed
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/u.test(text)) throw new YamlError('yaml: control characters are not allowed');
  if (/^%YAML (?!1\.1\s)/u.test(text)) throw new YamlError('yaml: found incompatible YAML document');
  const { isCollection, LineCounter, parseAllDocuments } = await import('yaml');
  const lines = new LineCounter();
  const [document] = parseAllDocuments(text, {
    version: '1.1',
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !tag.tag.endsWith(':timestamp')),
    lineCounter: lines,
    logLevel: 'silent',
    prettyErrors: false,
    uniqueKeys: false,
  }) as readonly Parsed[];
  if (document === undefined) return { value: null, oddities: [] };
  const { contents, errors } = document;
  // behind braces that are closed nobody reads on
  const isFlow = isCollection(contents) && contents.flow === true;
  const error = errors.find(({ message }) => !isFlow || !/at node end|token in YAML stream/u.test(message));
  if (error !== undefined) throw new YamlError(yamlProblem(error, text, lines));
  return await yamlValue(contents, lines);
}

type Parsed = Pick<Document.Parsed, 'contents' | 'errors'>;
