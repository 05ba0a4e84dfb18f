import fc from 'fast-check';

// The same cases in each run, so that a red run is the change's and not the day's; KUBE_SA_TOKEN_SEED tries others.
// fast-check prints the seed of a failure.
fc.configureGlobal({ seed: Number(process.env['KUBE_SA_TOKEN_SEED'] ?? 1) });
