#!/usr/bin/env node
// Makes a token Secret, waits until it is populated, proves the token and prints it.
import { load } from './_load.mjs';

const { main, nodeRuntime } = await load();
process.exit(await main('bootstrap-token', nodeRuntime(import.meta.url)));
