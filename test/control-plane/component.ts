import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type ComponentName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager';

/** One running process of a control plane. It ends when this process ends, whatever ends this process. */
export interface Component {
  readonly name: ComponentName;
  readonly pid: number;
  hasEnded(): boolean;
  /** Resolves when the process is gone, whoever ended it. */
  readonly ended: Promise<void>;
  /** Everything that it wrote. */
  log(): Promise<string>;
  /** Ends it at once, alone. */
  kill(): Promise<void>;
  /** Ends it by closing its pipe, so that it removes the instance's directory: even if this process ends meanwhile. */
  endWithDirectory(): Promise<void>;
}

/**
 * Starts a component in a session of its own, so that a Ctrl-C on the terminal reaches its starter alone.
 *
 * Its standard input is a pipe from here; the program ends when that closes (server/main.go).
 */
export async function startComponent(
  name: ComponentName,
  flags: readonly string[],
  { program, directory }: { program: string; directory: string },
): Promise<Component> {
  const logFile = join(directory, `${name}.log`);
  const output = await open(logFile, 'a', 0o600);
  try {
    const child = spawn(program, [name, ...flags], {
      cwd: directory,
      // nothing of the caller's settings, such as a proxy, may change what the servers do
      env: { CONTROL_PLANE_DIRECTORY: directory, HOME: directory, TMPDIR: directory, TZ: 'UTC' },
      stdio: ['pipe', output.fd, output.fd],
      detached: true,
    });
    await once(child, 'spawn');
    return component(name, child, logFile);
  } finally {
    await output.close();
  }
}

function component(name: ComponentName, child: ChildProcess, logFile: string): Component {
  child.stdin?.on('error', () => undefined); // the process may be gone when its pipe closes
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const ended = hasEnded() ? Promise.resolve() : once(child, 'exit').then(() => undefined);
  const kill = async () => {
    child.kill('SIGKILL'); // by Node's own handle: never a process id that has been given to another
    await ended;
  };
  return {
    name,
    pid: child.pid ?? 0,
    hasEnded,
    ended,
    log: () => readFile(logFile, 'utf8'),
    kill,
    async endWithDirectory() {
      child.stdin?.destroy();
      const timer = setTimeout(() => void kill(), 5000);
      await ended;
      clearTimeout(timer);
    },
  };
}
