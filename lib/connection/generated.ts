// The parts of the generated client that are used: static re-exports, so that the bundler can leave out the rest.
// These paths are no promise of @kubernetes/client-node; its version is pinned exactly.
export { createConfiguration } from '@kubernetes/client-node/dist/gen/configuration.js';
export { ResponseContext, wrapHttpLibrary } from '@kubernetes/client-node/dist/gen/http/http.js';
export { ServerConfiguration } from '@kubernetes/client-node/dist/gen/servers.js';
export {
  ObjectAuthorizationV1Api,
  ObjectCoreV1Api,
  ObjectRbacAuthorizationV1Api,
} from '@kubernetes/client-node/dist/gen/types/ObjectParamAPI.js';
