import { register } from 'node:module';

/**
 * Imports a TypeScript module, under any Node that this project runs on.
 *
 * @param {string} specifier Relative to `base`.
 * @param {string} base `import.meta.url` of the caller.
 */
export async function importTypeScript(specifier, base) {
  const { typescript } = /** @type {{ typescript?: string | false }} */ (process.features);
  if (!typescript) register('./typescript-hooks.mjs', import.meta.url);
  return await import(new URL(specifier, base).href);
}
