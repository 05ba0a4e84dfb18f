import type { Credential } from '../model/credential.ts';
import { renderYaml } from '../system/yaml.ts';

/** `-o json`: the credential as one document of `kube-sa-token/v1`, its token included. */
export function renderJson(credential: Credential): string {
  return `${JSON.stringify(documentOf(credential), undefined, 2)}\n`;
}

/** `-o yaml`: the same document. */
export function renderYamlDocument(credential: Credential): Promise<string> {
  return renderYaml(documentOf(credential));
}

function documentOf({ token, certificateAuthorityData, ...credential }: Credential): object {
  return {
    apiVersion: 'kube-sa-token/v1',
    kind: 'ServiceAccountCredential',
    ...credential,
    token: token.reveal(),
    certificateAuthorityData,
  };
}
