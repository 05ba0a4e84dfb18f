import packageJson from '../package.json' with { type: 'json' };
import { usesColour } from './cli/colour.ts';
import { exitCodeOf } from './cli/exit-code.ts';
import { renderCommandHelp, renderProgramHelp } from './cli/help.ts';
import { renderError } from './cli/render-error.ts';
import { didYouMean } from './cli/suggest.ts';
import { writeStdout } from './commands/shared/deliver.ts';
import { commands } from './commands/table.ts';
import { UsageError } from './model/errors.ts';
import type { Runtime } from './system/runtime.ts';

export { nodeRuntime } from './system/node-runtime.ts';

/**
 * Runs one command with what `runtime` gives it, and answers its exit code. The only place where errors end.
 *
 * What it wrote has been flushed when it resolves, so that a launcher leaves at once: a signal that came while Node tears
 * itself down would count as the end of a run whose credential is out.
 *
 * @param command Name of the command; undefined where the first argument says it (`kube-sa-token <command> …`).
 */
export async function main(command: string | undefined, runtime: Runtime): Promise<number> {
  try {
    return await run(command, runtime);
  } catch (error) {
    const noColor = runtime.args.includes('--no-color');
    const colour = usesColour(runtime.stderr, runtime.env, { noColor });
    await runtime.stderr.write(renderError(error, { colour })).catch(() => undefined); // nobody is left to tell
    return exitCodeOf(error);
  }
}

const program = 'kube-sa-token';

async function run(named: string | undefined, runtime: Runtime): Promise<number> {
  const [first, ...rest] = runtime.args;
  const name = named ?? first;
  if (named === undefined && name === 'help' && rest.length > 0) {
    return run(undefined, { ...runtime, args: [...rest, '--help'] });
  }
  if (named === undefined && (name === undefined || name === '--help' || name === '-h' || name === 'help')) {
    await writeStdout(runtime, await renderOverview(runtime));
    return 0;
  }
  if (name === undefined || name === '--version') return printVersion(runtime);
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    throw new UsageError(`Cannot run command "${name}": ${program} has none of this name`, {
      reason: 'UnknownCommand',
      hint: didYouMean(name, Object.keys(commands)) ?? `${program} --help lists the commands`,
    });
  }
  const command = await load();
  const called = named === undefined ? `${program} ${name}` : `npx zx scripts/${name}.mjs`;
  const invocation = command.parse(named === undefined ? rest : runtime.args);
  switch (invocation.kind) {
    case 'version':
      return printVersion(runtime);
    case 'help': {
      await writeStdout(runtime, renderCommandHelp(command, { invocation: called, columns: runtime.stdout.columns }));
      return 0;
    }
    case 'run':
      return command.run(invocation.input, runtime, called);
  }
}

async function printVersion(runtime: Runtime): Promise<number> {
  await writeStdout(runtime, `${packageJson.version}\n`);
  return 0;
}

async function renderOverview({ stdout }: Runtime): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  return renderProgramHelp(all, { program, about: packageJson.description, columns: stdout.columns });
}
