#!/usr/bin/env node
// Lists every cluster of the kubeconfig.
import { load } from './_load.mjs';

const { main, nodeRuntime } = await load();
process.exit(await main('list-clusters', nodeRuntime(import.meta.url)));
