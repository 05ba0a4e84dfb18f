/** The rules of the house: which room of lib/ may import which, and what is allowed in some rooms only. */

const ground = ['system', 'model'];
const spine = ['token', 'account', 'connection', 'auth', 'transport', 'kubeconfig'];
const leaves = ['export', 'audit', 'proxy', 'sandbox'];

/** What each room may import besides itself: only what is below it. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  main: ['commands', 'cli', ...ground],
  index: [...leaves, ...spine, ...ground],
  commands: ['cli', ...leaves, ...spine, ...ground],
  cli: ground,
  export: ground,
  audit: [...spine, ...ground],
  proxy: [...spine, ...ground],
  sandbox: ground,
  token: ['account', 'connection', 'auth', 'transport', 'kubeconfig', ...ground],
  account: ['connection', 'auth', 'transport', 'kubeconfig', ...ground],
  connection: ['auth', 'transport', 'kubeconfig', ...ground],
  auth: ['transport', 'kubeconfig', ...ground],
  transport: ['kubeconfig', ...ground],
  kubeconfig: ground,
  system: ['model'],
  model: [],
};

/** Who may turn a secret into its text. */
const mayReveal =
  /^(?:auth\/.+|export\/.+|transport\/(?:tls|proxy-auth)|token\/(?:decode|review|signature|cache))\.ts$/u;
const mayReadFiles = /^(?:kubeconfig\/.+|auth\/.+|commands\/.+|system\/.+|transport\/trust)\.ts$/u;

interface Import {
  readonly specifier: string;
  /** Erased by the compiler: costs nothing and binds nothing at run time. */
  readonly typeOnly: boolean;
  /** `import()`. */
  readonly lazy: boolean;
}

/** What a file of lib/ does against the rules; `file` is its path below lib/. */
export function violations(file: string, text: string): string[] {
  const code = withoutComments(text);
  const imports = importsOf(code);
  return [
    ...imports.flatMap((each) => forbiddenArrow(file, each)),
    ...imports.flatMap((each) => forbiddenPackage(file, each)),
    ...forbiddenWords(file, code),
  ];
}

/** All that a file imports or re-exports, `import()` and import types included. */
export function importsOf(code: string): Import[] {
  const statements = code.matchAll(/^\s*(?:import|export)\b(?:\s*(type)\s+(?=[\w{*]))?[^;'"()]*?['"]([^'"]+)['"]/gmu);
  const calls = code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/gu);
  return [
    ...Array.from(statements, ([, type, specifier = '']) => ({ specifier, typeOnly: type !== undefined, lazy: false })),
    ...Array.from(calls, ([, specifier = '']) => ({ specifier, typeOnly: false, lazy: true })),
  ];
}

function forbiddenArrow(file: string, { specifier }: Import): string[] {
  if (!specifier.startsWith('.')) return [];
  const target = new URL(specifier, `file:///lib/${file}`).pathname;
  if (target === '/package.json' && ['main.ts', 'model/version.ts'].includes(file)) return [];
  if (!target.startsWith('/lib/')) return [`${file} imports ${specifier}, outside lib/`];
  const from = roomOf(file);
  const to = roomOf(target.slice('/lib/'.length));
  const allowed = arrows[from];
  if (allowed === undefined || arrows[to] === undefined) return [`${file} imports ${specifier}: unknown room`];
  return from === to || allowed.includes(to) ? [] : [`${file} imports ${specifier}: ${from}/ may not import ${to}/`];
}

function forbiddenPackage(file: string, { specifier, typeOnly, lazy }: Import): string[] {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const room = roomOf(file);
  if (name === 'zx') return [`${file} imports zx`];
  if (name === '@kubernetes/client-node' && !typeOnly) {
    if (room !== 'connection') return [`${file} imports client-node, not as a type and outside connection/`];
    if (name === specifier) return [`${file} imports all of client-node: deep paths only`];
  }
  if (specifier.endsWith('/generated.ts') && !typeOnly && !lazy) return [`${file} imports the generated API eagerly`];
  if (specifier === 'node:child_process' && file !== 'system/spawn.ts') return [`${file} imports node:child_process`];
  // It costs Node 22 and later 17 ms at every start: only servers load it, and calls over plain http.
  if (specifier === 'node:http' && !typeOnly && !lazy && !['proxy', 'sandbox'].includes(room)) {
    return [`${file} imports node:http eagerly`];
  }
  if (/^node:fs(?:$|\/)/u.test(specifier) && !mayReadFiles.test(file)) return [`${file} imports ${specifier}`];
  if (/^node:(?:process|os)$/u.test(specifier) && room !== 'system') {
    return [`${file} imports ${specifier}`];
  }
  return [];
}

function forbiddenWords(file: string, code: string): string[] {
  const found: string[] = [];
  const outsideSystem = roomOf(file) !== 'system';
  if (/\.reveal\b|\breveal\s*[,}:]/u.test(code) && !mayReveal.test(file)) found.push(`${file} reveals a secret`);
  if (/^(?:export\s+)?(?:let|var)\s/mu.test(code)) found.push(`${file} has state of its own`);
  if (/^(?:export\s+)?const\s+\w+(?::[^=]*)?\s*=\s*new (?:Weak)?(?:Map|Set)\b[^(]*\(\s*\)/mu.test(code)) {
    found.push(`${file} has state of its own`);
  }
  if (outsideSystem && /\bnew Date\(\s*\)/u.test(code)) found.push(`${file} reads the clock`);
  if (/\bas any\b|@ts-ignore|@ts-nocheck/u.test(code)) found.push(`${file} goes round the types`);
  return found;
}

function roomOf(file: string): string {
  return file.replace(/\.ts$/u, '').split('/', 1)[0] ?? '';
}

/** Good enough for our formatted code: a comment has its line, or follows the code after two slashes and a space. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//gu, '').replaceAll(/(^|\s)\/\/ (?!@ts).*$/gmu, '$1');
}
