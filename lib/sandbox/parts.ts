import type { CertificateAndKey } from './certificates/authority.ts';
import type { Handler } from './faults/fault.ts';

/** What of a running sandbox a fault may change. */
export interface Parts {
  readonly serving: CertificateAndKey;
  readonly handle: Handler;
  /** Runs the controllers; returns what ends them. */
  run(): () => void;
}
