#!/usr/bin/env node
// Makes one direct call to the API server.
import { load } from './_load.mjs';

const { main, nodeRuntime } = await load();
process.exit(await main('call-api', nodeRuntime(import.meta.url)));
