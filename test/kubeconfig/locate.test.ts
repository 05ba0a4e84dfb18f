import { describe, expect, test } from 'vitest';
import { locateKubeconfig } from '../../lib/kubeconfig/locate.ts';

const linux = { env: {}, home: '/home/jane', cwd: '/cwd', platform: 'linux' } as const;
const windows = { env: {}, home: 'C:\\Users\\jane', cwd: 'D:\\work', platform: 'win32' } as const;

describe('locateKubeconfig()', () => {
  test('takes ~/.kube/config', () => {
    expect(locateKubeconfig(linux)).toMatchObject({ files: ['/home/jane/.kube/config'], explicit: false });
  });

  test('takes the list in KUBECONFIG instead, without empty and repeated names', () => {
    const env = { KUBECONFIG: ':a:/b:a::' };
    expect(locateKubeconfig({ ...linux, env })).toMatchObject({ files: ['/cwd/a', '/b'], explicit: false });
  });

  test('takes ~/.kube/config if KUBECONFIG is empty', () => {
    expect(locateKubeconfig({ ...linux, env: { KUBECONFIG: '' } }).files).toEqual(['/home/jane/.kube/config']);
  });

  test('takes nothing if KUBECONFIG names nothing', () => {
    expect(locateKubeconfig({ ...linux, env: { KUBECONFIG: ':' } }).files).toEqual([]);
  });

  test('takes the one file of the flag, which has to exist', () => {
    const location = locateKubeconfig({ ...linux, flag: 'mine', env: { KUBECONFIG: 'a' } });
    expect(location).toMatchObject({ files: ['/cwd/mine'], explicit: true });
  });

  test('does as if an empty flag were none, like kubectl', () => {
    expect(locateKubeconfig({ ...linux, flag: '' })).toMatchObject({
      files: ['/home/jane/.kube/config'],
      explicit: false,
    });
  });

  test('has no file without a home directory: not one of the working directory, unlike client-go', () => {
    expect(locateKubeconfig({ ...linux, home: undefined }).files).toEqual([]);
  });

  test('splits at semicolons on Windows, where colons follow drive letters', () => {
    const env = { KUBECONFIG: 'C:\\a;b;"C:\\with;semicolon\\c";;b' };
    expect(locateKubeconfig({ ...windows, env }).files).toEqual(['C:\\a', 'D:\\work\\b', 'C:\\with;semicolon\\c']);
  });

  test('takes the first file that exists in one of the home directories of Windows', () => {
    const env = { HOME: 'H:\\', HOMEDRIVE: 'I:', HOMEPATH: '\\jane', USERPROFILE: 'C:\\Users\\jane' };
    expect(locateKubeconfig({ ...windows, env })).toEqual({
      files: ['H:\\.kube\\config', 'I:\\jane\\.kube\\config', 'C:\\Users\\jane\\.kube\\config'],
      explicit: false,
      firstOnly: true,
    });
  });
});
