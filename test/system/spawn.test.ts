import { expect, test } from 'vitest';
import { runProgram } from '../../lib/system/spawn.ts';
import { until } from '../support/until.ts';

test.skipIf(process.platform === 'win32')(
  'a program in a group of its own ends with all that it started, also with what does not want to',
  async () => {
    const controller = new AbortController();
    let said = '';
    const script = `sh -c 'trap "" TERM; echo $$ >&2; while :; do sleep 1; done' & wait`;
    const running = runProgram('/bin/sh', ['-c', script], {
      env: { PATH: process.env['PATH'] },
      stdin: 'ignore',
      ownGroup: true,
      maxBytes: 100,
      onStderr: (bytes) => void (said += bytes.toString()),
      signal: controller.signal,
    });
    await until('it runs', () => Promise.resolve(said.includes('\n') || undefined));
    controller.abort(new Error('interrupted'));
    await expect(running).rejects.toThrow('interrupted');
    await until('nothing of it is left', () => Promise.resolve(isAlive(Number(said)) ? undefined : true));
  },
);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
