import { renderJson, renderYamlDocument } from '../../export/document.ts';
import { renderName, renderSummary } from '../../export/summary.ts';
import { renderToken } from '../../export/token.ts';
import type { Credential } from '../../model/credential.ts';
import type { OutputFormat } from './input.ts';

/** A credential in the format of `-o`; the bare token gets a newline on a terminal only, as from kubectl. */
export async function renderCredential(
  credential: Credential,
  format: OutputFormat,
  { newline }: { newline: boolean },
): Promise<string> {
  switch (format) {
    case 'token':
      return `${renderToken(credential)}${newline ? '\n' : ''}`;
    case 'json':
      return renderJson(credential);
    case 'yaml':
      return renderYamlDocument(credential);
    case 'name':
      return renderName(credential);
    case 'summary':
      return renderSummary(credential);
  }
}
