import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SendingGateway, startSendingGateway } from '../../builders/sending-gateway.ts';

interface Upload {
  readonly upload_id: string;
  readonly kind: string;
  readonly url: string;
  readonly headers: Record<string, string>;
}

const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(2000)]);
/** Above what API Gateway takes. */
const video = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42', 'latin1'), Buffer.alloc(12 * 1024 * 1024, 7)]);

describe.each(['facebook', 'instagram'] as const)('with %s login', (login) => {
  let gateway: SendingGateway;
  beforeAll(async () => {
    gateway = await startSendingGateway(login);
  });
  afterAll(() => gateway.stop());
  beforeEach(() => gateway.forget());

  const announce = async (content_type: string, size_bytes: number) => {
    const { status, body } = await gateway.post('/api/uploads', { content_type, size_bytes });
    expect(status).toBe(200);
    return body.data as unknown as Upload;
  };
  const put = ({ url, headers }: Pick<Upload, 'url' | 'headers'>, content: Buffer) =>
    fetch(url, { method: 'PUT', headers, body: new Uint8Array(content) });
  const uploaded = async (content_type: string, content: Buffer) => {
    const upload = await announce(content_type, content.length);
    expect((await put(upload, content)).status).toBe(200);
    return upload;
  };
  const newest = () => gateway.arrived().at(-1);
  const fetched = async (attachment: unknown) => {
    const answer = await fetch((attachment as { payload: { url: string } }).payload.url);
    return {
      type: answer.headers.get('content-type'),
      isSame: (content: Buffer) => answer.arrayBuffer().then((bytes) => content.equals(Buffer.from(bytes))),
    };
  };

  test('a picture from disk is put, sent, and fetched by Meta as it was', async () => {
    const { upload_id, kind } = await uploaded('image/png', png);
    expect(kind).toBe('image');
    const { status, body } = await gateway.send({ message: { image: { upload_id } } });
    expect(body).toMatchObject({ success: true });
    expect(status).toBe(200);
    const file = await fetched(newest()?.attachments?.[0]);
    expect(file.type).toBe('image/png');
    expect(await file.isSame(png)).toBe(true);
  });

  test('a video above the limits of API Gateway and Lambda is sent behind the scenes', async () => {
    const { upload_id } = await uploaded('video/mp4', video);
    const { status, body } = await gateway.send({ message: { video: { upload_id } } });
    expect(status).toBe(202);
    await expect.poll(async () => (await gateway.sendState(body.send_id)).state).toMatch(/sent|confirmed/);
    const file = await fetched(newest()?.attachments?.[0]);
    expect(file.type).toBe('video/mp4');
    expect(await file.isSame(video)).toBe(true);
  });

  test('the address is made as the message is sent, and stays out of the store', async () => {
    gateway.meta.world.faults.set('no_echo', { probability: 1 });
    const { upload_id } = await uploaded('image/png', png);
    const { body } = await gateway.send({ message: { image: { upload_id } } });
    const stored = async () => (await gateway.stored()).find(({ id }) => id === body.data?.message_id);
    await expect
      .poll(async () => (await stored())?.attachments)
      .toEqual([{ type: 'image', raw: { upload_id } }]);
    gateway.meta.world.faults.set('no_echo', { probability: 0 });
  });

  test('uploads and addresses go together among several images', async () => {
    const { upload_id } = await uploaded('image/png', png);
    const images = [{ upload_id }, { url: 'https://shop.example/a.jpg' }];
    expect((await gateway.send({ message: { images } })).status).toBe(200);
    expect(newest()?.attachments).toHaveLength(2);
  });

  test.each([
    ['more bytes than announced', png.subarray(0, 1000), png, { 'content-type': 'image/png' }],
    ['fewer', png, png.subarray(0, 1000), { 'content-type': 'image/png' }],
    ['another type', png, png, { 'content-type': 'text/html' }],
  ])('%s are not taken', async (_what, announced, content, headers) => {
    const { url, upload_id } = await announce('image/png', announced.length);
    expect((await put({ url, headers }, content)).status).toBe(403);
    expect(await gateway.send({ message: { image: { upload_id } } })).toMatchObject({
      status: 400,
      body: { code: 'unknown_upload', details: { fields: [{ field: 'message.image.upload_id' }] } },
    });
  });

  test('a link is for one file, one thing and its time alone', async () => {
    const upload = await uploaded('image/png', png);
    const other = await announce('image/png', png.length);
    const { search } = new URL(upload.url);
    const status = async (url: string, init?: RequestInit) => (await fetch(url, init)).status;
    expect(await status(upload.url)).toBe(403);
    expect(await status(upload.url.split('?')[0] ?? '')).toBe(403);
    expect((await put({ ...upload, url: `${other.url.split('?')[0]}${search}` }, png)).status).toBe(403);
    const longer = upload.url.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=604800');
    expect((await put({ ...upload, url: longer }, png)).status).toBe(403);
    const past = upload.url.replace(/X-Amz-Date=\d{8}/, 'X-Amz-Date=20200101');
    expect((await put({ ...upload, url: past }, png)).status).toBe(403);
  });

  test('the page of the gateway may put, and no other', async () => {
    const { url } = await announce('image/png', png.length);
    const preflight = (origin: string) =>
      fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } });
    const own = await preflight(gateway.url);
    expect(own.status).toBe(200);
    expect(own.headers.get('access-control-allow-origin')).toBe(gateway.url);
    expect((await preflight('https://elsewhere.example')).status).toBe(403);
  });

  test.each([
    ['an unknown id', () => Promise.resolve('0'.repeat(32)), 'image', 'unknown_upload'],
    [
      'one that was never put',
      async () => (await announce('image/png', 9)).upload_id,
      'image',
      'unknown_upload',
    ],
    [
      'a picture as a video',
      async () => (await uploaded('image/png', png)).upload_id,
      'video',
      'wrong_upload',
    ],
    [
      'what only claims to be a PDF',
      async () => (await uploaded('application/pdf', png)).upload_id,
      'file',
      'wrong_upload',
    ],
  ])('%s is refused without asking Meta', async (_what, idOf, member, code) => {
    const message = { [member]: { upload_id: await idOf() } };
    expect(await gateway.send({ message })).toMatchObject({
      status: 400,
      body: { code, details: { fields: [{ field: `message.${member}.upload_id` }] } },
    });
    expect(gateway.asked()).toEqual([]);
  });
});

describe('what is announced', () => {
  let gateway: SendingGateway;
  beforeAll(async () => {
    gateway = await startSendingGateway('facebook');
  });
  afterAll(() => gateway.stop());

  test.each([
    ['text/html', 10, 415, 'unsupported_file_type', 'content_type'],
    ['audio/mpeg', 10, 415, 'unsupported_file_type', 'content_type'],
    ['image/png', 8 * 1024 * 1024 + 1, 413, 'file_too_large', 'size_bytes'],
    ['video/mp4', 25 * 1024 * 1024 + 1, 413, 'file_too_large', 'size_bytes'],
    ['image/png', 0, 400, 'invalid_request', 'size_bytes'],
    ['image/png', 1.5, 400, 'invalid_request', 'size_bytes'],
  ])('%s of %i bytes is %i', async (content_type, size_bytes, status, code, field) => {
    expect(await gateway.post('/api/uploads', { content_type, size_bytes })).toMatchObject({
      status,
      body: { code, details: { fields: [{ field }] } },
    });
  });

  test('without a key nothing is given out', async () => {
    const headers = { authorization: 'Bearer nobodys-key-of-some-length' };
    const body = { content_type: 'image/png', size_bytes: 10 };
    expect((await gateway.post('/api/uploads', body, headers)).status).toBe(401);
  });

  test('no link stands in a log line', () => {
    expect(gateway.lines.join('\n')).not.toContain('X-Amz-Signature');
  });
});
