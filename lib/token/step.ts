import type { GrantChange } from '../account/bind.ts';
import type { Grant } from '../account/grant.ts';
import type { VerifiedBy } from '../model/credential.ts';
import type { MadeObject, ObjectRef } from '../model/made-object.ts';
import type { SecretRef, ServiceAccountRef } from '../model/service-account.ts';

/** What `bootstrapToken()` tells of its way; a command renders it. */
export type BootstrapStep =
  | { readonly step: 'made'; readonly object: ObjectRef }
  | {
      readonly step: 'granted';
      readonly account: ServiceAccountRef;
      readonly grant: Grant;
      readonly what: GrantChange;
      /** Rights that came (`+ get pods`) or went (`- get pods`). */
      readonly difference: readonly string[];
    }
  /** All that bindings of this suite give it now, earlier ones included. */
  | { readonly step: 'granted-in-all'; readonly account: ServiceAccountRef; readonly roles: readonly string[] }
  | { readonly step: 'create' | 'reused'; readonly secret: SecretRef }
  | { readonly step: 'wait'; readonly secret: SecretRef; readonly timeoutMs: number }
  | { readonly step: 'filled'; readonly secret: SecretRef; readonly waitedMs: number }
  | { readonly step: 'verified'; readonly by: VerifiedBy; readonly subject: string }
  /** How many tokens of the ServiceAccount now never expire; `more`: at least so many. */
  | { readonly step: 'counted'; readonly account: ServiceAccountRef; readonly tokens: number; readonly more: boolean }
  | { readonly step: 'removed'; readonly objects: readonly MadeObject[] }
  /** After a failure: a Namespace or ServiceAccount that this run made and does not remove. */
  | { readonly step: 'stays'; readonly object: ObjectRef };
