import type { User } from '../authentication/user.ts';
import type { Cluster } from '../cluster.ts';
import type { KubeObject } from '../object/object.ts';
import type { Wanted } from '../verbs/decode-body.ts';

/** A question to the API server. */
export interface ReviewType extends Wanted {
  readonly resource: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: readonly ['create'];
  answer(question: Question): KubeObject;
}

export interface Question {
  readonly cluster: Cluster;
  /** Who asks. */
  readonly user: User;
  readonly review: KubeObject;
  readonly namespace: string;
}
