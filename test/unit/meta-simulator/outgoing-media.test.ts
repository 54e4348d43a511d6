import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkMedia, type MediaType } from '../../../infra/meta-simulator/outgoing-media.ts';
import { defaultReadings } from '../../../infra/meta-simulator/readings.ts';

const megabyte = 1024 * 1024;

/** `/{bytes}/{announced|streamed}/{content type}`; `/moved` and `/gone` as they say. */
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const [, bytes, how, ...type] = (request.url ?? '').split('/');
    if (bytes === 'moved') response.writeHead(302, { location: '/1/announced/image/png' }).end();
    else if (bytes === 'gone') response.writeHead(404).end();
    else {
      const length = how === 'announced' ? { 'content-length': bytes } : {};
      response.writeHead(200, { 'content-type': type.join('/'), ...length });
      response.end(Buffer.alloc(Number(bytes)));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

it.each<[MediaType, string]>([
  ['image', 'image/png'],
  ['image', 'image/jpeg; charset=binary'],
  ['image', 'image/gif'],
  ['audio', 'audio/x-m4a'],
  ['audio', 'audio/wav'],
  ['video', 'video/quicktime'],
  ['video', 'video/webm'],
  ['file', 'application/pdf'],
])('%s may be %s', async (type, mime) => {
  await expect(checkMedia(type, `${url}/9/announced/${mime}`, defaultReadings)).resolves.toBeUndefined();
});

it.each<[MediaType, string]>([
  ['image', 'image/webp'],
  ['audio', 'audio/ogg'],
  ['video', 'image/png'],
  ['file', 'application/zip'],
])('%s may not be %s', async (type, mime) => {
  const checked = checkMedia(type, `${url}/9/announced/${mime}`, defaultReadings);
  await expect(checked).rejects.toMatchObject({ code: 100, subcode: 2018047 });
});

it('a GIF is refused where only the table of formats counts', async () => {
  const readings = { ...defaultReadings, gifImages: 'refused' } as const;
  const checked = checkMedia('image', `${url}/9/announced/image/gif`, readings);
  await expect(checked).rejects.toMatchObject({ subcode: 2018047 });
});

it.each<[MediaType, string, number]>([
  ['image', 'image/png', 8],
  ['audio', 'audio/wav', 25],
  ['video', 'video/mp4', 25],
  ['file', 'application/pdf', 25],
])('%s has at most its bytes, announced or not', async (type, mime, megabytes) => {
  const max = megabytes * megabyte;
  for (const how of ['announced', 'streamed']) {
    await expect(checkMedia(type, `${url}/${max}/${how}/${mime}`, defaultReadings)).resolves.toBeUndefined();
    const checked = checkMedia(type, `${url}/${max + 1}/${how}/${mime}`, defaultReadings);
    await expect(checked).rejects.toMatchObject({ code: 100, subcode: 2018109 });
  }
});

it.each(['/gone', '/moved'])('%s cannot be fetched', async (path) => {
  const checked = checkMedia('image', `${url}${path}`, defaultReadings);
  await expect(checked).rejects.toMatchObject({ code: 100, subcode: 2018008 });
});

it('nor can what nobody serves, or what another host serves without TLS', async () => {
  for (const unreachable of ['http://127.0.0.1:1/a.png', 'http://files.example/a.png']) {
    const checked = checkMedia('image', unreachable, defaultReadings);
    await expect(checked).rejects.toMatchObject({ code: 100, subcode: 2018008 });
  }
});

it('another host is not asked: the extension counts, and none passes', async () => {
  await expect(
    checkMedia('image', 'https://files.example/A.PNG?x=1', defaultReadings),
  ).resolves.toBeUndefined();
  await expect(checkMedia('file', 'https://files.example/a', defaultReadings)).resolves.toBeUndefined();
  const checked = checkMedia('file', 'https://files.example/a.png', defaultReadings);
  await expect(checked).rejects.toMatchObject({ subcode: 2018047 });
});
