/**
 * What the real API server does and the sandbox does not claim: behaviour -> why. They are run on the sandbox all the
 * same, and the end of the run names those that turn out to be the same on both.
 */
export const notClaimed: Readonly<Record<string, string>> = {
  'discovery names the resources of /api/v1, with verbs, kinds and short names': 'its pods can only be read',
  'discovery comes aggregated from /api': 'its pods have no subresources',
  'discovery takes a slash at the end': 'it has fewer groups',
  'a list is not chosen from by what is no selector': 'not yet',
  'a JSON patch that does not fit is refused': 'not yet',
  'a merge patch is validated as a whole object is': 'not yet',
  'a strategic merge patch that does not fit is refused': 'not yet',
  'apply needs a manager, a kind and an apiVersion': 'not yet',
  'apply refuses a force elsewhere, and fields that it does not know': 'not yet',
  'a patch changes nothing of what only the server may say': 'not yet',
  'a ServiceAccount without a role is refused each resource by name and group, at its scope': 'not yet',
  'what is not there is not found: one of pods, to read, to change or to delete': 'its pods can only be read',
  'a body is refused with a name of a wrong form': 'not yet',
  'a body is refused with labels, annotations, finalizers or owners of a wrong form': 'not yet',
  'a method that a path does not have is not allowed where there are no objects either': 'it has fewer groups',
  'an answer in a form that the server does not write is not acceptable': 'it writes no protobuf',
};
