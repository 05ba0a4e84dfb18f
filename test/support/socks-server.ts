import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join, type ProxyWork } from './proxy-work.ts';

/** One connection to a SOCKS5 proxy (RFC 1928, RFC 1929). */
export function serveSocks(socket: Socket, work: ProxyWork): void {
  void converse(socket, work).catch(() => socket.destroy());
}

async function converse(socket: Socket, { login: wanted, reach, record, refusal }: ProxyWork): Promise<void> {
  const read = reader(socket);
  const [, count = 0] = await read(2);
  const methods = await read(count);
  // a client that can name itself is asked to
  const method = methods.includes(2) ? 2 : wanted === undefined ? 0 : 255;
  socket.write(Buffer.from([5, method]));
  if (method === 255) record({ method: 'CONNECT', target: '', headers: {}, login: undefined });
  const login = method === 2 ? await readLogin(read) : undefined;
  if (login !== undefined) {
    const isRight = wanted === undefined || login === wanted;
    socket.write(Buffer.from([1, isRight ? 0 : 1]));
    if (!isRight) return record({ method: 'CONNECT', target: '', headers: {}, login });
  }
  const [, , , type] = await read(4);
  const host = await readHost(read, type);
  const port = (await read(2)).readUInt16BE();
  record({ method: 'CONNECT', target: `${host}:${port}`, headers: {}, login });
  if (refusal !== undefined) return void socket.end(Buffer.from([5, Number(refusal), 0, 1, 0, 0, 0, 0, 0, 0]));
  const upstream = reach(host, port);
  await once(upstream, 'connect');
  socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
  join(socket, upstream);
}

type Read = (length: number) => Promise<Buffer>;

function reader(socket: Socket): Read {
  return async (length) => {
    for (;;) {
      const bytes = length === 0 ? Buffer.alloc(0) : (socket.read(length) as Buffer | null);
      if (bytes !== null) return bytes;
      if (socket.readableEnded || socket.destroyed) throw new Error('ended');
      await once(socket, 'readable');
    }
  };
}

async function readLogin(read: Read): Promise<string> {
  const [, nameLength = 0] = await read(2);
  const name = await read(nameLength);
  const [passwordLength = 0] = await read(1);
  return `${name.toString()}:${(await read(passwordLength)).toString()}`;
}

async function readHost(read: Read, type: number | undefined): Promise<string> {
  if (type === 1) return (await read(4)).join('.');
  if (type === 4) return `[${new URL(`http://[${groups(await read(16))}]`).hostname.slice(1, -1)}]`;
  const [length = 0] = await read(1);
  return (await read(length)).toString();
}

function groups(bytes: Buffer): string {
  return Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(':');
}
