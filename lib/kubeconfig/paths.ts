import { dirname, isAbsolute, join, sep } from 'node:path';

/** A path of an entry, from the directory of the file that defines the entry (client-go: ResolveLocalPaths). */
export function absolutePath(path: string, definedIn: string): string {
  return isAbsolute(path) ? path : join(dirname(definedIn), path);
}

/** The command of an exec plugin: one without a separator is looked for in PATH. */
export function absoluteCommand(command: string, definedIn: string): string {
  return command.includes(sep) ? absolutePath(command, definedIn) : command;
}
