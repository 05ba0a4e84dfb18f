import {
  DeniedError,
  KubeSaTokenError,
  RefusedError,
  UnreachableError,
  WaitTimeoutError,
} from '../../../model/errors.ts';
import { deleteCommand, describeObject, objectPath, type ObjectRef } from '../../../model/made-object.ts';
import { sleep, startDeadline, withDeadline } from '../../../system/deadline.ts';
import { deleteOwn } from '../../../token/delete-own.ts';
import { renderDuration } from '../../../system/duration.ts';
import { call, withToken } from '../as-service-account.ts';
import type { Tour } from '../tour.ts';

/** Milliseconds for all of it after a signal. */
const hurriedMs = 5000;
/** Of these, what is left at least where the step that was interrupted has cleaned up for long itself. */
const leastMs = 500;
/** Milliseconds in which every API server must have forgotten that it accepted a token: 10 s, and some for its load. */
const forgottenMs = 20_000;
/** Milliseconds for the namespace controller. */
const emptiedMs = 60_000;

/** Removes what the tour has made, step by step, and shows that the token is worth nothing then. */
export async function cleanUpSteps(tour: Tour): Promise<void> {
  const { state } = tour;
  if (state.credential !== undefined) {
    await revokeStep(tour);
    await tour.stage.pause('remove the rest');
  }
  await removeStep(tour);
  state.removed = true;
}

async function revokeStep(tour: Tour): Promise<void> {
  const { connection, kubectl, names, runtime, stage, state } = tour;
  const { signal } = runtime.interruption;
  const token = state.credential?.token;
  await stage.play(
    {
      id: 'revoke',
      title: 'Revoke the token',
      about: `The token is valid as long as its Secret is there: deleting the Secret revokes it. An API server that has accepted a token keeps that in mind for ten seconds${tour.sandbox ? ' (the sandbox of the tour: one)' : ''}, so the tour, which has kept the token in memory, asks until it is refused.`,
      commands: [kubectl('delete', 'secret', names.secret.name, '-n', names.secret.namespace)],
    },
    async () => {
      await deleteOwn(connection, secretOf(tour), names.run, signal);
      const deleted = runtime.now();
      if (token !== undefined)
        await withToken(tour, token, (bearer) => untilRefused(tour, () => call(bearer, '/api', tour)));
      return [
        `secret "${names.secret.name}" deleted`,
        `GET /api: 401 Unauthorized, ${runtime.now() - deleted} ms after that`,
      ];
    },
  );
}

async function untilRefused({ runtime }: Tour, ask: () => Promise<{ status: number }>): Promise<void> {
  const reason = () =>
    new RefusedError(
      `Cannot prove that the token is revoked: it is still accepted after ${renderDuration(forgottenMs)}`,
      {
        reason: 'TokenStillAccepted',
      },
    );
  await withDeadline(forgottenMs, { signal: runtime.interruption.signal, reason }, async (limited) => {
    while ((await ask()).status !== 401) await sleep(200, limited);
  });
}

async function removeStep(tour: Tour): Promise<void> {
  const { connection, kubectl, names, runtime, stage } = tour;
  const namespace = namespaceOf(tour);
  const { signal } = runtime.interruption;
  await stage.play(
    {
      id: 'remove',
      title: 'Remove the namespace, and all in it',
      about:
        'The namespace controller deletes what is in it: the ServiceAccount, the RoleBinding. Then the namespace itself goes.',
      commands: [kubectl('delete', 'namespace', names.namespace)],
    },
    async () => {
      if (!(await deleteOwn(connection, namespace, names.run, signal))) return ['There is none: nothing is left'];
      await untilGone(tour, namespace);
      return [`namespace "${names.namespace}" deleted`, 'Nothing of the tour is left.'];
    },
  );
}

async function untilGone(tour: Tour, object: ObjectRef): Promise<void> {
  const { connection, runtime } = tour;
  const reason = () =>
    new WaitTimeoutError(
      `Cannot see ${describeObject(object)} go: it is still terminating after ${renderDuration(emptiedMs)}`,
      {
        reason: 'NamespaceTerminating',
        hint: 'The namespace controller goes on with it',
      },
    );
  await withDeadline(emptiedMs, { signal: runtime.interruption.signal, reason }, async (limited) => {
    for (
      let pause = 50;
      (await call(connection, objectPath(object), tour)).status !== 404;
      pause = Math.min(pause * 2, 1000)
    )
      await sleep(pause, limited);
  });
}

/**
 * Asks for the removal of what is left, after a signal or when showing it failed: the Secret first, which ends the token.
 * The namespace controller does the rest on its own. What cannot be removed is told with the command for it.
 */
export async function removeHurriedly(tour: Tour): Promise<void> {
  const { connection, names, runtime, stage, state } = tour;
  if (!state.written || state.removed) return;
  stage.progress.step(`Removing ${describeObject(namespaceOf(tour))}, and all in it`);
  const deadline = startDeadline(
    Math.max(leastMs, hurriedMs - (runtime.now() - (state.interruptedAt ?? runtime.now()))),
    {
      reason: () => new UnreachableError('Cannot clean up: no answer', { reason: 'NoAnswer' }),
    },
  );
  try {
    for (const object of [secretOf(tour), namespaceOf(tour)]) {
      try {
        if (!(await deleteOwn(connection, object, names.run, deadline.signal))) continue;
        stage.progress.note(
          object.kind === 'Namespace'
            ? `${describeObject(object)} is being removed by the namespace controller, with all in it`
            : `Removed again: ${describeObject(object)}`,
        );
      } catch (error) {
        if (!(error instanceof KubeSaTokenError)) throw error;
        const why = error instanceof DeniedError ? (error.said ?? error.reason) : error.reason;
        const remove = deleteCommand(object, connection.access);
        stage.progress.warn(`${describeObject(object)} could not be removed (${why}); to remove it: ${remove}`, {
          always: true,
        });
      }
    }
  } finally {
    deadline.end();
    await stage.progress.end();
  }
}

function secretOf({ names }: Tour): ObjectRef {
  return { kind: 'Secret', ...names.secret };
}

function namespaceOf({ names }: Tour): ObjectRef {
  return { kind: 'Namespace', namespace: undefined, name: names.namespace };
}
