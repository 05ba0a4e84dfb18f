import type { Connection } from '../../connection/connection.ts';
import type { Credential } from '../../model/credential.ts';
import type { Runtime } from '../../system/runtime.ts';
import type { CommandLine, KubectlLine } from './command-line.ts';
import type { TourNames } from './names.ts';
import type { Stage } from './stage.ts';

/** What the steps work with. */
export interface Tour {
  readonly connection: Connection;
  readonly names: TourNames;
  readonly stage: Stage;
  readonly runtime: Runtime;
  readonly commandLine: CommandLine;
  /** On the cluster of the tour, whatever the current context is by then. */
  readonly kubectl: KubectlLine;
  /** As the documentation has it: where the flags of the tour lead. */
  readonly plainKubectl: KubectlLine;
  /** It is on a sandbox of its own. */
  readonly sandbox: boolean;
  /** Milliseconds for the token controller. */
  readonly waitTimeoutMs: number;
  /** What has to be cleaned up. */
  readonly state: TourState;
}

export interface TourState {
  /** When the signal came; milliseconds since 1970. */
  interruptedAt: number | undefined;
  /** Something was asked for that stays unless it is removed. */
  written: boolean;
  /** All that was made is gone again. */
  removed: boolean;
  /** The token, once there is one. */
  credential: Credential | undefined;
}
