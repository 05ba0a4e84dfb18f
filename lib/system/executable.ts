import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, sep } from 'node:path';
import type { Env } from './runtime.ts';

/** Absolute path of a program, or why there is none: in words, after its name. */
export type Executable = { readonly path: string } | { readonly problem: string };

/**
 * Finds a program as Go's exec.LookPath does: a name with a separator is a path; others are looked for in PATH, and
 * what is only found by a relative entry of it is not run.
 */
export async function findExecutable(name: string, env: Env, platform: NodeJS.Platform): Promise<Executable> {
  const endings = platform === 'win32' ? ['', ...(env['PATHEXT'] ?? '.com;.exe').split(';')] : [''];
  if (name.includes(sep)) {
    const problems = await Promise.all(endings.map((ending) => problemOf(`${name}${ending}`)));
    const found = problems.indexOf(undefined);
    return found === -1 ? { problem: problems[0] ?? '' } : { path: `${name}${endings[found] ?? ''}` };
  }
  for (const directory of (env['PATH'] ?? env['Path'] ?? '').split(delimiter)) {
    for (const ending of endings) {
      const path = join(directory === '' ? '.' : directory, `${name}${ending}`);
      if ((await problemOf(path)) !== undefined) continue;
      return isAbsolute(path) ? { path } : { problem: 'is only in a relative directory of PATH' };
    }
  }
  return { problem: 'is not in PATH' };
}

/** Bytes: more than the head of any kind of program needs. */
const headLength = 128;

/**
 * Whether the system itself runs a file. What it does not take for a program libc gives to /bin/sh (execvp), which Go
 * does not: text without `#!`, and what is empty. What may be executed but not read, sh cannot read either.
 */
export async function isProgram(path: string, platform: NodeJS.Platform): Promise<boolean> {
  if (platform === 'win32') return true;
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return true;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headLength), 0, headLength, 0);
    const head = buffer.subarray(0, bytesRead);
    return head.toString('latin1', 0, 2) === '#!' || head.includes(0);
  } finally {
    await file.close();
  }
}

/** Whether somebody could be asked by way of the terminal itself, whatever stdin is. */
export async function hasTerminal(platform: NodeJS.Platform): Promise<boolean> {
  if (platform === 'win32') return true;
  const terminal = await open('/dev/tty', 'r+').catch(() => undefined);
  await terminal?.close();
  return terminal !== undefined;
}

async function problemOf(path: string): Promise<string | undefined> {
  try {
    if ((await stat(path)).isDirectory()) return 'is a directory';
    await access(path, constants.X_OK);
    return undefined;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return code === 'EACCES' ? 'may not be executed (permission denied)' : 'does not exist';
  }
}
