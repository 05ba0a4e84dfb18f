// Declarations for dist/, as part of npm's `prepare`: an install from git runs that alone. Without TypeScript, which an
// install for use leaves out, there are none to make; errors in types keep nobody from running the code.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
if (existsSync(tsc)) {
  const args = [tsc, '-p', 'scripts/dev/tsconfig.types.json'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.stderr.write('warning: dist/types is not whole: npm run typecheck\n');
}
