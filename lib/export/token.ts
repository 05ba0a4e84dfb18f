import type { Credential } from '../model/credential.ts';

/** The bare token. Without a newline, so that `$(…)` and files hold the token and nothing else. */
export function renderToken({ token }: Credential): string {
  return token.reveal();
}
