/** Which credential plugins may run: kubectl's `credentialPluginPolicy` and `credentialPluginAllowlist`. */
export interface PluginPolicy {
  readonly kind: PolicyKind;
  /** Names that are looked for in PATH, and paths; for `Allowlist`. */
  readonly allowlist: readonly string[];
  /** Who says so, for messages: `--exec-policy`, `kuberc "…"`. */
  readonly source: string;
}

export type PolicyKind = 'AllowAll' | 'DenyAll' | 'Allowlist';
