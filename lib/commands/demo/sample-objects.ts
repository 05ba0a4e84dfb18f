import { namespaceManifest } from '../../account/namespace.ts';
import type { TourNames } from './names.ts';

/** What the sandbox of a tour has from the start: the namespace of the tour, and pods in it, so that there is something to see. */
export function sampleObjects({ namespace, run }: Pick<TourNames, 'namespace' | 'run'>): object[] {
  return [
    namespaceManifest(namespace, run),
    pod('web-5d9c7b6f8d-4xkqz', 'Running'),
    pod('web-5d9c7b6f8d-v7m2p', 'Running'),
    pod('migrate-h8wd5', 'Succeeded'),
  ];

  function pod(name: string, phase: string): object {
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10' }] },
      status: { phase },
    };
  }
}
