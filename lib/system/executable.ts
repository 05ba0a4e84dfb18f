import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, sep } from 'node:path';
import type { Env } from './runtime.ts';

/** Absolute path of a program, or why there is none: in words, after its name. */
export type Executable = { readonly path: string } | NoExecutable;

export interface NoExecutable {
  readonly problem: string;
  /**
   * `absent`: it may have to be installed. `relative`: only a relative entry of PATH leads to it. `hidden`: nobody can
   * say whether it is there. `forbidden`: it is, and is not executable.
   */
  readonly kind: 'absent' | 'relative' | 'directory' | 'hidden' | 'forbidden';
  /** Where it was looked for; its name, if that was anywhere in PATH. */
  readonly at: string;
}

/**
 * Finds a program as Go's exec.LookPath does: a name with a separator is a path; others are looked for in PATH, and
 * what is only found by a relative entry of it is not run.
 */
export async function findExecutable(name: string, env: Env, platform: NodeJS.Platform): Promise<Executable> {
  const endings = platform === 'win32' ? ['', ...(env['PATHEXT'] ?? '.com;.exe').split(';')] : [''];
  if (name.includes(sep)) {
    const problems = await Promise.all(endings.map((ending) => problemOf(`${name}${ending}`)));
    const found = problems.indexOf(undefined);
    return found === -1 ? (problems[0] ?? absent(name)) : { path: `${name}${endings[found] ?? ''}` };
  }
  let forbidden: NoExecutable | undefined;
  for (const directory of (env['PATH'] ?? env['Path'] ?? '').split(delimiter)) {
    for (const ending of endings) {
      const path = join(directory === '' ? '.' : directory, `${name}${ending}`);
      const problem = await problemOf(path);
      if (problem?.kind === 'forbidden') forbidden ??= problem;
      if (problem !== undefined) continue;
      if (isAbsolute(path)) return { path };
      return { problem: 'is only in a relative directory of PATH', kind: 'relative', at: path };
    }
  }
  if (forbidden === undefined) return { ...absent(name), problem: 'is not in PATH' };
  return { ...forbidden, problem: `is in PATH, but ${forbidden.problem}` };
}

function absent(at: string): NoExecutable {
  return { problem: 'does not exist', kind: 'absent', at };
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

async function problemOf(at: string): Promise<NoExecutable | undefined> {
  try {
    if ((await stat(at)).isDirectory()) return { problem: 'is a directory', kind: 'directory', at };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') return absent(at);
    return { problem: 'cannot be reached (permission denied)', kind: 'hidden', at };
  }
  const isExecutable = await access(at, constants.X_OK).then(
    () => true,
    () => false,
  );
  return isExecutable ? undefined : { problem: 'may not be executed (permission denied)', kind: 'forbidden', at };
}
