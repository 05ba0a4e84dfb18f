import { describe, expect, test } from 'vitest';
import { readServer, showServer } from '../../lib/kubeconfig/server.ts';

// Each row is what client-go 0.37 makes of it: clientcmd, then the URL of a request less `/api/v1/pods`.
describe('readServer()', () => {
  test.each<[text: string, url: string]>([
    ['https://h', 'https://h'],
    ['https://h/', 'https://h'],
    ['https://h//', 'https://h'],
    ['https://h:6443/p/', 'https://h:6443/p'],
    ['https://h/k8s/clusters/c-m-1', 'https://h/k8s/clusters/c-m-1'],
    ['https://h/a//b/', 'https://h/a/b'],
    ['https://h/a/../b/./c', 'https://h/b/c'],
    ['https://h/..//..', 'https://h'],
    ['https://h/p?x=1#f', 'https://h/p'],
    ['https://h?x=1', 'https://h'],
    ['https://h#f', 'https://h'],
    ['https://h/p#f', 'https://h/p%23f'],
    ['https://h/#f', 'https://h/%23f'],
    ['HTTPS://H.Example:443/P', 'https://H.Example:443/P'],
    ['https://h:', 'https://h'],
    ['https://[::1]:6443/a', 'https://[::1]:6443/a'],
    ['https://h/a%2Fb', 'https://h/a/b'],
    ['https://h/a%3Fb', 'https://h/a%3Fb'],
    ['https://h/a b', 'https://h/a%20b'],
    ["https://h/a!b'(c)*~$&+,;=:@", 'https://h/a%21b%27%28c%29%2A~$&+,;=:@'],
    ['https://h/é\\', 'https://h/%C3%A9%5C'],
    ['http://h', 'http://h'],
  ])('reads %j as %j', (text, url) => {
    expect(readServer(text)).toEqual({ url });
  });

  test.each<[text: string, url: string]>([
    ['h', 'http://h'],
    ['h:6443', 'http://h:6443'],
    ['localhost:8080', 'http://localhost:8080'],
    ['10.0.0.1/', 'http://10.0.0.1'],
    ['h:6443/?x=1', 'http://h:6443'],
  ])('reads %j, which has no scheme, as %j, whatever CA stands beside it', (text, url) => {
    expect(readServer(text)).toEqual({ url });
  });

  test.each<[text: string, problem: string]>([
    ['', 'it has no server'],
    ['h/p', 'its server is neither a URL nor a host with a port'],
    ['/h', 'its server is neither a URL nor a host with a port'],
    ['https:/h', 'its server is neither a URL nor a host with a port'],
    ['https:h', 'its server is not a URL'],
    ['https://', 'its server is neither a URL nor a host with a port'],
    ['https://[::1', 'its server is not a URL'],
    ['https://::1:6443', 'its server is not a URL'],
    ['https://h:abc', 'its server is not a URL'],
    ['https://h/%zz', 'its server is not a URL'],
    ['https://h b', 'its server is not a URL'],
    [' https://h', 'its server is neither a URL nor a host with a port'],
    ['https://h\n', 'its server has a control character'],
  ])('refuses %j, as client-go does: %s', (text, problem) => {
    expect(readServer(text)).toEqual({ problem });
  });

  test.each<[text: string, problem: string]>([
    ['ftp://h', 'its server is neither http nor https'],
    ['https://jane:s3cr3t@h', 'its server has a user name or password in the URL'],
    ['https://h:99999', 'its server is not a URL'],
    ['https://0x7f.1', 'its server has an address that can be read in two ways'],
    ['https://010.0.0.1', 'its server has an address that can be read in two ways'],
    ['https://1', 'its server has an address that can be read in two ways'],
    ['https://[fe80::1%25eth0]', 'its server is not a URL'],
  ])('refuses %j, although client-go does not: %s', (text, problem) => {
    expect(readServer(text)).toEqual({ problem });
  });

  test('reads the name of a host in other letters as the transport looks it up', () => {
    expect(readServer('https://é.example')).toEqual({ url: 'https://xn--9ca.example' });
  });
});

describe('showServer()', () => {
  test.each<[text: string, shown: string]>([
    ['https://h/p/', 'https://h/p'],
    ['h:6443', 'http://h:6443'],
    ['no server', 'no server'],
    ['https://jane:s3cr3t@h/p', 'https://***@h/p'],
    ['https://jane:s3cr3t@x@h', 'https://***@h'],
    ['jane:s3cr3t@h', '***@h'],
  ])('shows %j as %j', (text, shown) => {
    expect(showServer(text)).toBe(shown);
  });
});
