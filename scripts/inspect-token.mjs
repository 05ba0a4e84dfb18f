#!/usr/bin/env node
// Decodes a token and shows what it says of itself.
import { load } from './_load.mjs';

const { main, nodeRuntime } = await load();
process.exit(await main('inspect-token', nodeRuntime(import.meta.url)));
