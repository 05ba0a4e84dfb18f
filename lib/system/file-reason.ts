const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'it is a directory',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'its path leads through a file',
  ENAMETOOLONG: 'its name is too long',
  EBUSY: 'it is in use, or a mount point',
  ETXTBSY: 'it is in use as a program',
  EXDEV: 'it is on another file system',
  ENXIO: 'it is a socket, or a device that is not there',
  EIO: 'the device reports an error',
  EMFILE: 'too many files are open',
  ELOOP: 'too many symbolic links',
};

/** Words for why the system could not read or write a file; its own message repeats the path. */
export function fileReason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : words[code]) ?? code ?? 'unknown reason';
}
