#!/usr/bin/env node
// Decodes a token and shows what it says of itself.
import { load } from './_load.mjs';

const { main, nodeRuntime } = await load();
process.exitCode = await main('inspect-token', nodeRuntime(import.meta.url));
