import { expect, test } from 'vitest';
import { InterruptedError } from '../../lib/model/errors.ts';
import { testRuntime } from './runtime.ts';

test('testRuntime() aborts at the first signal, with the error that carries it', () => {
  const { interrupt, interruption } = testRuntime();
  interrupt('SIGHUP');
  expect(interruption.signal.reason).toBeInstanceOf(InterruptedError);
  expect(interruption.signal.reason).toHaveProperty('signal', 'SIGHUP');
});

test('testRuntime() drops a signal while hold() runs, and refuses hold() after one', async () => {
  const { interrupt, interruption } = testRuntime();
  expect(await interruption.hold(async () => interrupt())).toBeUndefined();
  expect(interruption.signal.aborted).toBe(false);

  interrupt();
  await expect(interruption.hold(async () => 'written')).rejects.toBeInstanceOf(InterruptedError);
});

test('testRuntime() counts a parent that is gone as SIGTERM before anything is handed out', async () => {
  const { interruption } = testRuntime({ parentIsGone: true });
  expect(interruption.signal.aborted).toBe(false);
  await expect(interruption.hold(async () => 'written')).rejects.toHaveProperty('signal', 'SIGTERM');
});

test('testRuntime() fails writes to stdout with the code of the system, and keeps nothing of them', async () => {
  const { stdout } = testRuntime({ stdoutFails: 'ENOSPC' });
  await expect(stdout.write('token')).rejects.toHaveProperty('code', 'ENOSPC');
  expect(stdout.text()).toBe('');
});

test('testRuntime() refuses to let a token onto stderr', async () => {
  const { stderr } = testRuntime();
  await stderr.write('eyJ is how a token begins\n');
  await expect(stderr.write('note: eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln\n')).rejects.toThrow('token');
});

test('testRuntime() gives stdin line by line or as a whole', async () => {
  const { stdin } = testRuntime({ stdin: 'first\nsecond\nthird' });
  expect(await stdin.readLine()).toBe('first');
  expect((await stdin.read()).toString()).toBe('second\nthird');
  expect(await stdin.readLine()).toBeUndefined();
});
