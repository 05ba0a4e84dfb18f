#!/usr/bin/env node
// The installed program: its first argument names the command.
import { load } from './_load.mjs';

const { main, nodeRuntime } = await load();
process.exit(await main(undefined, nodeRuntime(import.meta.url)));
