import type { PluginPolicy } from '../model/plugin-policy.ts';
import type { Env } from '../system/runtime.ts';
import type { Identity } from './identity.ts';

/** What a plugin gives to whoever runs it. */
export type PluginCredentials = Required<Pick<Identity, 'headers' | 'clientCertificate' | 'refresh'>>;

/** What a program gives to the credential plugins that it runs. */
export interface PluginHost {
  readonly env: Env;
  /** Credentials of the plugins that have run, by what the plugin is: filled by `sharedCredentials()`. */
  readonly shared: Map<string, PluginCredentials>;
  readonly platform: NodeJS.Platform;
  /** `terminal`: somebody is there and nobody else reads it. Otherwise why a plugin cannot ask: `it is not a terminal`. */
  readonly stdin: 'terminal' | { readonly unavailable: string };
  /** Milliseconds for one run. */
  readonly timeoutMs: number;
  /** Takes what a plugin says on stderr, escaped: lines, or pieces of them where it asks on the terminal. */
  relay(text: string): void;
  /** Which plugins may run. Asked only when one is about to. @throws {UsageError} That cannot be told. */
  policy(): Promise<PluginPolicy>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Random bytes. */
  random(size: number): Uint8Array;
}
