/** The ways in which a sandbox can be broken, and what each does. Loads nothing, so that a help can list them. */
export const faultNames = {
  'controller-off': 'the token controller does not run: a token Secret stays empty',
  'slow-controller': 'the token controller fills a Secret only after two seconds',
  'account-deleted': 'a ServiceAccount is deleted as soon as a token Secret for it is made',
  'no-ca': 'the token controller puts no ca.crt into a Secret',
} as const;

export type FaultName = keyof typeof faultNames;

/** Whether there is a fault of this name. */
export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faultNames, name);
}
