#!/usr/bin/env node
// Runs an embedded Kubernetes API server until Ctrl-C and prints how to reach it.
import { load } from './_load.mjs';

const { main, nodeRuntime } = await load();
process.exit(await main('sandbox', nodeRuntime(import.meta.url)));
