/**
 * What the real API server does and the sandbox does not claim: behaviour -> why. They are run on the sandbox all the
 * same, and one that turns out to be the same on both fails until its row is taken out.
 */
export const notClaimed: Readonly<Record<string, string>> = {};
