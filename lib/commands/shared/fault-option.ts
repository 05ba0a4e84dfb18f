import { type FaultName, faultNames } from '../../sandbox/faults/names.ts';

/** `--break FAULT` of the commands that run a sandbox of their own. */
export const faultOption = {
  type: 'string',
  value: 'FAULT',
  multiple: true,
  choices: Object.keys(faultNames) as FaultName[],
  meanings: faultNames,
  help: 'Break the sandbox in this way. May be repeated to break it in several',
} as const;
