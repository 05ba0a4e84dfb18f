import { expect, test } from 'vitest';
import { runCommand } from '../support/run-command.ts';

const callApi = (args: readonly string[]) =>
  runCommand('call-api', args, { env: { KUBECONFIG: '/nonexistent/kubeconfig' } });

test.each([
  [['https://evil.example/api'], /it names a host/u],
  [['//evil.example/api'], /it names a host/u],
  [['/\\evil.example/api'], /it names a host/u],
  [['/../../other/api'], /lead out of the path/u],
  [['/a/%2e%2E/api'], /lead out of the path/u],
  [['/api', '-H', 'Impersonate-User: joe'], /--as, --as-group, --as-uid and --as-user-extra impersonate/u],
  [['/api', '--as-user-extra', 'scopes'], /of the form KEY=VALUE/u],
  [['api'], /it does not begin with "\/"/u],
  [['/api v1'], /percent-encoded/u],
  [['/api#x'], /percent-encoded/u],
  [['/api/v1/namespaces/zürich'], /beyond ASCII have to be percent-encoded/u],
  [['/api\u00A0'], /percent-encoded/u],
  [['/api', '-H', 'Trailer: x'], /Cannot use --header Trailer: nothing follows the body/u],
  [['/api', '-H', 'Expect: 100-continue'], /Cannot use --header Expect/u],
  [['/api', '--content-type', 'a/b'], /Cannot use --content-type: there is no --data/u],
  [['/api', '-n', 'ci'], /Cannot use --namespace without --secret or --service-account/u],
  [['/api', '--token-file', 'x', '--user', 'jane'], /Cannot use --user together with --token-file/u],
  [['/api', '--token-file', 'eyJhIjoiYWJjIn0.e30.c2ln'], /Cannot use --token-file: it takes the name of a file/u],
  [['/api', '-H', 'Authorization: Bearer abc'], /Cannot use --header Authorization/u],
  [['/api', '-H', 'authorization:Bearer abc'], /Cannot use --header authorization/u],
  [['/api', '-H', 'Bearer abc'], /Cannot use --header: it is not of the form "Name: value"/u],
  [['/api', '-H', 'A: b\r\nAuthorization: Bearer abc'], /Cannot use --header: it is not of the form/u],
  [['/api', '--data', '{}'], /GET sends no body/u],
  [['CONNECT', '/api'], /Cannot use METHOD CONNECT: it is for proxies/u],
  [['POST', '/api', '--data', 'missing-file'], /Cannot read "missing-file": there is no such file/u],
  [['POST', '/api', '--watch'], /--watch: it goes with GET/u],
  [['/api', '--watch', '--all-pages'], /does not go with --all-pages/u],
  [['/api', '--dry-run=server'], /GET changes nothing/u],
  [['/api', '--dry-run=client'], /Cannot use --dry-run "client"/u],
  [['/api', '--token-file', 'a', '--secret', 'b'], /one call has one credential/u],
  [['POST', '/api', '--token-file', '-', '--data', '-'], /Cannot read stdin twice/u],
  [['/api', '--token', 'abc'], /Cannot use --token: call-api has no such flag/u],
  [[], /PATH is missing/u],
])('call-api %j is exit 2, and says why in one line', async (args, why) => {
  const { code, stdout, stderr } = await callApi(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(why);
  expect(stderr).not.toContain('abc');
  expect(stderr.match(/^error:/gmu)).toHaveLength(1);
});
