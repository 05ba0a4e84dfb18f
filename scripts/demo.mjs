#!/usr/bin/env node
// The tour: accessing a cluster with the Kubernetes API, step by step.
import { load } from './_load.mjs';

const { main, nodeRuntime } = await load();
process.exit(await main('demo', nodeRuntime(import.meta.url)));
