// temporary
import http2 from 'node:http2';
import type { RpcClient } from './load/session.ts';
export async function connectRpc({ host, port }: { host: string; port: number }): Promise<RpcClient> {
  const session = http2.connect(`http://${host}:${port}`);
  await new Promise<void>((resolve, reject) => {
    session.once('connect', () => resolve());
    session.once('error', reject);
  });
  session.on('error', () => {});
  return {
    close: async () => session.destroy(),
    unary(path, body, options) {
      return new Promise((resolve, reject) => {
        const headers: Record<string, string> = {
          ':method': 'POST',
          ':path': path,
          ':scheme': 'http',
          'content-type': 'application/grpc',
          te: 'trailers',
        };
        if (options?.timeoutMs) headers['grpc-timeout'] = `${options.timeoutMs}m`;
        const stream = session.request(headers);
        const chunks: Buffer[] = [];
        let status: string | undefined;
        let message = '';
        const take = (h: http2.IncomingHttpHeaders) => {
          if (h['grpc-status'] !== undefined) {
            status = String(h['grpc-status']);
            message = String(h['grpc-message'] ?? '');
          }
        };
        stream.on('response', take);
        stream.on('trailers', take);
        stream.on('data', (c: Buffer) => chunks.push(c));
        stream.on('error', reject);
        stream.on('close', () => {
          if (status === '0') {
            const all = Buffer.concat(chunks);
            resolve(new Uint8Array(all.buffer, all.byteOffset + 5, all.length - 5));
          } else
            reject(
              Object.assign(new Error(`${path}: ${status} ${decodeURIComponent(message)}`), { code: Number(status) }),
            );
        });
        const frame = Buffer.allocUnsafe(5 + body.length);
        frame[0] = 0;
        frame.writeUInt32BE(body.length, 1);
        frame.set(body, 5);
        stream.end(frame);
      });
    },
  };
}
