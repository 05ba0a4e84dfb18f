import { defineOptions } from './options.ts';

/** Flags of every command that speaks to a person. */
export const commonOptions = defineOptions({
  quiet: {
    type: 'boolean',
    short: 'q',
    group: 'Common flags',
    help: 'Print nothing on stderr but errors and warnings about unchecked TLS',
  },
  noColor: { type: 'boolean', group: 'Common flags', help: 'No colour, as with NO_COLOR' },
  noInput: { type: 'boolean', group: 'Common flags', help: 'Never ask: fail instead, naming the flag that answers' },
});
