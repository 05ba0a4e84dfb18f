#!/usr/bin/env node
// Shows the merged kubeconfig, without its secrets.
import { load } from './_load.mjs';

const { main, nodeRuntime } = await load();
process.exit(await main('view-config', nodeRuntime(import.meta.url)));
