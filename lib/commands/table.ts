import type { Command } from '../cli/command.ts';

/** The commands by name; each is loaded when it is wanted, since starting fast is a feature. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  'bootstrap-token': async () => (await import('./bootstrap-token.ts')).bootstrapTokenCommand,
  'view-config': async () => (await import('./view-config.ts')).viewConfigCommand,
  'list-clusters': async () => (await import('./list-clusters.ts')).listClustersCommand,
  'call-api': async () => (await import('./call-api.ts')).callApiCommand,
  sandbox: async () => (await import('./sandbox.ts')).sandboxCommand,
  'inspect-token': async () => (await import('./inspect-token.ts')).inspectTokenCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
};
