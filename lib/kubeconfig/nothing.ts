import type { ClusterEntry, ContextEntry, UserEntry } from './types.ts';

/** The context where none is used. */
export const noContext: ContextEntry = { file: '', cluster: '', user: '', namespace: '', extensions: new Map() };

/** The cluster where flags alone say what it is. */
export const noCluster: ClusterEntry = {
  file: '',
  server: '',
  tlsServerName: '',
  insecureSkipTlsVerify: false,
  certificateAuthority: '',
  certificateAuthorityData: '',
  proxyUrl: '',
  disableCompression: false,
  extensions: new Map(),
};

/** The user where a kubeconfig has none: calls go out without a credential. */
export const noUser: UserEntry = {
  file: '',
  clientCertificate: '',
  clientCertificateData: '',
  clientKey: '',
  clientKeyData: '',
  token: '',
  tokenFile: '',
  as: '',
  asUid: '',
  asGroups: [],
  asUserExtra: new Map(),
  username: '',
  password: '',
  authProvider: undefined,
  exec: undefined,
  extensions: new Map(),
};
