// Loaded by each process that runs tests: without it they outlive a run that is killed, and all they started with them.
process.once('disconnect', () => process.exit(1));
